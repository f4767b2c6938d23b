"""Process instances: every way into a process ends here, in a start, a move or an end."""

from engine.instances.ending import cancel
from engine.instances.moving import ask, move, set_data
from engine.instances.standing import data_of, lock, log, look, require_in_use, require_running
from engine.instances.starting import start, try_again

__all__ = [
    "ask",
    "cancel",
    "data_of",
    "lock",
    "log",
    "look",
    "move",
    "require_in_use",
    "require_running",
    "set_data",
    "start",
    "try_again",
]

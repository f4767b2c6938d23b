"""Replay: what was so at a moment, rebuilt from the entries of the audit log alone."""

from engine.replay.folding import fold, folded_to, has_moved
from engine.replay.present import differences, present
from engine.replay.reading import entries_until
from engine.replay.stand import FigureThen, InstanceThen, OrderThen, ShareThen, Stand, TaskThen

__all__ = [
    "FigureThen",
    "InstanceThen",
    "OrderThen",
    "ShareThen",
    "Stand",
    "TaskThen",
    "differences",
    "entries_until",
    "fold",
    "folded_to",
    "has_moved",
    "present",
]

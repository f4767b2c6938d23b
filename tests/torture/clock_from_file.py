"""A start-up module: the machine's clock differs by the seconds that stand in a file, from one moment to the next."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from engine.clock import Clock
from tests.torture.trial import replace

_file = Path(os.environ["TORTURE_CLOCK"])


def now(clock: Clock) -> datetime:
    """Return the instant the jumping clock shows."""
    jumped = float(_file.read_text("ascii") or 0) if _file.exists() else 0.0
    at: datetime = original(clock)
    return at + timedelta(seconds=jumped)


original = replace(Clock, "now", now)

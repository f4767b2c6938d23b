"""Answers "done" before the commit: what the client holds as done can be undone by a kill."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from engine import jobs
from engine.jobs import sweeping
from tests.torture import acts
from tests.torture.trial import replace

original = jobs.committing
_told = threading.local()


@contextmanager
def late(database: Any, clock: Any) -> Iterator[Any]:
    """Leave the commit for later: the transaction ends when the next one begins."""
    if hasattr(_told, "open"):
        time.sleep(0.05)  # so that a kill has room in between
        _told.open.__exit__(None, None, None)
        del _told.open
    context = original(database, clock)
    yield context.__enter__()
    _told.open = context


replace(acts, "committing", late)
replace(jobs, "committing", late)
replace(sweeping, "committing", late)

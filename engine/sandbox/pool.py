"""The worker processes of this process of ours, and what one of them may use."""

import atexit
import os
import threading
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Final

from pydantic_monty import Monty, MontySession

# In total a move, while the embedded database's write lock is held. On a busy machine 0.1 s of wall time made honest
# scripts fail; a worker that stands in the queue of the processors has not computed yet.
MAX_SECONDS: Final = 0.5
MAX_MEMORY: Final = 64_000_000

_lock = threading.Lock()
_owned: tuple[int, Monty] | None = None


def _pool() -> Monty:
    """Return this process's pool, started at first use.

    A child forked after that cannot have one: the library's threads do not survive a fork and it would hang for ever
    (seen in 1.4.0). It is told so instead. Fork first, evaluate later.
    """
    global _owned
    with _lock:
        if _owned is not None and _owned[0] != os.getpid():
            raise RuntimeError("the sandbox was in use before this process was forked")
        if _owned is None:
            pool = Monty(
                min_processes=1,
                max_processes=max(2, min(4, os.cpu_count() or 2)),
                checkout_timeout=5.0,
                request_timeout=2.0,
                max_checkouts_per_worker=10_000,
            )
            pool.__enter__()
            _owned = (os.getpid(), pool)
        return _owned[1]


def checkout(*, now: datetime, seconds: float) -> AbstractContextManager[MontySession]:
    """Return a session with a worker that lives at an instant and computes for so many seconds at most."""
    return _pool().checkout(
        limits={
            "max_feed_duration_secs": max(seconds, 0.001),
            "max_turn_duration_secs": max(seconds, 0.001),
            "max_memory": MAX_MEMORY,
            "max_recursion_depth": 100,
            "max_suspensions": 0,
        },
        os_policy={
            "datetime": now,
            "timezone": "Asia/Ho_Chi_Minh",
            "sleep": "zero",
            "random_start": {"seed": 0},
        },
    )


def close() -> None:
    """Stop the workers of this process; the next evaluation starts new ones."""
    global _owned
    with _lock:
        if _owned is not None and _owned[0] == os.getpid():
            _owned[1].__exit__(None, None, None)
            _owned = None


atexit.register(close)

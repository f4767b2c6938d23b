"""Work on files from outside in a process of its own, which may use so much time and memory and dies of more."""

import multiprocessing
import os
import resource
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TypeVar

T = TypeVar("T")
MEMORY = 512 * 1024 * 1024


def bounded(act: Callable[[], T], *, seconds: int, memory: int = MEMORY) -> T | None:
    """Return what `act` returns, or None where it took more than it may; seconds are of CPU, memory is in bytes."""
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe(duplex=False)
    worker = fork.Process(target=_run, args=(act, seconds, memory, there), daemon=False)
    worker.start()
    there.close()
    try:
        answer: T = here.recv()
    except EOFError:
        return None
    finally:
        here.close()
        worker.join()
    return answer


def _run(act: Callable[[], T], seconds: int, memory: int, answer: Connection) -> None:
    # Nothing of what a file does to the worker is shown to people: the parent says that it was too costly.
    os.close(2)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        answer.send(act())
    except MemoryError:
        os._exit(1)

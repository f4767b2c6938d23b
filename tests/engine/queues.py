"""The queue of the job engine as the product starts it: aside, in a thread without an event loop."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from engine import jobs

T = TypeVar("T")


class Queue(jobs.Queue):
    """Starts and stops in a thread: a browser of the tests leaves an event loop behind in this one."""

    def start(self) -> None:
        """Start the job engine."""
        _aside(super().start)

    def stop(self, *, patience: int) -> bool:
        """Finish what runs and leave the rest in the queue."""
        return _aside(partial(super().stop, patience=patience))


def _aside(act: Callable[[], T]) -> T:
    with ThreadPoolExecutor(1) as others:
        return others.submit(act).result()

"""Forks children that work with the product, and kills them: the parent itself never evaluates an expression.

A process forked after the sandbox was used cannot evaluate, so every act happens in a child of its own.
"""

import ctypes
import os
import pickle
import select
import signal
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, TypeVar

import psutil

from tests.torture.trial import plant

T = TypeVar("T")
PATIENCE = 300.0
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG, prctl(2)
# The pipe to the parent of this process: its own children must not hold it open.
_to_parent: int | None = None


class Broken(Exception):
    """A child ended in a way nobody planned; the text is its traceback, or the signal it died of."""


class Child:
    """A forked process that runs one function, with what it returned or said before it died."""

    def __init__(self, function: Callable[..., Any], *arguments: Any, fault: str | None = None) -> None:
        self._read, write = os.pipe()
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._read)
            if _to_parent is not None:
                os.close(_to_parent)
            _run(parent, write, fault, function, arguments)
        os.close(write)
        self.status: int | None = None
        self._said = b""

    def fileno(self) -> int:
        """Return what can be read when it has come to its end."""
        return self._read

    def kill(self) -> None:
        """Kill -9; harmless when it has come to its end."""
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)  # not yet waited for: the number is still its own

    def end(self) -> None:
        """Kill -9 it and all it has begun, and forget what it had to say."""
        if self.status is None:
            family = psutil.Process(self.pid).children(recursive=True)
            self.kill()
            for one in family:
                with suppress(psutil.NoSuchProcess):
                    one.kill()
            self._reap()

    def wait(self, *, patience: float = PATIENCE) -> bytes:
        """Wait for its end and return what it wrote; one that takes too long is killed, and that is a failure."""
        if self.status is not None:
            return self._said
        until, parts = time.monotonic() + patience, []
        while True:
            ready, _, _ = select.select([self._read], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                self.end()
                raise Broken(f"a child took more than {patience:.0f} s")
            part = os.read(self._read, 1 << 20)
            if not part:
                break
            parts.append(part)
        self._reap()
        self._said = b"".join(parts)
        return self._said

    def result(self, *, patience: float = PATIENCE) -> Any:
        """Return what its function returned; Broken where it raised or died."""
        said = self.wait(patience=patience)
        if not said:
            raise Broken(f"a child died of signal {self.signal}")
        done, value = pickle.loads(said)
        if not done:
            raise Broken(value)
        return value

    @property
    def signal(self) -> int | None:
        """Return the signal it died of."""
        return os.WTERMSIG(self.status) if self.status is not None and os.WIFSIGNALED(self.status) else None

    def _reap(self) -> None:
        if self.status is None:
            os.close(self._read)
            _, self.status = os.waitpid(self.pid, 0)


def _run(parent: int, write: int, fault: str | None, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Run the function in the child and never come back."""
    global _to_parent
    _to_parent = write
    try:
        # One that waits for a parent that was ended would wait for ever, and hold what both write to.
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != parent:
            return  # ended before this was said
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        try:
            plant(fault)
            said = pickle.dumps((True, function(*arguments)))
        except BaseException:
            said = pickle.dumps((False, traceback.format_exc()))
        with os.fdopen(write, "wb") as pipe:
            pipe.write(said)
    finally:
        # Whatever happens: its stack is a copy of the parent's, and what that does at its end is not the child's to do.
        os._exit(0)


def in_child(function: Callable[..., T], *arguments: Any, fault: str | None = None, patience: float = PATIENCE) -> T:
    """Run a function in a child of its own and return what it returned."""
    child = Child(function, *arguments, fault=fault)
    try:
        result: T = child.result(patience=patience)
        return result
    finally:
        child.end()


def abreast(
    function: Callable[..., T], tasks: Iterable[tuple[Any, ...]], *, width: int, over: Callable[[], bool] = bool
) -> Iterator[T]:
    """Run a function on each task in children, several at a time, and give the results in order."""
    running: deque[Child] = deque()
    try:
        for task in tasks:
            if over():
                break
            running.append(Child(function, *task))
            if len(running) == width:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
    finally:
        for child in running:
            child.end()

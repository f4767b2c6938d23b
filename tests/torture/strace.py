"""Lets strace break the system calls of a child: killed at one, refused one, or written down."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.torture.trial import NotRun

STRACE = shutil.which("strace")
_PATIENCE = 20.0


def require() -> str:
    """Return strace; NotRun where there is none, or where it may not trace."""
    if STRACE is None:
        raise NotRun("strace is not installed")
    if subprocess.run([STRACE, "-qq", "-o", os.devnull, "true"], capture_output=True).returncode != 0:
        raise NotRun("strace may not trace here (ptrace is forbidden)")
    return STRACE


@contextmanager
def traced(pid: int, options: Sequence[str], *, output: Path | str = os.devnull) -> Iterator[None]:
    """Trace one thread of a process from now on until its end; the process waits until it is let go."""
    tracer = subprocess.Popen(
        [STRACE or "strace", "-qq", "-o", str(output), *options, "-p", str(pid)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        _until_traced(pid, tracer)
        yield
        tracer.wait(_PATIENCE)
    finally:
        if tracer.poll() is None:
            tracer.send_signal(signal.SIGTERM)
            tracer.wait(_PATIENCE)
        if tracer.stderr is not None:
            tracer.stderr.close()


def _until_traced(pid: int, tracer: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _PATIENCE
    status = Path(f"/proc/{pid}/status")
    while "TracerPid:\t0\n" in status.read_text("ascii"):
        if tracer.poll() is not None or time.monotonic() > until:
            raise NotRun("strace could not attach to a child")
        time.sleep(0.002)


class Gate:
    """Holds a child back until it is traced."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()

    def wait(self) -> None:
        """In the child: wait until the gate is opened."""
        os.read(self._read, 1)

    def open(self) -> None:
        """In the parent: let the child go."""
        os.write(self._write, b"!")
        os.close(self._read)
        os.close(self._write)

"""Whether this process can do its work now: writing, schema, disk, library, settings, clock, what is late."""

import contextlib
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from engine import audit, backlog
from engine.audit import checkpoints
from engine.clock import begin
from models import migrations
from models.audit import AuditEntry
from models.database import Database
from webapp.runtime import Runtime

SLOWEST_WRITE: Final = 0.2
LEAST_DISK: Final = 0.10
LONGEST_LAG: Final = timedelta(seconds=60)
LARGEST_SKEW: Final = timedelta(seconds=5)
# Seconds for which an answer is given again: whoever asks all the time must not keep others from writing.
KEPT: Final = 1.0
PATIENCE: Final = 5.0


class Readiness:
    """Answers for one application, from what it found at most a second ago."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._lock = threading.Lock()
        self._looking: threading.Thread | None = None
        self._found: tuple[float, dict[str, str]] | None = None

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by its name; nothing where all is well."""
        if self.runtime.stopping.is_set():
            return {"stopping": "told to stop"}
        with self._lock:
            if self._found is not None and time.monotonic() - self._found[0] < KEPT:
                return self._found[1]
            if self._looking is None or not self._looking.is_alive():
                self._looking = threading.Thread(target=self._look, name="lienthong-readiness", daemon=True)
                self._looking.start()
            looking = self._looking
        # A thread of its own: a lock that is never released must not take the threads of the requests with it.
        looking.join(PATIENCE)
        if looking.is_alive():
            return {"examination": f"it has not come to its end in {PATIENCE:.0f} s"}
        return self._found[1] if self._found is not None else {"examination": "it failed"}

    def _look(self) -> None:
        found = dict(examine(self.runtime))
        self._found = (time.monotonic(), found)


def examine(runtime: Runtime) -> Iterator[tuple[str, str]]:
    """Try everything that has to work; nothing is changed."""
    for name, check in CHECKS.items():
        try:
            if said := check(runtime):
                yield name, said
        except Exception as error:  # whatever it is, it is the answer
            yield name, f"failed: {type(error).__name__}"


def written(runtime: Runtime) -> str | None:
    """Take the write lock and undo, and write a synced file: an answer about writing that leaves nothing."""
    began = time.perf_counter()
    with runtime.database.write() as session:
        audit.try_to_write(session)
        session.rollback()
    sync(runtime.settings.home)
    taken = time.perf_counter() - began
    return f"it took {taken * 1000:.0f} ms" if taken > SLOWEST_WRITE else None


def sync(folder: Path) -> float:
    """Write and sync a small file in a folder; return how many seconds the sync took."""
    descriptor, name = tempfile.mkstemp(prefix=".probe-", dir=folder)
    try:
        os.write(descriptor, b"probe")
        began = time.perf_counter()
        os.fsync(descriptor)
        return time.perf_counter() - began
    finally:
        os.close(descriptor)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)


def migrated(runtime: Runtime) -> str | None:
    """Compare the form of the database with the one this code knows."""
    return None if migrations.is_current(runtime.database) else "of another release: run `lienthong migrate`"


def roomy(runtime: Runtime) -> str | None:
    """Look for room on the disk of the home."""
    free = free_share(runtime.settings.home)
    return None if free > LEAST_DISK else f"{free:.0%} free"


def free_share(folder: Path) -> float:
    """Return which share of the disk that holds a folder is free."""
    usage = shutil.disk_usage(folder)
    return usage.free / usage.total


def reliable(runtime: Runtime) -> str | None:
    """Look at the version of the database."""
    version, is_reliable = runtime.database.library()
    return None if is_reliable else version


def in_force(runtime: Runtime) -> str | None:
    """Look at the settings the connections really have."""
    wrong = [f"{one.connection} {one.name}={one.value}" for one in runtime.database.in_force() if not one.is_right]
    return ", ".join(wrong) or None


def on_time(runtime: Runtime) -> str | None:
    """Look for a clock that stands before what has happened, or is not the database's."""
    with runtime.database.read() as session:
        last = session.scalar(select(AuditEntry.at).order_by(AuditEntry.seq.desc()).limit(1))
    if last is not None and last > runtime.clock.now() + LARGEST_SKEW:
        return "it stands before the newest entry of the audit log"
    skew = server_skew(runtime.database)
    return f"the database's differs by {skew.total_seconds():.0f} s" if abs(skew) > LARGEST_SKEW else None


def server_skew(database: Database) -> timedelta:
    """Return by how much the clock of a database server differs from ours; nothing for an embedded one."""
    if database.is_sqlite:
        return timedelta()
    with database.read() as session:
        theirs: datetime | None = session.scalar(select(func.clock_timestamp()))
    return theirs - datetime.now(UTC) if theirs is not None else timedelta()


def delivered(runtime: Runtime) -> str | None:
    """Look for work behind the requests that nobody does."""
    if runtime.jobs is not None and not runtime.jobs.is_alive():
        return "the sweep has not come round for 30 s"
    at = runtime.clock.now()
    with runtime.database.read() as session:
        queues = backlog.queues(begin(session, runtime.clock))
    late = {name: queues[name].age(at) for name in backlog.OURS}
    words = [f"{name} {age:.0f} s" for name, age in late.items() if age > LONGEST_LAG.total_seconds()]
    return ", ".join(words) or None


def signed(runtime: Runtime) -> str | None:
    """Look for entries of the log that wait too long for a checkpoint: till then nothing outside protects them."""
    with runtime.database.read() as session:
        waited = checkpoints.waiting(begin(session, runtime.clock))
    return f"entries have been waiting for {duration(waited)}" if waited > checkpoints.LATE else None


def duration(lasted: timedelta) -> str:
    """Say how long something took, in the unit that fits."""
    minutes = lasted // timedelta(minutes=1)
    hours = minutes // 60
    return f"{minutes} min" if hours < 2 else f"{hours} h" if hours < 48 else f"{hours // 24} d"


CHECKS: Final[dict[str, Callable[[Runtime], str | None]]] = {
    "write": written,
    "schema": migrated,
    "disk": roomy,
    "library": reliable,
    "settings": in_force,
    "clock": on_time,
    "delivery": delivered,
    "checkpoint": signed,
}

"""P8: a clock that jumps, in whatever zone, loses and doubles no timer and does not disturb the order of the log."""

import os
import random
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import func, select

from engine import jobs, tasks, timers
from engine.audit import Fact
from engine.clock import ManualClock, begin
from engine.jobs import committing
from models.audit import AuditEntry
from models.database import Database
from models.tasks import Task
from models.timers import Timer
from tests.torture.acts import invariants
from tests.torture.children import abreast, in_child
from tests.torture.p05_timers import hundreds
from tests.torture.scenery import Scenery
from tests.torture.server import Forked
from tests.torture.trial import Run, Trial, Violations
from tests.torture.warm import opened

PROMISE: Final = "P8"
TITLE: Final = "a clock that jumps loses and doubles nothing"
SHARE: Final = 2.0
FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "log read in the order of its times": "tests.torture.faults.order_by_time",
        "times kept as the machine's local ones": "tests.torture.faults.local_time",
    }
)
JUMPS: Final = (
    timedelta(hours=1), -timedelta(hours=1), timedelta(days=365), -timedelta(days=365), timedelta(seconds=-0.5),
    timedelta(minutes=7), timedelta(minutes=20), timedelta(),
)  # fmt: skip
ZONES: Final = ("UTC", "Asia/Ho_Chi_Minh", "America/Los_Angeles", "Pacific/Kiritimati")
STEPS: Final = 20
PATIENCE: Final = 20.0


def trials(run: Run) -> Iterator[Trial]:
    """Jump between acts and sweeps; then let the clock of the real server jump."""
    scenery, chance = run.scene(setup=hundreds), run.random
    worlds = ((scenery, run.place(), chance.randrange(1 << 30), run.fault) for _ in range(run.amount(2, 40)))
    for folder, trial in abreast(_jumping, worlds, width=1 if run.quick else 2, over=run.over_after(0.5)):
        yield run.leave(folder, trial)
    if run.fault is None and not run.quick:
        served = ((scenery, run.place(), chance.randrange(1 << 30)) for _ in range(20))
        for folder, trial in abreast(_served, served, width=2, over=lambda: run.is_over):
            yield run.leave(folder, trial)


def _jumping(scenery: Scenery, folder: Path, seed: int, fault: str | None) -> tuple[Path, Trial]:
    with scenery.copied(folder) as url:
        violations = in_child(_jumped, url, scenery, seed, fault=fault)
    return folder, Trial(f"clock {seed}", violations, STEPS)


def _in_zone(zone: str) -> None:
    os.environ["TZ"] = zone
    time.tzset()


def _jumped(url: str, scenery: Scenery, seed: int) -> Violations:
    chance, clock = random.Random(seed), scenery.clock
    _in_zone("UTC")
    with opened(url) as database:
        with database.read() as session:
            # As they were written, in this zone.
            due = dict(tuple(row) for row in session.execute(select(Timer.id, Timer.due_at)))
        found: list[str] = []
        done: list[tuple[str, str]] = []
        for _ in range(STEPS):
            clock.at += chance.choice(JUMPS)
            _in_zone(chance.choice(ZONES))
            found += _fire(database, clock, due, chance)
            done += _act(database, scenery, clock, chance)
        clock.at = datetime(2030, 1, 1, tzinfo=UTC)
        _in_zone("UTC")
        jobs.drain(database, clock)
        found += [*_once_each(database, due), *_in_order(database, done), *invariants(database, clock)]
    return tuple(found)


def _fire(database: Database, clock: ManualClock, due: Mapping[str, datetime], chance: random.Random) -> Iterator[str]:
    """Sweep, and sometimes let the clock jump back between the finding of a timer and its firing."""
    with database.read() as session:
        found = timers.due(begin(session, clock), 10)
    before = clock.at
    clock.at -= chance.choice((timedelta(), timedelta(), timedelta(days=365)))
    for key in found:
        with committing(database, clock) as session:
            timers.fire(session, key)
    with database.read() as session:
        fired = set(session.scalars(select(Timer.id).where(Timer.id.in_(found), Timer.fired_at.is_not(None))))
    yield from (f"timer {key} fired {due[key] - clock.at} early" for key in fired if due[key] > clock.at)
    late = {key for key in found if due[key] <= clock.at} - fired
    yield from (f"timer {key} was due and did not fire" for key in late)
    clock.at = before


def _act(database: Database, scenery: Scenery, clock: ManualClock, chance: random.Random) -> list[tuple[str, str]]:
    """Let somebody claim, release or complete what waits; return what was done, to which."""
    actor = scenery.actors["thietke"]
    with committing(database, clock) as session:
        open_ = session.scalars(select(Task).where(Task.element == "then", Task.state == "open")).all()
        if not open_:
            return []
        task = chance.choice(open_)
        if task.holder_id is None:
            tasks.claim(session, task, actor=actor)
            return [(task.id, Fact.TASK_CLAIMED)]
        if chance.random() < 0.7:
            tasks.release(session, task, actor=actor)
            return [(task.id, Fact.TASK_RELEASED)]
        tasks.complete(session, task, actor=actor, answers={})
        return [(task.id, Fact.TASK_COMPLETED)]


def _once_each(database: Database, due: Mapping[str, datetime]) -> Iterator[str]:
    with database.read() as session:
        told = select(AuditEntry.subject_id, func.count()).where(AuditEntry.fact == Fact.TIMER_FIRED)
        entries = dict(tuple(row) for row in session.execute(told.group_by(AuditEntry.subject_id)))
    yield from (f"timer {key} fired {entries.get(key, 0)} times" for key in due if entries.get(key) != 1)


def _in_order(database: Database, done: list[tuple[str, str]]) -> Iterator[str]:
    """Hold what the log tells of each task against the order in which it was done."""
    with database.read() as session:
        for task in {task for task, _ in done}:
            told = [entry.fact for entry in session.scalars(AuditEntry.of(task))]
            was = [fact for one, fact in done if one == task]
            if told != was:
                yield f"the log tells of task {task}: {told}, and it was {was}"


def _served(scenery: Scenery, folder: Path, seed: int) -> tuple[Path, Trial]:
    """Let the clock of the real server jump over the instant at which all timers are due, and back."""
    chance, offset = random.Random(seed), folder / "offset"
    with scenery.copied(folder) as url:
        zone = chance.choice(ZONES)
        given: dict[str, Any] = {"TZ": zone, "TORTURE_CLOCK": str(offset)}
        server = Forked(folder, url, "tests.torture.clock_from_file", given)
        server.start()
        try:
            jumps = chance.sample((-365 * 86400, -3600, 3600 * 2, 365 * 86400), 4)
            for jump in jumps:
                offset.write_text(str(jump), encoding="ascii")
                time.sleep(chance.uniform(0.2, 1.5))
            offset.write_text(str(400 * 86400), encoding="ascii")
            until = time.monotonic() + PATIENCE
            while in_child(_waiting, url) and time.monotonic() < until:
                time.sleep(0.5)
        finally:
            server.kill()
        violations = in_child(_fired_once, url, scenery)
    return folder, Trial(f"server in {zone}", violations, facts={"jumps": jumps})


def _waiting(url: str) -> int:
    with opened(url) as database, database.read() as session:
        return session.scalar(select(func.count()).select_from(Timer).where(Timer.is_pending())) or 0


def _fired_once(url: str, scenery: Scenery) -> Violations:
    with opened(url) as database:
        with database.read() as session:
            due = dict(tuple(row) for row in session.execute(select(Timer.id, Timer.due_at)))
        return (*_once_each(database, due), *invariants(database, scenery.clock))

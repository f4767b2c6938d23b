"""P5: a timer fires once with any number of nodes, not early, at most a poll and a second late, whoever dies."""

import os
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import func, select, update

from engine import chores, definitions, instances, jobs, timers
from engine.audit import Fact
from engine.clock import Clock, ManualClock, begin
from engine.jobs import Jobs, committing
from engine.retry import again
from models.audit import AuditEntry
from models.database import Database
from models.errors import Conflict, ProcessStuck, Rejected
from models.tasks import Task
from models.timers import Timer
from tests import world as worlds
from tests.engine.diagrams import bundle, catch, chain, end, process, start, timer, user
from tests.play import Story
from tests.torture.acts import as_it_was, invariants
from tests.torture.children import Child, in_child
from tests.torture.scenery import Scenery
from tests.torture.trial import Run, Trial, Violations
from tests.torture.warm import opened

PROMISE: Final = "P5"
TITLE: Final = "a timer fires once, with four claimers of whom one dies"
SHARE: Final = 4.0
FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "claimed by looking and then writing": "tests.torture.faults.naive_claim",
        "claim committed before its effect": "tests.torture.faults.claim_first",
    }
)
CLAIMERS: Final = 4
LATEST: Final = timedelta(seconds=1.2 * jobs.EVERY + 1.0)
PUNCTUAL: Final = 20


def trials(run: Run) -> Iterator[Trial]:
    """Release claimers together at timers that are all due, and kill one of them; then look how late one alone is."""
    many = run.amount(60, 2000)
    scenery = run.scene(setup=_two_thousand if many > 300 else hundreds)
    chance, lasts = run.random, 1.0
    for number in range(run.amount(3, 10)):
        if run.is_over:
            return
        folder, after = run.place(), chance.uniform(0.0, lasts) if number else None
        began = time.monotonic()
        yield run.leave(folder, in_child(_claimed, scenery, folder, after, run.fault))
        lasts = min(lasts, time.monotonic() - began) if number else max(0.1, time.monotonic() - began - 0.3)
    if run.fault is None:
        folder = run.place()
        yield run.leave(folder, in_child(_punctual, scenery, folder))


def waits() -> dict[str, bytes]:
    """Return a process that waits an hour, then for a person."""
    pause = catch("pause", timer("PT1H"))
    return bundle(process(start(), pause, user("then"), end(), chain("start", "pause", "then", "end")))


def _with_timers(story: Story, *, count: int) -> dict[str, Any]:
    actor = story.actor("thietke")
    with story.doing() as session:
        definition = definitions.deploy(session, waits(), actor=actor)[0]
    for _ in range(count // 20):
        with story.doing() as session:
            for _ in range(20):
                instances.start(session, definition, actor=actor)
    return as_it_was(story)


def hundreds(story: Story) -> dict[str, Any]:
    """Start instances whose timers are due in an hour."""
    return _with_timers(story, count=60)


def _two_thousand(story: Story) -> dict[str, Any]:
    return _with_timers(story, count=2000)


def _claimed(scenery: Scenery, folder: Path, after: float | None, fault: str | None) -> Trial:
    clock = ManualClock(at=worlds.NOW + timedelta(hours=2))
    read, write = os.pipe()
    with scenery.copied(folder) as url:
        claimers = [Child(_claim, url, clock, (read, write), fault=fault) for _ in range(CLAIMERS)]
        os.close(read)
        os.close(write)  # the last one who holds the gate: now all go at once
        if after is not None:
            time.sleep(after)
            claimers[0].kill()
        tried = [claimer.wait() and claimer.result() for claimer in claimers]
        broke = [one for one in tried if isinstance(one, str)]
        count, violations = in_child(_look, url, clock)
    said = {"timers": count, "claims tried": [one for one in tried if one], "killed": after}
    return Trial(f"{CLAIMERS} claimers", (*broke, *violations), count, said)


def _claim(url: str, clock: Clock, gate: tuple[int, int]) -> int | str:
    with opened(url) as database:
        with database.read():
            pass
        os.close(gate[1])
        os.read(gate[0], 1)
        try:
            return _fire_all(database, clock)
        except ProcessStuck as stuck:
            return f"a claimer moved what does not wait: {stuck}"
        except Rejected as refusal:
            return f"a claimer was refused: {refusal}"


def _fire_all(database: Database, clock: Clock) -> int:
    """Fire what is due as the sweep does, until nothing is; return how many were tried."""
    tried, failed = 0, chores.Failures()
    while True:
        with database.read() as session:
            due = timers.due(begin(session, clock), jobs.BATCH + failed.count)
        if not due or tried > 20_000:
            return tried
        for key in due:
            tried += 1
            act = partial(jobs.sweeping._once, database, clock, partial(jobs.sweeping._do_one, do=timers.fire, key=key))
            try:
                again(act)
            except Conflict:
                continue  # left to whoever was first, or to the next round


def _look(url: str, clock: Clock) -> tuple[int, Violations]:
    """Let a last sweep do what the killed one left, and count effects, not claims."""
    with opened(url) as database:
        _fire_all(database, clock)
        found = [*effects(database), *invariants(database, clock)]
        with database.read() as session:
            count = session.scalar(select(func.count()).select_from(Timer)) or 0
    return count, tuple(found)


def effects(database: Database) -> Iterator[str]:
    """Hold each timer of `waits` against what came of it: fired once, moved its instance once, not early."""
    with database.read() as session:
        told = select(AuditEntry.subject_id, func.count()).where(AuditEntry.fact == Fact.TIMER_FIRED)
        entries = dict(tuple(row) for row in session.execute(told.group_by(AuditEntry.subject_id)))
        after = select(Task.instance_id, func.count()).where(Task.element == "then").group_by(Task.instance_id)
        tasks = dict(tuple(row) for row in session.execute(after))
        for one in session.scalars(select(Timer).where(Timer.element == "pause")):
            if (entries.get(one.id), tasks.get(one.instance_id)) != (1, 1) or one.fired_at is None:
                fired, moved = entries.get(one.id, 0), tasks.get(one.instance_id, 0)
                yield f"timer {one.id} fired {fired} times, its instance moved {moved} times"
            elif one.fired_at < one.due_at:
                yield f"timer {one.id} fired {one.due_at - one.fired_at} early"


def _punctual(scenery: Scenery, folder: Path) -> Trial:
    """Let the real thread of the jobs sweep by the machine's clock, timers falling due one after the other."""
    clock = Clock(worlds.NOW + timedelta(hours=1) - Clock().now())
    with scenery.copied(folder) as url, opened(url) as database:
        with committing(database, clock) as session:
            chosen = session.scalars(select(Timer).order_by(Timer.id).limit(PUNCTUAL)).all()
            session.execute(update(Timer).values(due_at=worlds.NOW + timedelta(days=365)))
            for number, one in enumerate(chosen, start=1):
                one.due_at = clock.now() + timedelta(seconds=number / 10)
        work = Jobs(database, clock, queue=False)
        work.start()
        time.sleep(PUNCTUAL / 10 + LATEST.total_seconds())
        work.stop()
        with database.read() as session:
            rows = session.scalars(select(Timer).where(Timer.id.in_([one.id for one in chosen]))).all()
            late = [one.fired_at - one.due_at if one.fired_at else None for one in rows]
    wrong = tuple(f"a timer was {one} late" for one in late if one is None or not timedelta() <= one <= LATEST)
    longest = max((one.total_seconds() for one in late if one is not None), default=None)
    return Trial("punctual", wrong, PUNCTUAL, {"latest, seconds": longest})

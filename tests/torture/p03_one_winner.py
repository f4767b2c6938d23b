"""P3: of several people who act on one thing at once exactly one wins, and the others learn who and when."""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench.diagrams import ANSWERS, LOOP
from engine import definitions, idempotency, instances, jobs, tasks
from engine.clock import Clock
from engine.idempotency import Answer
from engine.retry import again
from models.audit import AuditEntry
from models.database import Database
from models.errors import Rejected
from models.permissions import Actor
from models.tasks import Submission, Task
from tests.play import Story
from tests.torture.acts import as_it_was, invariants
from tests.torture.children import abreast, in_child
from tests.torture.p03_interleavings import PAIR, interleavings
from tests.torture.scenery import Scenery
from tests.torture.trial import Run, Trial, batches
from tests.torture.warm import opened

PROMISE: Final = "P3"
TITLE: Final = "of several who act at once one wins"
SHARE: Final = 1.5
FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "no lock and no version": "tests.torture.faults.no_lock",
        "key of the request dropped": "tests.torture.faults.key_dropped",
        "key stored in a second transaction": "tests.torture.faults.key_apart",
    }
)
BATCH: Final = 25
CLIENTS: Final = 4
CROWD: Final = 50


def trials(run: Run) -> Iterator[Trial]:
    """Race four people, then fifty, at one task; then let one begin while another one holds its transaction open."""
    if run.fault is None:
        yield from interleavings(run)
    scenery = run.scene(setup=loop)
    width = 1 if run.quick else 2
    sizes = [(size, CLIENTS) for size in batches(run.amount(50, 1500), BATCH)]
    sizes += [(size, CROWD) for size in batches(run.amount(2, 50), 10)]
    tasks_ = ((scenery, run.place(), *size, run.fault) for size in sizes)
    for folder, trial in abreast(_batch, tasks_, width=width, over=lambda: run.is_over):
        yield run.leave(folder, trial)


def loop(story: Story) -> dict[str, Any]:
    """Start an instance of work that is drafted, reviewed and returned for ever."""
    with story.doing() as session:
        # As a step of a role: of a step without one its starter is the only candidate.
        roles = {
            name: content.replace(b"<bpmn:userTask ", b'<bpmn:userTask lt:role="lead" ')
            for name, content in LOOP.items()
        }
        definition = definitions.deploy(session, roles, actor=story.actor("quantri"))[0]
        started = instances.start(session, definition, actor=story.actor("phunu"))
    return {**as_it_was(story), "instance": started.id}


# The races


@dataclass
class Outcome:
    """What each of those who raced was answered."""

    won: list[str] = field(default_factory=list)
    refused: list[Rejected] = field(default_factory=list)
    broke: list[str] = field(default_factory=list)


def race(acts: list[Callable[[], str]]) -> Outcome:
    """Release all acts at one moment and wait for all."""
    start, outcome = threading.Barrier(len(acts)), Outcome()

    def run(act: Callable[[], str]) -> None:
        start.wait()
        try:
            outcome.won.append(act())
        except Rejected as refusal:
            outcome.refused.append(refusal)
        except Exception as error:
            outcome.broke.append(f"{type(error).__name__}: {error}")

    threads = [threading.Thread(target=run, args=(act,), daemon=True) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if any(thread.is_alive() for thread in threads):
        outcome.broke.append("somebody never came back")
    return outcome


def _batch(scenery: Scenery, folder: Path, count: int, clients: int, fault: str | None) -> tuple[Path, Trial]:
    with scenery.copied(folder) as url:
        violations = in_child(_races, url, scenery, count, clients, fault=fault)
    return folder, Trial(f"{clients} at once", violations, count)


def _races(url: str, scenery: Scenery, count: int, clients: int) -> tuple[str, ...]:
    found: list[str] = []
    with opened(url) as database:
        for number in range(count):
            task = _open(database, scenery.said["instance"])
            if task is None:
                found.append(f"before race {number} there is not one open task")
                break
            kind = (_claims, _completions, _repeats)[number % 3]
            said = kind(database, scenery, task, clients, number)
            found += [f"{kind.__name__[1:]} {number}: {one}" for one in said]
        found += invariants(database, scenery.clock)
    return tuple(found)


def _open(database: Database, instance: str) -> Task | None:
    with database.read() as session:
        found = session.scalars(select(Task).where(Task.instance_id == instance, Task.state == "open")).all()
    return found[0] if len(found) == 1 else None


def act(
    database: Database, clock: Clock, actor: Actor, key: str, verb: Callable[[Session, Task], Any], task: str
) -> Callable[[], str]:
    """Make an act under a key as the doors make it; it returns its answer."""

    def once() -> str:
        with jobs.committing(database, clock) as session:
            known = idempotency.recall(session, actor, key, "0" * 64)
            if known is not None:
                return known.body or ""
            verb(session, session.get_one(Task, task))
            answer = f"{task} by {key}"
            idempotency.remember(session, actor, key, "0" * 64, Answer(200, None, answer))
            return answer

    return lambda: again(once)


def _claims(database: Database, scenery: Scenery, task: Task, clients: int, number: int) -> Iterator[str]:
    """Two people claim; whoever wins may claim again, and the other is told who holds it."""

    def claim(actor: Actor) -> Callable[[Session, Task], Any]:
        return lambda session, row: tasks.claim(session, row, actor=actor)

    actors = [scenery.actors[PAIR[n % 2]] for n in range(clients)]
    outcome = race(
        [act(database, scenery.clock, one, f"c{number}-{n}", claim(one), task.id) for n, one in enumerate(actors)]
    )
    with database.read() as session:
        row = session.get_one(Task, task.id)
        told = _entries(session, "task:claimed", task.id)
    yield from outcome.broke
    if len(outcome.won) != clients // 2 or told != 1:
        yield f"{len(outcome.won)} of {clients} were told they hold it, {told} entries"
    yield from _told(outcome, row.holder_title, row.claimed_at)
    release = act(
        database, scenery.clock, scenery.actors[PAIR[0] if row.holder_id == actors[0].person_id else PAIR[1]],
        f"r{number}", lambda session, held: tasks.release(
            session, held, actor=next(one for one in actors if one.person_id == held.holder_id)
        ), task.id,
    )  # fmt: skip
    release()


def _completions(database: Database, scenery: Scenery, task: Task, clients: int, number: int) -> Iterator[str]:
    """Everybody completes under a key of its own: one wins."""
    acts = [_completing(database, scenery, PAIR[n % 2], f"d{number}-{n}", task) for n in range(clients)]
    outcome = race(acts)
    yield from outcome.broke
    if len(outcome.won) != 1:
        yield f"{len(outcome.won)} won"
    with database.read() as session:
        row = session.get_one(Task, task.id)
    yield from _told(outcome, row.closed_title, row.closed_at)
    yield from _once(database, task)


def _repeats(database: Database, scenery: Scenery, task: Task, clients: int, number: int) -> Iterator[str]:
    """One person's request arrives several times at once: one effect, and the same answer for all."""
    acts = [_completing(database, scenery, PAIR[0], f"same-{number}", task) for _ in range(clients)]
    outcome = race(acts)
    yield from outcome.broke
    if len(outcome.won) != clients or len(set(outcome.won)) != 1:
        yield f"of {clients} repeats {len(outcome.won)} were answered, in {len(set(outcome.won))} ways"
    yield from _once(database, task)


def _completing(database: Database, scenery: Scenery, login: str, key: str, task: Task) -> Callable[[], str]:
    actor, answers = scenery.actors[login], ANSWERS[task.element]
    return act(
        database,
        scenery.clock,
        actor,
        key,
        lambda session, row: tasks.complete(session, row, actor=actor, answers=answers),
        task.id,
    )


def _once(database: Database, task: Task) -> Iterator[str]:
    with database.read() as session:
        handed_in = session.scalar(select(func.count()).select_from(Submission).where(Submission.task_id == task.id))
        told = _entries(session, "task:completed", task.id)
    if (handed_in, told) != (1, 1):
        yield f"{handed_in} submissions, {told} entries"


def _entries(session: Session, fact: str, subject: str) -> int | None:
    wanted = select(func.count()).select_from(AuditEntry)
    return session.scalar(wanted.where(AuditEntry.fact == fact, AuditEntry.subject_id == subject))


def _told(outcome: Outcome, who: str | None, at: datetime | None) -> Iterator[str]:
    for refusal in outcome.refused:
        told = refusal.facts.get("who"), refusal.facts.get("at")
        if refusal.status != 409 or told != (who, at):
            yield f"a loser was told {refusal.status} {refusal.reason} {told} instead of {(who, at)}"

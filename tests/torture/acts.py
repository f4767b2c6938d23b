"""Acts of people under keys, what a client knows of them, and whether the database agrees (invariants I1 to I8)."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import audit, idempotency, jobs, tasks, verification
from engine.clock import Clock
from engine.idempotency import Answer
from engine.jobs import committing
from engine.retry import again
from models.audit import AuditEntry
from models.database import Database
from models.errors import Rejected
from models.permissions import Actor
from models.tasks import Submission, Task
from models.users import IdempotencyKey
from tests.play import event, report
from tests.torture.scenery import Scenery
from tests.torture.trial import Violations
from tests.torture.warm import opened


@dataclass(frozen=True)
class Act:
    """A person completes its open task of a step, under a key."""

    key: str
    login: str
    element: str
    answers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def hash(self) -> str:
        return idempotency.request_hash(self.login, self.element, repr(sorted(self.answers)))


_PATH: Final[tuple[tuple[str, str, dict[str, Any]], ...]] = (
    ("mttq.xa", "assign_locality", {}),
    ("truong.thon", "carry_out", report(green_roads="1")),
    ("truong.thon2", "carry_out", report(green_roads="5")),
    ("truong.khu", "carry_out", report()),
    ("truong.khu2", "carry_out", report(green_turns="3")),
    ("truong.khu3", "carry_out", report(green_turns="4")),
    ("thanhnien", "report_part", {"summary": "Đã làm", "records": [event()]}),
    ("chqs", "report_part", {"summary": "Đã làm", "records": [event()]}),
    ("mttq.phuong", "consolidate_locality", {"decision": "ok", **report(env_people="50")}),
    ("mttq.xa", "consolidate_locality", {"decision": "ok", **report(env_people="7")}),
)
_ALL: Final = tuple(Act(f"act-{number}", *step) for number, step in enumerate(_PATH))
# Where an order has come to `assign_locality`: a fan-out that starts instances, a part, a report with figures.
SPREADING: Final = (_ALL[0], _ALL[6], _ALL[1])
# Where it has come to `carry_out`: seven people who do not wait for each other, then two who wait for them.
AT_ONCE: Final = _ALL[1:8]
REPORTING: Final = _ALL[1:]


class Journal:
    """What a client that is not killed knows: one line a word, in a file that outlives the writer."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    def say(self, word: str, key: str) -> None:
        """Write "sent", "acked" or "refused" of a key."""
        if self._file is None:
            self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.write(self._file, f"{word} {key}\n".encode())

    def keys(self, word: str) -> set[str]:
        """Return the keys of which this word was said."""
        lines = self.path.read_text("utf-8").splitlines() if self.path.exists() else []
        return {line.partition(" ")[2] for line in lines if line.partition(" ")[0] == word}

    @property
    def acked(self) -> set[str]:
        return self.keys("acked")

    @property
    def unknown(self) -> set[str]:
        """Return what was sent and never answered."""
        return self.keys("sent") - self.acked - self.keys("refused")


def perform(database: Database, clock: Clock, actor: Actor, act: Act) -> str:
    """Do an act as the doors do: recalled, done and remembered in one transaction; return the id of its task."""

    def once() -> str:
        with committing(database, clock) as session:
            known = idempotency.recall(session, actor, act.key, act.hash)
            if known is not None:
                return known.body or ""
            task = open_task(session, actor, act.element)
            tasks.complete(session, task, actor=actor, answers=act.answers)
            idempotency.remember(session, actor, act.key, act.hash, Answer(200, None, task.id))
            return task.id

    return again(once)


def open_task(session: Session, actor: Actor, element: str) -> Task:
    """Return the open task of a step that is offered to a person."""
    task = _offered(session, actor, element)
    if task is None:
        raise LookupError(f"{actor.title} has no open task {element}")
    return task


def _offered(session: Session, actor: Actor, element: str) -> Task | None:
    query = Task.visible_to(actor).where(Task.element == element, Task.state == "open")
    return session.scalars(query.where(Task.offered_to(actor) | Task.held_by(actor)).order_by(Task.id)).first()


def work(database: Database, scenery: Scenery, acts: Sequence[Act], journal: Journal) -> None:
    """Do the acts one after the other, each answered to the journal, and what follows from them when nobody can go on.

    Raises what is no refusal: a bug, or a database that fails.
    """
    for act in acts:
        actor = scenery.actors[act.login]
        with database.read() as session:
            waits = _offered(session, actor, act.element) is None
        if waits:
            jobs.drain(database, scenery.clock)
        journal.say("sent", act.key)
        try:
            perform(database, scenery.clock, actor, act)
        except Rejected:
            journal.say("refused", act.key)
        else:
            journal.say("acked", act.key)
    jobs.drain(database, scenery.clock)


def rehearse(folder: Path, scenes: Sequence[tuple[Scenery, Sequence[Act]]]) -> None:
    """Do all acts and look, once, with nobody killed."""
    for number, (scenery, acts) in enumerate(scenes):
        place = folder / f"rehearsal-{number}"
        place.mkdir()
        journal = Journal(place / "journal")
        with scenery.copied(place) as url:
            with opened(url) as database:
                work(database, scenery, acts, journal)
            examine(url, scenery, acts, journal)


def examine(url: str, scenery: Scenery, acts: Sequence[Act], journal: Journal) -> Violations:
    """Open what is left as a restarted product does, and look: before and after the unknown acts are repeated."""
    with opened(url) as database:
        return tuple(_examined(database, scenery, acts, journal))


def _examined(database: Database, scenery: Scenery, acts: Sequence[Act], journal: Journal) -> Iterator[str]:
    yield from look(database, scenery, acts, journal)
    yield from _repeat(database, scenery, acts, journal)
    jobs.drain(database, scenery.clock)
    yield from (f"after the repeats: {said}" for said in look(database, scenery, acts, journal))


def look(database: Database, scenery: Scenery, acts: Sequence[Act], journal: Journal) -> Iterator[str]:
    """Give what breaks I1 to I8, as the database is now."""
    acked, unknown, done = journal.acked, journal.unknown, _done(database, acts)
    yield from (f"I1 {key} was acked and is not there" for key in sorted(acked - done.keys()))
    yield from (f"I2 {key} is there and was neither acked nor unknown" for key in sorted(done.keys() - acked - unknown))
    yield from _more_than_said(database, scenery, done)
    yield from invariants(database, scenery.clock)


def _repeat(database: Database, scenery: Scenery, acts: Sequence[Act], journal: Journal) -> Iterator[str]:
    """Do again what was sent: the unknown is done now if it was not, the acked gets its first answer."""
    done = _done(database, acts)
    for act in acts:
        if act.key in journal.unknown | journal.acked:
            answer = perform(database, scenery.clock, scenery.actors[act.login], act)
            if done.get(act.key, answer) != answer:
                yield f"I1 {act.key} repeated got another answer"
            if act.key not in journal.acked:
                journal.say("acked", act.key)


def invariants(database: Database, clock: Clock) -> Iterator[str]:
    """Give what breaks I3 to I8."""
    with verification.snapshot(database, clock) as session:
        yield from map(str, verification.violations(session))


def _done(database: Database, acts: Sequence[Act]) -> dict[str, str]:
    """Return the task that each key completed, as the keys tell."""
    with database.read() as session:
        rows = session.execute(select(IdempotencyKey.key, IdempotencyKey.body))
        known = {act.key for act in acts}
        return {key: _task_in(body or "") for key, body in rows if key in known}


def _task_in(body: str) -> str:
    """Return the task an answer is about: the API says more of it than its id."""
    return str(json.loads(body)["id"]) if body.startswith("{") else body


def _more_than_said(database: Database, scenery: Scenery, done: Mapping[str, str]) -> Iterator[str]:
    """Hold each key against its effect: exactly one completion, one entry, one submission, and no other."""
    before: set[str] = set(scenery.said["completed"])
    with database.read() as session:
        # What nobody closed was skipped: the diagram asks for no signature here.
        by_people = select(Task.id).where(Task.state == "completed", Task.closed_by.is_not(None))
        completed = set(session.scalars(by_people)) - before
        handed_in = _counts(session, select(Submission.task_id, func.count()).group_by(Submission.task_id))
        entries = select(AuditEntry.subject_id, func.count()).where(AuditEntry.fact == audit.Fact.TASK_COMPLETED)
        told = _counts(session, entries.group_by(AuditEntry.subject_id))
    yield from (f"I2 task {key} was completed without a key" for key in sorted(completed - set(done.values())))
    for key, task in done.items():
        if (task in completed, handed_in.get(task), told.get(task)) != (True, 1, 1):
            yield f"I1 {key}: {handed_in.get(task, 0)} submissions and {told.get(task, 0)} entries of task {task}"
    if len(set(done.values())) != len(done):
        yield "I2 two keys completed one task"


def _counts(session: Session, query: Any) -> dict[str, int]:
    return dict(tuple(row) for row in session.execute(query))


def as_it_was(story: Any) -> dict[str, Any]:
    """Say what was completed before the trials: the setup of their scenery."""
    return {"completed": [task.id for task in story.tasks(state="completed")]}

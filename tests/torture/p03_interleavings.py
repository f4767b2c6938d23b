"""The scripted part of P3: the first has done its act and not committed when the second begins."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import jobs, messages, orders, tasks
from engine.clock import Clock
from engine.retry import again
from models.database import Database
from models.errors import Rejected
from models.instances import LIVE, Instance
from models.messages import Message
from models.orders import Order
from models.tasks import Task
from models.users import Person
from tests.play import Story, report
from tests.torture.acts import as_it_was, invariants
from tests.torture.children import abreast, in_child
from tests.torture.scenery import Scenery
from tests.torture.trial import Run, Trial
from tests.torture.warm import opened

HELD: Final = 0.1  # seconds a transaction is held open while another one begins
PAIR: Final = ("phunu", "phunu.2")
Verb = Callable[[Session], Any]


def interleavings(run: Run) -> Iterator[Trial]:
    """Let one act begin while another one, its act done, has not committed."""
    planned, joining = run.scene("draft_plan"), run.scene("carry_out", setup=_all_but_delivered)
    scenes = [(planned, name) for name in (*PLAN_PAIRS, *(f"{name} reversed" for name in PLAN_PAIRS))]
    scenes += [(joining, "join x join"), (joining, "join x join reversed")]
    for _ in range(run.amount(1, 3)):
        tasks_ = ((scenery, run.place(), name) for scenery, name in scenes)
        for folder, trial in abreast(_interleaved, tasks_, width=1 if run.quick else 2, over=lambda: run.is_over):
            yield run.leave(folder, trial)


def _interleaved(scenery: Scenery, folder: Path, name: str) -> tuple[Path, Trial]:
    with scenery.copied(folder) as url:
        violations = in_child(_both, url, scenery, name)
    return folder, Trial(name, violations)


def interleave(database: Database, clock: Clock, first: Verb, second: Verb) -> list[Exception | None]:
    """Let the second begin while the first, its act done, has not committed; return what each was answered."""
    held, go = threading.Event(), threading.Event()
    answers: list[Exception | None] = [None, None]

    def run(number: int, verb: Verb, *, holds: bool) -> None:
        def once() -> None:
            with jobs.committing(database, clock) as session:
                verb(session)
                session.flush()
                if holds:
                    held.set()
                    go.wait(10)

        if not holds:
            held.wait(10)
        try:
            again(once)
        except Exception as error:
            answers[number] = error
            held.set()

    threads = [
        threading.Thread(target=run, args=(number, verb), kwargs={"holds": number == 0}, daemon=True)
        for number, verb in enumerate((first, second))
    ]
    for thread in threads:
        thread.start()
    held.wait(10)
    threads[1].join(HELD)
    go.set()
    for thread in threads:
        thread.join(30)
    return answers


def _both(url: str, scenery: Scenery, name: str) -> tuple[str, ...]:
    pair, _, _ = name.partition(" reversed")
    with opened(url) as database:
        made = _joins(database) if pair == "join x join" else PLAN_PAIRS[pair](database, scenery)
        verbs = list(made) if not name.endswith("reversed") else list(made)[::-1]
        answers = interleave(database, scenery.clock, *verbs)
        found = [f"{type(one).__name__}: {one}" for one in answers if one and not isinstance(one, Rejected)]
        lost = sum(isinstance(one, Rejected) for one in answers)
        jobs.drain(database, scenery.clock)
        if pair == "join x join":
            found += _joined_once(database)
        elif pair != "complete x withdraw" and lost != 1:
            found.append(f"{2 - lost} of the two won")
        if pair == "complete x withdraw":
            found += _nothing_open(database)
        found += invariants(database, scenery.clock)
    return tuple(found)


def _plan(database: Database) -> str:
    with database.read() as session:
        return session.scalars(select(Task.id).where(Task.element == "draft_plan", Task.state == "open")).one()


def _completes(scenery: Scenery, task: str, login: str) -> Verb:
    plan = {"content": "Kế hoạch", "milestones": "Hằng tuần"}
    actor = scenery.actors[login]
    return lambda session: tasks.complete(session, session.get_one(Task, task), actor=actor, answers=plan)


def _complete_and_complete(database: Database, scenery: Scenery) -> tuple[Verb, Verb]:
    task = _plan(database)
    return _completes(scenery, task, PAIR[0]), _completes(scenery, task, PAIR[1])


def _complete_and_transfer(database: Database, scenery: Scenery) -> tuple[Verb, Verb]:
    task, giver = _plan(database), scenery.actors[PAIR[0]]
    taker = scenery.actors[PAIR[1]].person_id

    def transfer(session: Session) -> None:
        row = session.get_one(Task, task)
        tasks.transfer(session, row, actor=giver, to=session.get_one(Person, taker), reason="Bận họp")

    return _completes(scenery, task, PAIR[0]), transfer


def _complete_and_withdraw(database: Database, scenery: Scenery) -> tuple[Verb, Verb]:
    task = _plan(database)

    def withdraw(session: Session) -> None:
        order = session.scalars(select(Order)).one()
        orders.withdraw(session, order, actor=scenery.actors["vp.ubnd"], reason="Dừng")

    return _completes(scenery, task, PAIR[0]), withdraw


def _claim_and_claim(database: Database, scenery: Scenery) -> tuple[Verb, Verb]:
    task = _plan(database)

    def claim(login: str) -> Verb:
        return lambda session: tasks.claim(session, session.get_one(Task, task), actor=scenery.actors[login])

    return claim(PAIR[0]), claim(PAIR[1])


PLAN_PAIRS: Final[dict[str, Callable[[Database, Scenery], tuple[Verb, Verb]]]] = {
    "complete x complete": _complete_and_complete,
    "complete x reassign": _complete_and_transfer,
    "complete x withdraw": _complete_and_withdraw,
    "claim x claim": _claim_and_claim,
}


def _all_but_delivered(story: Story) -> dict[str, Any]:
    """Let the two hamlets report, and deliver nothing of it."""
    for login in ("truong.thon", "truong.thon2"):
        actor = story.actor(login)
        with story.doing() as session:
            mine = Task.visible_to(actor).where(Task.element == "carry_out", Task.offered_to(actor))
            tasks.complete(session, session.scalars(mine).one(), actor=actor, answers=report())
    return as_it_was(story)


def _joins(database: Database) -> tuple[Verb, Verb]:
    with database.read() as session:
        one, other = session.scalars(select(Message.id).where(Message.state == "pending").order_by(Message.id))
    return lambda session: messages.deliver(session, one), lambda session: messages.deliver(session, other)


def _joined_once(database: Database) -> Iterator[str]:
    with database.read() as session:
        opened_ = session.scalars(select(Task.id).where(Task.element == "consolidate_locality")).all()
    if len(opened_) != 1:
        yield f"the join let {len(opened_)} tokens through"


def _nothing_open(database: Database) -> Iterator[str]:
    with database.read() as session:
        left = session.scalars(select(Task.element).where(Task.state == "open", Task.order_id.is_not(None))).all()
        live = session.scalars(select(Instance.id).where(Instance.state.in_(LIVE), Instance.order_id.is_not(None)))
        if left or live.all():
            yield f"after the withdrawal there is open: {left}"

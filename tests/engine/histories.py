"""Random histories of an order: people work, change their minds, hand over; operators repair; versions change."""

import random
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from engine import (
    amendments,
    assignments,
    definitions,
    incidents,
    instances,
    migration,
    operations,
    orders,
    replay,
    suspensions,
    tasks,
)
from engine.clock import begin
from models.assignments import Assignment
from models.definitions import Definition
from models.errors import Rejected
from models.instances import LIVE, Incident, Instance
from models.orders import Order
from models.organizations import Organization
from models.permissions import Actor
from models.reports import Figure
from models.tasks import Task
from tests.play import DRAFT, Story, bundle, happy_path, report

REASON = "Theo đề nghị của đơn vị"
PROCESSES = ("lead", "locality", "coordination")
# Where a history begins: what happened before is the same for all.
BEGUN = ("draft_order", "accept_lead", "draft_plan", "approve_plan", "roll_out", "carry_out", "consolidate_result")
# What else people answer than where all goes well: returns, refusals, disagreements.
OTHERWISE: dict[str, list[dict[str, Any]]] = {
    "sign_order": [{"decision": "return", "reason": "Thiếu hạn"}],
    "approve_plan": [{"decision": "return", "reason": "Thiếu mốc"}],
    "appraise_result": [{"decision": "return", "reason": "Thiếu số liệu"}],
    "answer_coordination": [{"decision": "disagree", "opinion": "Không đủ người", "reason": "Không đủ người"}],
    "accept_locality": [{"decision": "refuse", "refusal_reason": "thieu_nguon_luc", "reason": "Không đủ người"}],
    "carry_out": [report(green_turns="3"), report("14/10/2018", green_roads="1")],
    "nghiem_thu": [{"decision": "khong_dat_lam_lai", "reason": "Làm lại"}],
}


def doubts(story: Story, order: str) -> list[str]:
    """Return in what the log of an order, replayed, differs from what is so now."""
    with story.database.read() as reading:
        session = begin(reading, story.clock)
        told = replay.folded_to(replay.entries_until(session, order_id=order))
        return replay.differences(told, replay.present(session, order_id=order))


def begun(story: Story, seed: int) -> "History":
    """Begin a history somewhere on the happy path, with two versions of each process."""
    order = story.until(random.Random(seed).choice(BEGUN))
    rename(story)
    return History(story, order, seed)


def rename(story: Story) -> None:
    """Put a version of each process into use whose steps have other names."""
    for process in PROCESSES:
        with story.doing() as session:
            definitions.deploy(session, renamed(process, 1), actor=story.actor("quantri"))


def renamed(process: str, number: int) -> dict[str, bytes]:
    """Return the files of a process whose steps have other names."""
    files = bundle(process)
    for name in [name for name in files if name.endswith(".bpmn")]:
        files[name] = re.sub(rb'(<bpmn:\w*[tT]ask [^>]*name=")', rb"\g<1>%d " % number, files[name])
    return files


class History:
    """An order in the small world to which random things happen; refused ones change nothing."""

    def __init__(self, story: Story, order: str, seed: int) -> None:
        self.story, self.order, self.random = story, order, random.Random(seed)
        self.answers: dict[str, list[dict[str, Any]]] = {}
        for _, element, said in happy_path(story.world):
            self.answers.setdefault(element, []).append(said)
        self.done: list[str] = []

    def go_on(self, steps: int) -> None:
        """Let so many things be tried."""
        rare = (self._withdraw, self._replace_lead, self._deploy, self._suspend_definition)
        often = (self._claim, self._release, self._delegate, self._resolve, self._transfer, self._take_back)
        operated = (self._suspend, self._resume, self._skip, self._move, self._edit, self._migrate, self._repair)
        asked = (self._amend, self._extend, self._correct, self._later)
        for _ in range(steps):
            kind = self.random.choices([(self._complete,), often, operated, asked, rare], [60, 14, 14, 8, 2])[0]
            act = self.random.choice(kind)
            if act == self._later:
                self._later()
            else:
                self._try(act)

    def doubts(self) -> list[str]:
        """Return in what the log, replayed, differs from what is so now."""
        return doubts(self.story, self.order)

    def _try(self, act: Callable[[Any], object]) -> None:
        try:
            with self.story.doing() as session:
                if act(session) is not False:
                    self.done.append(act.__name__)
        except Rejected:
            return
        self.story.settle()

    def _one(self, session: Any, query: Any) -> Any:
        rows = session.scalars(query).all()
        return self.random.choice(rows) if rows else None

    def _task(self, session: Any) -> tuple[Task, Actor] | None:
        open_now = select(Task).where(Task.order_id == self.order, Task.state == "open").order_by(Task.id)
        task = self._one(session, open_now)
        return (task, self._candidate(session, task)) if task is not None else None

    def _candidate(self, session: Any, task: Task) -> Actor:
        actors = sorted(self.story.world.actors.items())
        mine = [actor for _, actor in actors if actor.organization_id == task.organization_id]
        fit = [actor for actor in mine if task.holder_id == actor.person_id] or [
            actor for actor in mine if task.role is None or task.role in actor.roles
        ]
        return self.random.choice(fit or mine or [actors[0][1]])

    def _complete(self, session: Any) -> object:
        if (found := self._task(session)) is None:
            return False
        task, actor = found
        choices = self.answers.get(task.element, [{"decision": "agree", "reason": REASON, "impact": "Không"}])
        said = self.random.choice(choices)
        if self.random.random() < 0.25:
            said = self.random.choice(OTHERWISE.get(task.element, [said]))
        tasks.complete(session, task, actor=actor, answers=DRAFT if task.element == "draft_order" else said)
        return None

    def _claim(self, session: Any) -> object:
        found = self._task(session)
        return tasks.claim(session, found[0], actor=found[1]) if found else False

    def _release(self, session: Any) -> object:
        found = self._task(session)
        return tasks.release(session, found[0], actor=found[1]) if found else False

    def _take_back(self, session: Any) -> object:
        found = self._task(session)
        return tasks.take_back(session, found[0], actor=found[1]) if found else False

    def _delegate(self, session: Any) -> object:
        return self._to_colleague(session, lambda task, actor, to: tasks.delegate(session, task, actor=actor, to=to))

    def _transfer(self, session: Any) -> object:
        return self._to_colleague(
            session, lambda task, actor, to: tasks.transfer(session, task, actor=actor, to=to, reason=REASON)
        )

    def _to_colleague(self, session: Any, act: Callable[[Task, Actor, Any], object]) -> object:
        from models.users import Person

        if (found := self._task(session)) is None:
            return False
        task, actor = found
        persons = {
            one.person_id for one in self.story.world.actors.values() if one.organization_id == task.organization_id
        }
        to = session.get(Person, self.random.choice(sorted(filter(None, persons)))) if persons else None
        return act(task, actor, to) if to is not None else False

    def _resolve(self, session: Any) -> object:
        asked = select(Task).where(Task.order_id == self.order, Task.state == "open", Task.helper_id.is_not(None))
        task = self._one(session, asked.order_by(Task.id))
        if task is None:
            return False
        helper = next(one for one in self.story.world.actors.values() if one.person_id == task.helper_id)
        return tasks.resolve(session, task, actor=helper, note=REASON)

    def _instance(self, session: Any, *states: str) -> Any:
        live = select(Instance).where(Instance.order_id == self.order, Instance.state.in_(states or LIVE))
        return self._one(session, live.order_by(Instance.id))

    def _operator(self) -> dict[str, Any]:
        return {"actor": self.story.actor("quantri"), "reason": REASON}

    def _suspend(self, session: Any) -> object:
        found = self._instance(session, "running")
        return suspensions.suspend(session, found, **self._operator()) if found else False

    def _resume(self, session: Any) -> object:
        found = self._instance(session, "suspended")
        return suspensions.resume(session, found, **self._operator()) if found else False

    def _suspend_definition(self, session: Any) -> object:
        definition = self._one(session, select(Definition).where(Definition.process_id.in_(PROCESSES)))
        act = suspensions.resume_definition if definition.suspended_at else suspensions.suspend_definition
        return act(session, definition, **self._operator())

    def _place(self, session: Any, *states: str) -> tuple[Any, Any] | None:
        found = self._instance(session, *states)
        places = instances.look(session, found) if found else ()
        return (found, self.random.choice(places)) if places else None

    def _skip(self, session: Any) -> object:
        found = self._place(session, "running")
        return operations.skip(session, found[0], key=found[1].key, **self._operator()) if found else False

    def _move(self, session: Any) -> object:
        if (found := self._place(session, "running", "incident")) is None:
            return False
        targets = operations.targets(session, *found)
        if not targets:
            return False
        to = self.random.choice(targets).id
        return operations.move_token(session, found[0], key=found[1].key, element=to, **self._operator())

    def _edit(self, session: Any) -> object:
        # Nothing is counted by a text: what reads it next gets stuck, and is repaired later.
        changes = {"rework": self.random.choice([1, 2, "?"]), "decision": self.random.choice(["?", "approve", 1])}
        found = self._instance(session)
        return operations.edit_data(session, found, changes=changes, **self._operator()) if found else False

    def _repair(self, session: Any) -> object:
        mine = select(Instance.id).where(Instance.order_id == self.order)
        stuck = select(Incident).where(Incident.instance_id.in_(mine), Incident.resolved_at.is_(None))
        incident = self._one(session, stuck.order_by(Incident.id))
        if incident is None:
            return False
        return self.random.choice([incidents.retry, incidents.skip])(session, incident, **self._operator())

    def _deploy(self, session: Any) -> object:
        """Put one more version into use."""
        files = renamed(self.random.choice(PROCESSES), self.random.randrange(2, 5))
        return definitions.deploy(session, files, actor=self.story.actor("quantri"))

    def _migrate(self, session: Any) -> object:
        if (instance := self._instance(session)) is None:
            return False
        old = session.get_one(Definition, instance.definition_id)
        versions = select(Definition).where(Definition.process_id == old.process_id, Definition.id != old.id)
        new = self._one(session, versions.order_by(Definition.id))
        if new is None:
            return False
        plan = migration.planned(session, old, new, {})
        return migration.migrate(session, instance, plan, **self._operator())

    def _withdraw(self, session: Any) -> object:
        if self.random.random() < 0.7:
            return False
        return orders.withdraw(
            session, session.get_one(Order, self.order), actor=self.story.actor("lanhdao.ubnd"), reason=REASON
        )

    def _replace_lead(self, session: Any) -> object:
        world, order = self.story.world, session.get_one(Order, self.order)
        to = session.get_one(Organization, self.random.choice([world.women, world.youth, world.military]))
        actor = self.story.actor("truong.khoi")
        return assignments.replace_lead(session, order, actor=actor, organization=to, reason=REASON)

    def _amend(self, session: Any) -> object:
        order = session.get_one(Order, self.order)
        due = order.due_at + timedelta(days=self.random.choice([3, 7])) if order.due_at else None
        changes = {"title": f"Chủ nhật xanh {self.random.randrange(100)}"}
        actor = self.story.actor("lanhdao.ubnd")
        return amendments.amend(session, order, actor=actor, changes=changes, due_at=due, reason=REASON)

    def _extend(self, session: Any) -> object:
        mine = select(Assignment).where(Assignment.order_id == self.order, Assignment.due_at.is_not(None))
        share = self._one(session, mine.order_by(Assignment.id))
        if share is None:
            return False
        actors = [one for one in self.story.world.actors.values() if one.organization_id == share.organization_id]
        due = share.due_at + timedelta(days=self.random.choice([-3, 2]))
        return assignments.request_extension(session, share, actor=actors[0], new_due_at=due, reason=REASON)

    def _correct(self, session: Any) -> object:
        from decimal import Decimal

        from engine.reports.correcting import correct

        figure = self._one(session, select(Figure).where(Figure.order_id == self.order).order_by(Figure.id))
        if figure is None:
            return False
        actors = [one for one in self.story.world.actors.values() if one.organization_id == figure.organization_id]
        value = Decimal(self.random.randrange(1, 50))
        return correct(session, figure, actor=actors[0], value=value, reason=REASON)

    def _later(self) -> None:
        self.story.later(hours=self.random.choice([1, 30, 100]))
        self.done.append("_later")

"""What one holder lets another do: help with a task, give the help back, take the whole task over."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from engine import notifications, routing
from engine.audit import Fact
from engine.tasks import standing
from engine.tasks.claiming import claim, hold
from models.base import update_versioned
from models.errors import Invalid, WrongState
from models.permissions import Actor, Permission
from models.tasks import Draft, Task
from models.users import Person


def delegate(
    session: Session, task: Task, *, actor: Actor, to: Person, due_at: datetime | None = None, note: str | None = None
) -> Task:
    """Ask a colleague for help (nhờ xử lý): the holder stays answerable and completes."""
    task = standing.look_again(session, task)
    standing.require_open(task)
    if task.holder_id is None:
        task = claim(session, task, actor=actor)
    standing.require(actor, Permission.TASK_DELEGATE, task)
    title = _colleague_title(session, task, to)
    if to.id == actor.person_id:
        raise Invalid({"to": "not_oneself"}, reason="not_oneself")
    if task.helper_id is not None:
        raise WrongState("task_delegated", subject=task, who=task.helper_title, at=None)
    update_versioned(session, task, helper_id=to.id, helper_title=title, helper_due_at=due_at)
    standing.record(session, actor, Fact.TASK_DELEGATED, task, to=to.id, to_title=title, due=due_at, note=note)
    _tell(session, actor, Fact.TASK_DELEGATED, task, to.id, to_title=title, due=due_at, note=note)
    return task


def resolve(session: Session, task: Task, *, actor: Actor, note: str) -> Task:
    """Give the result of one's help back to the holder, with what was drafted."""
    task = standing.look_again(session, task)
    standing.require_open(task)
    standing.require(actor, Permission.TASK_RESOLVE, task)
    _hand_draft_over(session, task, actor.person_id, task.holder_id)
    update_versioned(session, task, helper_id=None, helper_title=None, helper_due_at=None)
    standing.record(session, actor, Fact.TASK_RESOLVED, task, note=note)
    _tell(session, actor, Fact.TASK_RESOLVED, task, task.holder_id, note=note)
    return task


def take_back(session: Session, task: Task, *, actor: Actor) -> Task:
    """Take a task back from the colleague who was asked."""
    task = standing.look_again(session, task)
    standing.require_open(task)
    standing.require(actor, Permission.TASK_DELEGATE, task)
    if task.helper_id is not None:
        update_versioned(session, task, helper_id=None, helper_title=None, helper_due_at=None)
        standing.record(session, actor, Fact.TASK_TAKEN_BACK, task)
    return task


def transfer(session: Session, task: Task, *, actor: Actor, to: Person, keep: bool = True, reason: str) -> Task:
    """Hand a task to somebody to whom it is offered, with the work so far or without; also how a head assigns."""
    task = standing.look_again(session, task)
    standing.require_open(task)
    if task.holder_id is None and not actor.is_head:
        standing.require(actor, Permission.TASK_CLAIM, task)
    else:
        standing.require(actor, Permission.TASK_TRANSFER, task)
    kinds = [one.kind for one in task.posts]
    if task.role and to.id not in routing.holders_of(session, task.organization_id, task.role, kinds):
        raise Invalid({"to": "lacks_the_role"}, reason="lacks_the_role")
    standing.refuse_same_person(session, task, to.id)
    title, before = _colleague_title(session, task, to), task.holder_title
    if keep:
        _hand_draft_over(session, task, task.holder_id, to.id)
    else:
        session.execute(delete(Draft).where(Draft.task_id == task.id))
    hold(session, task, to.id, title)
    standing.record(
        session,
        actor,
        Fact.TASK_TRANSFERRED,
        task,
        before={"holder": before},
        after={"holder": title},
        to=to.id,
        keep=keep,
        reason=reason,
    )
    _tell(session, actor, Fact.TASK_TRANSFERRED, task, to.id, reason=reason, after={"holder": title})
    return task


def _colleague_title(session: Session, task: Task, person: Person) -> str:
    title = routing.title_of(session, person.id, organization_id=task.organization_id)
    if title is None:
        raise Invalid({"to": "not_a_colleague"}, reason="not_a_colleague")
    return title


def _hand_draft_over(session: Session, task: Task, giver: str | None, taker: str | None) -> None:
    if giver is None or taker is None or giver == taker:
        return
    if session.get(Draft, (task.id, giver)) is None:
        return
    session.execute(delete(Draft).where(Draft.task_id == task.id, Draft.person_id == taker))
    session.execute(update(Draft).where(Draft.task_id == task.id, Draft.person_id == giver).values(person_id=taker))


def _tell(session: Session, actor: Actor, fact: Fact, task: Task, person_id: str | None, **facts: Any) -> None:
    if person_id is not None and person_id != actor.person_id:
        notifications.notify(
            session, fact, person_id=person_id, task=task, title=task.title, place=task.place, by=actor.title, **facts
        )

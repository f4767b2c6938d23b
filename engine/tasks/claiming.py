"""Who holds a task: claim it, release it to the queue."""

from sqlalchemy.orm import Session

from engine.audit import Fact
from engine.clock import now
from engine.tasks import standing
from models.base import update_versioned
from models.errors import WrongState
from models.permissions import Actor, Permission
from models.tasks import Task


def claim(session: Session, task: Task, *, actor: Actor) -> Task:
    """Take an unheld task; of several who try one wins, the others learn who and when. Twice by one is harmless."""
    task = standing.look_again(session, task)
    standing.require_open(task)
    standing.require(actor, Permission.TASK_CLAIM, task)
    if task.holder_id == actor.person_id:
        return task
    if task.holder_id is not None:
        raise WrongState("task_claimed", subject=task, who=task.holder_title, at=task.claimed_at)
    standing.refuse_same_person(session, task, actor.person_id)
    hold(session, task, actor.person_id, actor.title)
    standing.record(session, actor, Fact.TASK_CLAIMED, task)
    return task


def release(session: Session, task: Task, *, actor: Actor) -> Task:
    """Give a held task back to the queue; drafts stay."""
    task = standing.look_again(session, task)
    standing.require_open(task)
    standing.require(actor, Permission.TASK_RELEASE, task)
    if task.holder_id is not None:
        hold(session, task, None, None)
        standing.record(session, actor, Fact.TASK_RELEASED, task)
    return task


def hold(session: Session, task: Task, person_id: str | None, title: str | None) -> None:
    """Let a person hold a task, or nobody; whoever was asked for help is asked no longer."""
    claimed_at = now(session) if person_id else None
    update_versioned(
        session,
        task,
        holder_id=person_id,
        holder_title=title,
        claimed_at=claimed_at,
        helper_id=None,
        helper_title=None,
        helper_due_at=None,
    )

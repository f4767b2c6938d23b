"""How a task stands: locked and read again, open or closed, and what its acts ask first and record last."""

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from engine import audit, routing, task_forms
from engine.audit import Fact
from models.errors import NotAllowed, NotFound, WrongState
from models.instances import Instance
from models.permissions import Actor, Permission, may
from models.tasks import Task

# Both rows are locked, the instance first: what is read of a row that was waited for is what stands there now.
_LOCK = (
    select(Instance.version, Task.version.label("of_task"), Task.drafted)
    .join(Task, Task.instance_id == Instance.id)
    .where(Task.id == bindparam("id"))
    .with_for_update(of=(Instance, Task))
)


def look_again(session: Session, task: Task) -> Task:
    """Lock a task's instance, then read the task as it is now: a double click may have waited on the lock."""
    stands = session.connection().execute(_LOCK, {"id": task.id}).one_or_none()
    if stands is None:
        raise NotFound("no_such_task")
    # Whole rows are costly to read: only what was changed since is read again. Drafts do not count as a change.
    if (task.version, task.drafted) != (stands.of_task, stands.drafted):
        session.refresh(task)
    if task.instance.version != stands.version:
        session.refresh(task.instance)
    return task


def require_open(task: Task) -> None:
    """Refuse an act on a task that is closed, and say who closed it and when."""
    if not task.is_open:
        raise WrongState("task_" + task.state, subject=task, who=task.closed_title, at=task.closed_at)


def require(actor: Actor, permission: Permission, task: Task) -> None:
    """Refuse an act on a task to whom its right is not given."""
    if not may(actor, permission, task):
        raise NotAllowed("may_not_" + permission.split(":")[1], subject=task)


def refuse_same_person(session: Session, task: Task, person_id: str | None) -> None:
    """Refuse who completed the step that another person than the task's must have done (`notSameAs`)."""
    earlier = task_forms.element_of(session, task).ext.get("notSameAs")
    if earlier and routing.who_completed(session, task.instance_id, earlier) == person_id:
        raise NotAllowed("separation_of_duties", subject=task)


def record(session: Session, actor: Actor, fact: Fact, task: Task, **facts: Any) -> None:
    """Record a fact about a task, with the order and the instance it belongs to."""
    audit.record(session, actor, fact, task, order_id=task.order_id, instance_id=task.instance_id, **facts)

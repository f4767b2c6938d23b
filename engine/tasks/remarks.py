"""What people write about a task without answering it: remarks for others, drafts for themselves."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.audit import Fact
from engine.clock import now
from engine.tasks import standing
from models.errors import Invalid, NotAllowed
from models.permissions import Actor, Permission, may
from models.tasks import Comment, Draft, Task


def comment(session: Session, task: Task, *, actor: Actor, text: str, scope: str = "parties") -> Comment:
    """Add a remark; remarks are only ever added."""
    standing.require(actor, Permission.TASK_COMMENT, task)
    if not text.strip():
        raise Invalid({"text": "required"}, reason="comment_required")
    if scope not in ("parties", "organization"):
        raise Invalid({"scope": "unknown"}, reason="unknown_scope")
    remark = Comment(
        task_id=task.id,
        text=text.strip()[:5000],
        scope=scope,
        at=now(session),
        person_id=actor.person_id,
        author=actor.title,
        organization_id=actor.organization_id,
    )
    session.add(remark)
    _count(session, task, comments=Task.comments + 1)
    standing.record(session, actor, Fact.TASK_COMMENTED, task, comment=remark.id, scope=scope)
    return remark


def save_draft(session: Session, task: Task, *, actor: Actor, answers: Mapping[str, Any]) -> None:
    """Keep what somebody typed, privately; nothing is checked and nobody is blocked."""
    standing.require_open(task)
    if not (may(actor, Permission.TASK_COMPLETE, task) or may(actor, Permission.TASK_RESOLVE, task)):
        raise NotAllowed("may_not_complete", subject=task)
    session.merge(Draft(task_id=task.id, person_id=actor.person_id, answers=dict(answers), saved_at=now(session)))
    if not task.drafted:
        _count(session, task, drafted=True)


def _count(session: Session, task: Task, **values: Any) -> None:
    # No version: a remark must not spoil somebody's completion.
    statement = update(Task).where(Task.id == task.id).values(**values)
    session.flush()
    session.execute(statement.execution_options(synchronize_session=False))
    session.expire(task)

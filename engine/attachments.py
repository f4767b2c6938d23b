"""Files handed in with tasks: the bytes are stored and synced before, the row comes with the act."""

from typing import Any

from sqlalchemy.orm import Session

from engine import audit
from engine.audit import Fact
from engine.clock import now
from engine.files import Stored
from models.errors import NotAllowed, WrongState
from models.permissions import Actor, Permission, may
from models.tasks import Attachment, Task
from models.text import nfc


def attach(
    session: Session, task: Task, *, actor: Actor, name: str, stored: Stored, field: str | None = None
) -> Attachment:
    """Attach a stored file to an open task; its hash stands in the log for ever."""
    if not task.is_open:
        raise WrongState("task_" + task.state, subject=task, who=task.closed_title, at=task.closed_at)
    if not (may(actor, Permission.TASK_COMPLETE, task) or may(actor, Permission.TASK_RESOLVE, task)):
        raise NotAllowed("may_not_complete", subject=task)
    attachment = Attachment(
        task_id=task.id,
        assignment_id=task.assignment_id,
        order_id=task.order_id,
        name=nfc(name)[:300],
        media_type=stored.media_type,
        sha256=stored.sha256,
        size=stored.size,
        at=now(session),
        person_id=actor.person_id,
        field=field,
    )
    session.add(attachment)
    task.files += 1
    session.flush()
    _record(session, actor, Fact.ATTACHMENT_ADDED, attachment)
    return attachment


def remove(session: Session, attachment: Attachment, *, actor: Actor) -> None:
    """Take a file off an open task; the hash and who removed it stay."""
    task = session.get_one(Task, attachment.task_id)
    if attachment.person_id != actor.person_id or not task.is_open:
        raise NotAllowed("may_not_remove_file", subject=attachment)
    if attachment.removed_at is None:
        attachment.removed_at = now(session)
        task.files -= 1
        _record(session, actor, Fact.ATTACHMENT_REMOVED, attachment)


def _record(session: Session, actor: Actor, fact: Fact, attachment: Attachment, **facts: Any) -> None:
    audit.record(
        session,
        actor,
        fact,
        attachment,
        order_id=attachment.order_id,
        task=attachment.task_id,
        sha256=attachment.sha256,
        size=attachment.size,
        **facts,
    )

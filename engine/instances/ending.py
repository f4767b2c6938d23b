"""How an instance is ended from outside."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine import messages, timers
from engine.audit import Fact
from engine.clock import now
from engine.instances.standing import log
from models.base import update_versioned
from models.instances import LIVE, Incident, Instance
from models.permissions import Actor
from models.tasks import Task


def cancel(session: Session, instance: Instance, *, actor: Actor, reason: str, state: str = "cancelled") -> None:
    """End a live instance from outside: its open tasks close, nothing is deleted; `state` says how it ended."""
    if instance.state not in LIVE:
        return
    before = instance.state
    update_versioned(session, instance, state=state, ended_at=now(session))
    task_state = "handed_over" if state == "handed_over" else "cancelled"
    session.execute(
        update(Task)
        .where(Task.instance_id == instance.id, Task.state == "open")
        .values(
            state=task_state,
            closed_at=now(session),
            closed_by=actor.person_id,
            closed_title=actor.title or None,
            version=Task.version + 1,
        )
    )
    open_incidents = Incident.instance_id == instance.id, Incident.resolved_at.is_(None)
    session.execute(
        update(Incident).where(*open_incidents).values(resolved_at=now(session), resolved_by=actor.person_id)
    )
    messages.forget(session, instance.id)
    timers.forget(session, instance.id)
    changed = {"before": {"state": before}, "after": {"state": state}}
    log(session, actor, Fact.INSTANCE_CANCELLED, instance, reason=reason, state=state, **changed)

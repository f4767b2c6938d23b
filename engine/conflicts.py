"""Conflicts of coordination (X-CONFLICT): raised by disagreement or silence, decided by the bloc, else the issuer."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import audit, instances, notifications, uses
from engine.audit import Fact
from engine.operators import Call, operator
from models.assignments import Assignment
from models.instances import Instance
from models.permissions import Actor

PROCESS = "conflict"


def raise_conflict(session: Session, share: Assignment, *, actor: Actor, why: str, reason: str) -> Instance | None:
    """Ask the bloc to decide about a coordinator's part; once per share. `why` is disagreed or silent."""
    asked = select(Instance.id).where(Instance.assignment_id == share.id, Instance.process_id == PROCESS).limit(1)
    if session.scalar(asked) is not None:
        return None
    audit.record(session, actor, Fact.CONFLICT_RAISED, share, order_id=share.order_id, why=why, reason=reason)
    definition = uses.active(session, PROCESS, area_id=share.area_id)
    return instances.start(session, definition, actor=actor, assignment=share, data={"why": why})


@operator("coordination.answer")
def answer(call: Call) -> dict[str, object]:
    """Take a coordinator's opinion; where it disagrees, the bloc is asked."""
    if call.values.get("decision") == "disagree":
        reason = str(call.values.get("reason") or call.values.get("opinion") or "")
        raise_conflict(call.session, call.share, actor=call.actor, why="disagreed", reason=reason)
    return {}


@operator("conflicts.decide")
def decide(call: Call) -> dict[str, object]:
    """Record the directions (ý kiến chỉ đạo), which bind both sides, and tell them."""
    share, values = call.share, call.values
    said: dict[str, Any] = {"decision": values.get("decision"), "reason": values.get("reason")}
    audit.record(call.session, call.actor, Fact.CONFLICT_DECIDED, share, order_id=share.order_id, **said)
    lead = share.parent.organization_id if share.parent else share.organization_id
    for organization_id in (lead, share.organization_id):
        notifications.notify(
            call.session,
            Fact.CONFLICT_DECIDED,
            organization_id=organization_id,
            order_id=share.order_id,
            title=share.order.title,
            by=call.actor.title,
            **said,
        )
    return {}

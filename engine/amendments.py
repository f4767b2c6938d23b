"""Amending an order that is under way (X-AMEND): a new version with before and after, which the lead confirms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import assignments, audit, instances, orders, uses
from engine.audit import Fact
from engine.calendar import Calendar
from engine.clock import now
from engine.operators import Call, operator
from engine.reasons import require_reason
from models.assignments import OPEN, Assignment, Part
from models.errors import Invalid, NotAllowed, WrongState
from models.orders import CLARITIES, Order
from models.permissions import Actor, Permission, may
from models.text import fold, nfc

PROCESS = "amendment"
FIELDS = ("title", "basis", *CLARITIES)


def amend(
    session: Session,
    order: Order,
    *,
    actor: Actor,
    changes: Mapping[str, str] | None = None,
    due_at: datetime | None = None,
    reason: str,
) -> None:
    """Change what a signed order says or when it is due; figures stay, and the lead is asked to confirm.

    Open work keeps its due until then. Errors: NotAllowed; WrongState before signing or after the end; Invalid.
    """
    if not may(actor, Permission.ORDER_AMEND, order):
        raise NotAllowed("may_not_amend", subject=order)
    session.refresh(order, with_for_update=True)
    if order.closed_at is not None:
        raise WrongState("order_closed", subject=order, at=order.closed_at)
    if order.signed_at is None:
        raise WrongState("order_not_signed", subject=order)
    require_reason(reason)
    before, after = _change(session, order, changes or {}, due_at)
    audit.record(
        session, actor, Fact.ORDER_AMENDED, order, order_id=order.id, before=before, after=after, reason=reason
    )
    orders.tell_parties(session, order, Fact.ORDER_AMENDED, reason=reason, fields=sorted(after))
    shift = 0
    if "due" in after and before["due"] is not None:
        shift = Calendar.of(session).working_days_between(before["due"], after["due"])
    for share in _answering(session, order):
        if share.part == Part.LEAD:
            ask(session, share, actor=actor, shift=shift)
        elif shift and share.due_at is not None:
            due = share.due_at
            _shift_due(session, share, shift)
            changed: dict[str, Any] = {"before": {"due": due}, "after": {"due": share.due_at}}
            audit.record(session, actor, Fact.DUE_MOVED, share, order_id=order.id, reason=reason, **changed)


def _change(
    session: Session, order: Order, changes: Mapping[str, str], due_at: datetime | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    wanted = {name: nfc(value.strip()) for name, value in changes.items()}
    wrong = dict.fromkeys(wanted.keys() - set(FIELDS), "unknown")
    wrong |= {name: "required" for name in wanted.keys() & {"title", *CLARITIES} if not wanted[name]}
    if due_at is not None and due_at <= now(session):
        wrong["due_on"] = "due_has_passed"
    if wrong:
        raise Invalid(wrong)
    before = {name: getattr(order, name) for name in wanted if (getattr(order, name) or "") != wanted[name]}
    after: dict[str, Any] = {name: wanted[name] for name in before}
    for name, value in after.items():
        setattr(order, name, value)
    order.title_fold = fold(order.title)
    if due_at is not None and due_at != order.due_at:
        before["due"], after["due"], order.due_at = order.due_at, due_at, due_at
    if not after:
        raise Invalid({"reason": "unchanged"}, reason="unchanged")
    session.flush()
    return before, after


def _answering(session: Session, order: Order) -> list[Assignment]:
    """Return the shares an amendment is about: the bloc's, which is told, and the lead's, which confirms."""
    query = select(Assignment).where(
        Assignment.order_id == order.id,
        Assignment.part.in_((Part.ACCOUNTABLE, Part.LEAD)),
        Assignment.progress.in_(sorted(OPEN)),
    )
    return list(session.scalars(query.order_by(Assignment.id)))


def ask(session: Session, share: Assignment, *, actor: Actor, shift: int) -> None:
    """Ask the holder of a share to confirm an amendment that moves its due by some working days."""
    definition = uses.active(session, PROCESS, area_id=share.area_id)
    instances.start(session, definition, actor=actor, assignment=share, data={"shift": shift})


def _shift_due(session: Session, share: Assignment, shift: int) -> None:
    if share.due_at is not None:
        assignments.move_due(session, share, Calendar.of(session).shift_working_days(share.due_at, shift))


@operator("amendments.confirm")
def confirm(call: Call) -> dict[str, object]:
    """Take the lead's confirmation; its due moves now."""
    share = call.share
    before = share.due_at
    if shift := int(call.data.get("shift") or 0):
        _shift_due(call.session, share, shift)
    audit.record(
        call.session,
        call.actor,
        Fact.AMENDMENT_CONFIRMED,
        share,
        order_id=share.order_id,
        before={"due": before} if share.due_at != before else None,
        after={"due": share.due_at} if share.due_at != before else None,
        note=call.values.get("impact"),
    )
    return {}

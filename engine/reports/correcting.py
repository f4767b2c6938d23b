"""Đính chính: one figure gets another value; the old one stays and is pointed at."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import audit
from engine.audit import Fact
from engine.clock import now
from models.base import new_id
from models.errors import Invalid, NotAllowed, WrongState
from models.permissions import Actor, Permission, may
from models.reports import WITHDRAWN, EventRecord, Figure
from models.rollups import QUALIFIERS
from models.text import nfc


def correct(
    session: Session, figure: Figure, *, actor: Actor, value: Decimal, qualifier: str = "exact", reason: str
) -> Figure:
    """Amend a figure with a reason; return the new one.

    Errors: NotAllowed for another organization's figure; WrongState with who and when if it was amended already;
    Invalid without a reason, for a value its indicator cannot have, or for what stands there anyway.
    """
    session.execute(select(Figure.id).where(Figure.id == figure.id).with_for_update())
    if not may(actor, Permission.FIGURE_CORRECT, figure):
        raise NotAllowed("may_not_correct", subject=figure)
    newer = session.scalar(select(Figure).where(Figure.amends_id == figure.id))
    if newer is not None or figure.kind == WITHDRAWN:
        last = newer or figure
        raise WrongState("figure_amended", subject=figure, who=last.entered_as, at=last.entered_at)
    _check(figure, value, qualifier, reason)
    new = amended(session, figure, actor=actor, value=value, qualifier=qualifier, reason=nfc(reason.strip()))
    audit.record(
        session, actor, Fact.FIGURE_CORRECTED, new, order_id=figure.order_id, reason=new.reason, amends=figure.id,
        indicator=figure.indicator_code, before={"value": figure.value, "qualifier": figure.qualifier},
        after={"value": new.value, "qualifier": new.qualifier},
    )  # fmt: skip
    return new


def _check(figure: Figure, value: Decimal, qualifier: str, reason: str) -> None:
    wrong = {}
    if not reason.strip():
        wrong["reason"] = "required"
    if qualifier not in QUALIFIERS:
        wrong["qualifier"] = "unknown"
    decimals = 0 if figure.indicator.is_money else figure.indicator.decimals
    if not value.is_finite() or value < 0 or value != round(value, decimals):
        wrong["value"] = "not_possible"
    elif (value, qualifier) == (figure.value, figure.qualifier):
        wrong["value"] = "unchanged"
    if wrong:
        raise Invalid(wrong, reason="correction_refused")


def amended(
    session: Session,
    figure: Figure,
    *,
    actor: Actor,
    value: Decimal,
    qualifier: str,
    reason: str,
    kind: str = "correction",
    event: EventRecord | None = None,
) -> Figure:
    """Add the figure that takes the place of another: same indicator, place, day, organization and report."""
    same = ("indicator_code", "order_id", "assignment_id", "area_id", "organization_id", "held_on", "task_id")
    new = Figure(
        id=new_id(), value=value, qualifier=qualifier, kind=kind, reason=reason, amends_id=figure.id,
        event_id=event.id if event else figure.event_id, entered_at=now(session), entered_by=actor.person_id,
        entered_as=actor.title, **{name: getattr(figure, name) for name in same},
    )  # fmt: skip
    session.add(new)
    session.flush()
    return new


def said_of(figure: Figure) -> dict[str, Any]:
    """Return what the log says of a figure that was entered."""
    said = {
        "id": figure.id, "indicator": figure.indicator_code, "value": figure.value, "qualifier": figure.qualifier,
        "held_on": figure.held_on, "kind": figure.kind, "amends": figure.amends_id,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value is not None}

"""Suspected doubles: records that may be one event are put before the lead, who decides; the machine never merges."""

from typing import Any, Final

from sqlalchemy import Select, and_, case, or_, select, update
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql import ColumnElement

from engine import assignments, audit, instances, reports, uses
from engine.audit import Fact
from engine.clock import now
from engine.notation import format_date
from engine.operators import Call, operator
from models.assignments import OPEN, Assignment, Part
from models.definitions import Definition
from models.errors import WrongState
from models.instances import LIVE, Instance
from models.orders import Order
from models.organizations import Area
from models.permissions import SYSTEM
from models.reports import EventRecord, KeptApart, Suspicion

PROCESS: Final = "suspicion"
_ASK, _SETTLE = "ask", "settle"

_one, _other = aliased(EventRecord, name="one"), aliased(EventRecord, name="other")


def compare(session: Session, limit: int = 500) -> int:
    """Compare up to `limit` new events with the others of their order; return how many were new.

    Same place, same day, same series, reported by different organizations: such a pair is suspected, once. Whoever
    comes to a new event while it is compared waits for the row and then finds nothing to do.
    """
    fresh = select(EventRecord.id).where(EventRecord.compared_at.is_(None)).order_by(EventRecord.id).limit(limit)
    ids = session.scalars(fresh.with_for_update()).all()
    if not ids:
        return 0
    session.execute(update(EventRecord).where(EventRecord.id.in_(ids)).values(compared_at=now(session)))
    for one_id, other_id in sorted({(min(pair), max(pair)) for pair in session.execute(_alike(ids))}):
        session.add(Suspicion(one_id=one_id, other_id=other_id, raised_at=now(session)))
    session.flush()
    return len(ids)


def _alike(ids: Any) -> Select[str, str]:
    """Select the pairs of new events and those that look the same, where nobody was asked or has decided."""
    by, other_by = aliased(Assignment), aliased(Assignment)
    same = [getattr(_one, name) == getattr(_other, name) for name in ("order_id", "held_on", "area_id")]
    known = select(Suspicion.id).where(_is_of(Suspicion)).exists()
    return (
        select(_one.id, _other.id)
        .join(_other, and_(*same, _one.series.is_not_distinct_from(_other.series), _one.id != _other.id))
        .join(by, by.id == _one.assignment_id)
        .join(other_by, other_by.id == _other.assignment_id)
        .where(_one.id.in_(ids), by.organization_id != other_by.organization_id)
        .where(*_counts(_one), *_counts(_other), ~known, ~select(KeptApart.one_id).where(_is_of(KeptApart)).exists())
    )


def _is_of(pair: type[Suspicion] | type[KeptApart]) -> ColumnElement[bool]:
    ordered = and_(pair.one_id == _one.id, pair.other_id == _other.id)
    return or_(ordered, and_(pair.one_id == _other.id, pair.other_id == _one.id))


def _counts(event: type[EventRecord]) -> tuple[ColumnElement[bool], ...]:
    return (event.withdrawn_at.is_(None), event.merged_into_id.is_(None), event.not_held_reason.is_(None))


def due(session: Session, limit: int) -> list[str]:
    """Return the suspicions somebody is to be asked about, or no longer."""
    return list(session.scalars(_unsettled().with_only_columns(Suspicion.id).order_by(Suspicion.id).limit(limit)))


def follow(session: Session, suspicion_id: str) -> None:
    """Ask the lead about a suspicion, or end the question where there is nothing left to decide. Twice is harmless.

    A lead that comes after another is asked anew: what the one before was asked ended with its share.
    """
    suspicion = session.get_one(Suspicion, suspicion_id)
    # Instances first, as everybody locks: the lead may be deciding.
    asked = instances.lock(session, suspicion.instance_id) if suspicion.instance_id else None
    session.refresh(suspicion, with_for_update=True)
    found = session.execute(_unsettled().where(Suspicion.id == suspicion_id)).one_or_none()
    if found is None:
        return
    if found.next == _ASK:
        _ask(session, suspicion)
        return
    suspicion.settled_at = now(session)
    if asked is not None:
        instances.cancel(session, asked, actor=SYSTEM, reason="nothing_to_decide")


def _unsettled() -> Select[str, str]:
    """Select (suspicion, what is to be done) where something is."""
    apart = select(KeptApart.one_id).where(_is_of(KeptApart)).exists()
    moot = or_(apart, Order.closed_at.is_not(None), ~and_(*_counts(_one), *_counts(_other)))
    lead = select(Assignment.id).where(
        Assignment.order_id == _one.order_id, Assignment.part == Part.LEAD, Assignment.progress.in_(sorted(OPEN))
    )
    in_use = Definition.active().where(Definition.process_id == PROCESS, Definition.suspended_at.is_(None))
    unasked = or_(Instance.id.is_(None), Instance.state == "handed_over")
    is_over = Instance.state.not_in((*LIVE, "handed_over"))
    next_act = case((or_(moot, is_over), _SETTLE), (and_(unasked, lead.exists(), in_use.exists()), _ASK)).label("next")
    return (
        select(Suspicion.id, next_act)
        .join(_one, _one.id == Suspicion.one_id)
        .join(_other, _other.id == Suspicion.other_id)
        .join(Order, Order.id == _one.order_id)
        .outerjoin(Instance, Instance.id == Suspicion.instance_id)
        .where(Suspicion.settled_at.is_(None), next_act.is_not(None))
    )


def _ask(session: Session, suspicion: Suspicion) -> None:
    """Open the task of the lead."""
    one = session.get_one(EventRecord, suspicion.one_id)
    if one.order_id is None:
        raise LookupError("events outside orders are not compared")
    lead = assignments.lead_of(session, one.order_id)
    pair = {"one": suspicion.one_id, "other": suspicion.other_id}
    definition = uses.active(session, PROCESS, area_id=lead.area_id)
    # Where and when, so that two such questions do not look alike in a list.
    where = f"{session.get_one(Area, one.area_id).name}, {format_date(one.held_on)}"
    instance = instances.start(session, definition, actor=SYSTEM, assignment=lead, data=pair, place=where)
    suspicion.instance_id = instance.id
    audit.record(
        session, SYSTEM, Fact.EVENT_SUSPECTED, one, order_id=one.order_id, instance_id=instance.id,
        other=suspicion.other_id, held_on=one.held_on,
    )  # fmt: skip


@operator("suspicions.decide")
def decide(call: Call) -> dict[str, object]:
    """Take the lead's verdict: one event, counted by the one record or the other, or two events."""
    values = call.values
    suspicion = call.session.scalar(select(Suspicion).where(Suspicion.instance_id == call.instance.id))
    if suspicion is None:
        raise WrongState("step_cannot_run", subject=call.instance)
    one, other = (call.session.get_one(EventRecord, id) for id in (suspicion.one_id, suspicion.other_id))
    reason = str(values.get("reason") or "")
    match values.get("decision"):
        case "merge_into_first":
            reports.merge_events(call.session, one, other, actor=call.actor, reason=reason)
        case "merge_into_second":
            reports.merge_events(call.session, other, one, actor=call.actor, reason=reason)
        case "keep_both":
            reports.keep_both(call.session, one, other, actor=call.actor, reason=reason)
        case _:
            raise WrongState("step_cannot_run", subject=call.instance)
    suspicion.settled_at = now(call.session)
    return {}

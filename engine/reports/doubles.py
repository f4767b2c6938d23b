"""One event, many claims: the lead's verdict on two records that may be one event; the machine never merges."""

from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine import audit
from engine.audit import Fact
from engine.clock import now
from engine.reports.correcting import amended, said_of
from models.assignments import OPEN, Assignment, Part
from models.errors import Invalid, NotAllowed, WrongState
from models.orders import Order
from models.permissions import Actor
from models.reports import WITHDRAWN, Claim, EventRecord, Figure, KeptApart
from models.text import nfc


def merge_events(session: Session, keep: EventRecord, drop: EventRecord, *, actor: Actor, reason: str) -> EventRecord:
    """Gộp: count an event once that two organizations recorded; both keep their claim.

    The figures of `drop` are taken back, except those `keep` has none of: they go over to it.
    Errors: NotAllowed but for the lead and the bloc; WrongState if one of them is gone; Invalid without a reason.
    """
    _require(session, keep, drop, actor=actor, reason=reason)
    counted = set(session.scalars(select(Figure.indicator_code).where(Figure.event_id == keep.id, Figure.stands())))
    moved, entered = {}, []
    for figure in session.scalars(Figure.current().where(Figure.event_id == drop.id).order_by(Figure.id)).all():
        stays = figure.indicator_code not in counted
        moved[figure.id] = "moved" if stays else "taken_back"
        new = amended(
            session, figure, actor=actor, reason=nfc(reason.strip()), event=keep if stays else drop,
            value=figure.value if stays else Decimal(0), qualifier=figure.qualifier if stays else "exact",
            kind="correction" if stays else WITHDRAWN,
        )  # fmt: skip
        entered.append(said_of(new))
    claimed = {claim.organization_id for claim in keep.claims}
    for claim in drop.claims:
        if claim.organization_id not in claimed:
            keep.claims.append(Claim(event_id=keep.id, organization_id=claim.organization_id, part=claim.part))
    drop.merged_into_id = keep.id
    audit.record(
        session, actor, Fact.EVENT_MERGED, keep, order_id=keep.order_id, reason=reason, dropped=drop.id, figures=moved,
        entered=entered,
    )  # fmt: skip
    session.flush()
    return keep


def keep_both(session: Session, one: EventRecord, other: EventRecord, *, actor: Actor, reason: str) -> None:
    """Giữ cả hai: note that two records are two events, with the reason; they are not suspected again."""
    _require(session, one, other, actor=actor, reason=reason)
    first, second = sorted((one.id, other.id))
    session.merge(
        KeptApart(one_id=first, other_id=second, reason=nfc(reason.strip()), at=now(session), by=actor.person_id)
    )
    audit.record(session, actor, Fact.EVENT_KEPT_APART, one, order_id=one.order_id, reason=reason, other=other.id)
    session.flush()


def _require(session: Session, one: EventRecord, other: EventRecord, *, actor: Actor, reason: str) -> None:
    # Lock first, look second: the other half of a pair may be dropped at this very moment.
    query = select(EventRecord).where(EventRecord.id.in_((one.id, other.id))).order_by(EventRecord.id)
    session.execute(query.with_for_update().execution_options(populate_existing=True)).all()
    if not _decides(session, one, actor):
        raise NotAllowed("may_not_decide_doubles", subject=one)
    if one.id == other.id or one.order_id != other.order_id:
        raise Invalid({"other": "not_a_pair"}, reason="not_a_pair")
    for event in (one, other):
        if not event.stands:
            raise WrongState("event_gone", subject=event)
    if not reason.strip():
        raise Invalid({"reason": "required"}, reason="reason_required")


def _decides(session: Session, event: EventRecord, actor: Actor) -> bool:
    if actor.is_system:
        return True
    lead = select(Assignment.id).where(
        Assignment.order_id == event.order_id, Assignment.part == Part.LEAD, Assignment.progress.in_(sorted(OPEN)),
        Assignment.organization_id == actor.organization_id,
    )  # fmt: skip
    focal = select(Order.id).where(Order.id == event.order_id, Order.focal_id == actor.organization_id)
    return session.scalar(select(or_(lead.exists(), focal.exists()))) or False

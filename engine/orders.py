"""What may be done to an order: create, check for overlap, sign, accept the result, withdraw."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engine import audit, instances, notifications, uses
from engine.audit import Fact
from engine.clock import ZONE, now
from engine.reasons import require_reason
from engine.targets import set_indicators
from models.assignments import OPEN, Assignment, Progress
from models.errors import NotAllowed, NotFound, WrongState
from models.instances import LIVE, Instance
from models.orders import Order
from models.organizations import Area, Organization
from models.permissions import Actor, Permission, may
from models.tasks import Task
from models.text import fold, nfc

# Small processes beside the shares: they ask something and hold nobody up.
ASIDE = ("extension", "conflict", "amendment", "handover", "suspicion")


def create(session: Session, *, actor: Actor) -> Order:
    """Begin an order of the actor's organization: its process starts and waits for the draft."""
    if not may(actor, Permission.ORDER_CREATE):
        raise NotAllowed("may_not_order")
    issuer = session.get_one(Organization, actor.organization_id)
    focal = session.scalar(Organization.bloc_in(issuer.area_id, at=now(session)))
    if focal is None:
        raise NotFound("no_bloc_agency", area=issuer.area_id)
    order = _new(session, issuer, focal, kind="order")
    audit.record(session, actor, Fact.ORDER_CREATED, order, order_id=order.id)
    definition = uses.active(session, "order", area_id=order.area_id)
    instances.start(session, definition, actor=actor, order=order)
    return order


def create_work(session: Session, *, actor: Actor, title: str = "", indicators: Sequence[str] = ()) -> Order:
    """Begin work the actor's organization gives within its own field (not an order)."""
    if not may(actor, Permission.INSTANCE_START):
        raise NotAllowed("may_not_start")
    owner = session.get_one(Organization, actor.organization_id)
    order = _new(session, owner, owner, kind="work")
    order.title, order.title_fold = nfc(title), fold(title)
    if indicators:
        set_indicators(session, order, indicators)
    audit.record(session, actor, Fact.ORDER_CREATED, order, order_id=order.id, kind="work", title=order.title or None)
    add_work(session, order, actor=actor)
    return order


def add_work(session: Session, order: Order, *, actor: Actor) -> Instance:
    """Give another organization a part of own work: one more instance of process `work`."""
    if order.kind != "work" or order.issuer_id != actor.organization_id:
        raise NotAllowed("may_not_add_work", subject=order)
    definition = uses.active(session, "work", area_id=order.area_id)
    return instances.start(session, definition, actor=actor, order=order)


def _new(session: Session, issuer: Organization, focal: Organization, *, kind: str) -> Order:
    order = Order(
        kind=kind,
        issuer_id=issuer.id,
        focal_id=focal.id,
        area_id=issuer.area_id,
        created_at=now(session),
        progress=Progress.NOT_STARTED,
    )
    session.add(order)
    session.flush()
    return order


def overlaps(session: Session, order: Order) -> list[Order]:
    """Return running orders on the same topic, in the same area or one above or below, at an overlapping time."""
    if order.topic_code in (None, "other"):
        return []
    lines = select(Area.id).where((Area.id == order.area_id) | (Area.parent_id == order.area_id))
    above = [area for area, _ in session.execute(Area.line(order.area_id))]
    query = select(Order).where(
        Order.id != order.id,
        Order.topic_code == order.topic_code,
        Order.signed_at.is_not(None),
        Order.closed_at.is_(None),
        Order.area_id.in_(above) | Order.area_id.in_(lines),
    )
    if order.period_to is not None:
        query = query.where(Order.period_from.is_(None) | (Order.period_from <= order.period_to))
    if order.period_from is not None:
        query = query.where(Order.period_to.is_(None) | (Order.period_to >= order.period_from))
    return list(session.scalars(query.order_by(Order.number)))


def next_number(session: Session, order: Order) -> str:
    """Return the next number of the issuer's register for the year: ĐH-2018-04 (CT for own work)."""
    # Who signs at the same moment waits here for the number before.
    session.execute(select(Organization.id).where(Organization.id == order.issuer_id).with_for_update())
    year = now(session).astimezone(ZONE).year
    prefix = f"{'ĐH' if order.kind == 'order' else 'CT'}-{year}-"
    taken = session.scalar(select(func.count()).select_from(Order).where(Order.number.like(prefix + "%"))) or 0
    return f"{prefix}{taken + 1:02d}"


def withdraw(session: Session, order: Order, *, actor: Actor, reason: str) -> None:
    """Withdraw an order before its acceptance: every live instance ends, nothing counted is deleted."""
    if not may(actor, Permission.ORDER_WITHDRAW, order):
        raise NotAllowed("may_not_withdraw", subject=order)
    require_reason(reason)
    live = _lock_live(session, order)  # instances before the order, as everybody locks
    session.refresh(order, with_for_update=True)
    if order.closed_at is not None:
        raise WrongState("order_closed", subject=order, at=order.closed_at)
    _cancel(session, live, actor=actor, reason=reason)
    session.execute(
        update(Assignment)
        .where(Assignment.order_id == order.id, Assignment.progress.in_(sorted(OPEN)))
        .values(progress=Progress.CANCELLED, closed_at=now(session))
    )
    # What began while we waited for its share; from here on nothing can begin.
    _cancel(session, _lock_live(session, order), actor=actor, reason=reason)
    before = order.progress
    order.progress, order.closed_at, order.withdrawn_reason = Progress.CANCELLED, now(session), reason
    audit.record(
        session,
        actor,
        Fact.ORDER_WITHDRAWN,
        order,
        order_id=order.id,
        reason=reason,
        before={"progress": before},
        after={"progress": str(Progress.CANCELLED)},
    )
    tell_parties(session, order, Fact.ORDER_WITHDRAWN, reason=reason)


def _lock_live(session: Session, order: Order, *processes: str) -> Sequence[Instance]:
    live = select(Instance).where(Instance.order_id == order.id, Instance.state.in_(LIVE)).order_by(Instance.id)
    if processes:
        live = live.where(Instance.process_id.in_(processes))
    return session.scalars(live.with_for_update().execution_options(populate_existing=True)).all()


def _cancel(session: Session, live: Sequence[Instance], *, actor: Actor, reason: str) -> None:
    for instance in live:
        instances.cancel(session, instance, actor=actor, reason=reason)


def drop_questions(session: Session, order: Order, *, actor: Actor) -> None:
    """End what was asked aside and not decided, because the order is closed."""
    _cancel(session, _lock_live(session, order, *ASIDE), actor=actor, reason="order_closed")


def tell_parties(session: Session, order: Order, fact: Fact, **facts: Any) -> None:
    """Notify every organization that takes part in an order."""
    parties = select(Assignment.organization_id).where(Assignment.order_id == order.id).distinct()
    for organization_id in session.scalars(parties).all():
        notifications.notify(
            session,
            fact,
            organization_id=organization_id,
            order_id=order.id,
            title=order.title,
            number=order.number,
            **facts,
        )


def open_tasks(order_id: str) -> Any:
    """Select the open tasks of an order: who holds the ball."""
    return select(Task).where(Task.order_id == order_id, Task.state == "open").order_by(Task.due_sort, Task.id)

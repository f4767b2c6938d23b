"""The selects of the figures pages, named by what they find; none runs itself."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from models.orders import Order, OrderIndicator
from models.organizations import Area, Organization
from models.permissions import Actor
from models.reports import Claim, EventRecord, Figure, Indicator
from models.rollups import Total
from models.tasks import Attachment

MOST_ORDERS = 50


def counted(actor: Actor) -> Select[Order, OrderIndicator, Indicator, Total]:
    """Select everything the visible orders count, with the total of each order's own area where there is one."""
    total = and_(
        Total.order_id == Order.id,
        Total.indicator_code == Indicator.code,
        Total.area_id == Order.area_id,
        Total.figures > 0,
    )
    return (
        select(Order, OrderIndicator, Indicator, Total)
        .join(OrderIndicator, OrderIndicator.order_id == Order.id)
        .join(Indicator, OrderIndicator.indicator_code == Indicator.code)
        .outerjoin(Total, total)
        .where(Order.is_visible_to(actor))
        .order_by(Order.kind, Order.number, Order.id, OrderIndicator.position)
    )


def whole(actor: Actor, order_id: str) -> Select[Order]:
    """Select one visible order."""
    return Order.visible_to(actor).where(Order.id == order_id).options(joinedload(Order.issuer))


def of_order(order_id: str) -> Select[OrderIndicator, Indicator]:
    """Select what an order counts, in its order."""
    return (
        select(OrderIndicator, Indicator)
        .join(Indicator, OrderIndicator.indicator_code == Indicator.code)
        .where(OrderIndicator.order_id == order_id)
        .order_by(OrderIndicator.position)
    )


def totals_below(order_id: str, codes: Sequence[str], area_id: str) -> Select[Total, Area]:
    """Select the totals of an area and of those directly below it."""
    return (
        select(Total, Area)
        .join(Area, Total.area_id == Area.id)
        .where(
            Total.order_id == order_id,
            Total.indicator_code.in_(codes),
            Total.figures > 0,
            or_(Area.id == area_id, Area.parent_id == area_id),
        )
        .order_by(Area.name_sort)
    )


def by_day(order_id: str, code: str) -> Select[Any, Any, str, int]:
    """Select (day, value, word, how many) of the figures that stand: equal values are counted, not listed."""
    return (
        select(Figure.held_on, Figure.value, Figure.qualifier, func.count())
        .where(Figure.order_id == order_id, Figure.indicator_code == code, Figure.stands())
        .group_by(Figure.held_on, Figure.value, Figure.qualifier)
        .order_by(Figure.held_on)
    )


def not_held(order_id: str) -> Select[Any, str | None]:
    """Select (day, reason) of what did not take place."""
    return (
        select(EventRecord.held_on, EventRecord.not_held_reason)
        .where(
            EventRecord.order_id == order_id,
            EventRecord.not_held_reason.is_not(None),
            EventRecord.withdrawn_at.is_(None),
        )
        .distinct()
    )


def record(actor: Actor, figure_id: str) -> Select[Figure]:
    """Select one figure of an order one may see."""
    orders = select(Order.id).where(Order.is_visible_to(actor))
    return (
        select(Figure)
        .where(Figure.id == figure_id, Figure.order_id.in_(orders))
        .options(joinedload(Figure.indicator), joinedload(Figure.area).joinedload(Area.parent))
    )


def photos_of(task_ids: Sequence[str]) -> Select[Attachment]:
    """Select the files handed in with reports."""
    handed_in = Attachment.task_id.in_(task_ids), Attachment.removed_at.is_(None), Attachment.is_shared()
    return select(Attachment).where(*handed_in)


def claims_of(event_id: str) -> Select[str, str]:
    """Select (body, part) of those who claim an event."""
    return (
        select(Organization.name, Claim.part)
        .join(Claim, Claim.organization_id == Organization.id)
        .where(Claim.event_id == event_id)
        .order_by(Organization.name_sort)
    )


def newer_than(figure_id: str) -> Select[Figure]:
    """Select the figure that amends one."""
    return select(Figure).where(Figure.amends_id == figure_id)

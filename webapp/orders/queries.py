"""The selects of the order pages, named by what they find; none runs itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from models.assignments import OPEN, Assignment, Part, Progress
from models.audit import AuditEntry
from models.orders import Order, Watch
from models.organizations import Area, Organization
from models.permissions import Actor
from models.tasks import Attachment, Task
from models.text import fold, nfc

IS_OPEN = tuple(sorted(OPEN))
GONE = (Progress.REFUSED, Progress.CANCELLED)
STATES = {"open": IS_OPEN, "done": (Progress.DONE,), "cancelled": GONE, "all": tuple(sorted(Progress))}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of orders is narrowed by, as it stands in the address."""

    state: str = "open"
    due: str = ""
    kind: str = ""
    q: str = ""
    after: str = ""


def listed(actor: Actor, filters: Filters, *, now: datetime) -> Select[Order]:
    """Select the orders an actor may see, newest first."""
    query = Order.visible_to(actor).where(Order.progress.in_(STATES.get(filters.state, IS_OPEN)))
    if filters.due == "overdue":
        query = query.where(Order.due_at < now, Order.submitted_at.is_(None))
    if filters.kind in ("order", "work"):
        query = query.where(Order.kind == filters.kind)
    if wanted := fold(filters.q):
        query = query.where(or_(Order.title_fold.contains(wanted), _numbered(filters.q)))
    if filters.after:
        query = query.where(Order.id < filters.after)
    return query.options(joinedload(Order.issuer), joinedload(Order.focal)).order_by(Order.id.desc())


def _numbered(typed: str) -> ColumnElement[bool]:
    """Return the condition that the number holds what was typed: ĐH-2018-02, dh 2018 02 or 2018-02."""
    digits = "-".join(word for word in fold(typed).split() if word.isdigit())
    return or_(Order.number.contains(nfc(typed).upper()), Order.number.contains(digits) if digits else false())


def leads_of(orders: Sequence[str]) -> Select[str, str, str]:
    """Select (order, organization, its name) of the one active lead of each order."""
    return (
        select(Assignment.order_id, Organization.id, Organization.short_name)
        .join(Organization, Assignment.organization_id == Organization.id)
        .where(Assignment.order_id.in_(orders), Assignment.part == Part.LEAD, Assignment.progress.not_in(GONE))
    )


def holders_of(orders: Sequence[str]) -> Select[str | None, str, int]:
    """Select (order, name of one organization with open work, how many there are)."""
    return (
        select(Task.order_id, func.min(Organization.short_name), func.count(Organization.id.distinct()))
        .join(Organization, Task.organization_id == Organization.id)
        .where(Task.order_id.in_(orders), Task.state == "open")
        .group_by(Task.order_id)
    )


def whole(actor: Actor, order_id: str) -> Select[Order]:
    """Select an order with the bodies that issue and receive it."""
    place = joinedload(Order.issuer).joinedload(Organization.area)
    kind = joinedload(Order.issuer).joinedload(Organization.type)
    return Order.visible_to(actor).where(Order.id == order_id).options(place, kind, joinedload(Order.focal))


_above = aliased(Assignment)
_nested = and_(Assignment.part == Part.LOCAL, _above.part == Part.LOCAL)


def trunk(order_id: str) -> Select[Assignment]:
    """Select the shares of an order down to the first local level; what lies below is counted by `below`."""
    return (
        select(Assignment)
        .join(Area, Assignment.area_id == Area.id)
        .outerjoin(_above, Assignment.parent_id == _above.id)
        .where(Assignment.order_id == order_id, or_(_above.id.is_(None), ~_nested))
        .options(joinedload(Assignment.organization), joinedload(Assignment.area))
        .order_by(Area.name_sort, Assignment.id)
    )


def branch(assignment_id: str) -> Select[Assignment]:
    """Select the shares a local share gave out, in Vietnamese order of their places."""
    return (
        select(Assignment)
        .join(Area, Assignment.area_id == Area.id)
        .where(Assignment.parent_id == assignment_id)
        .options(joinedload(Assignment.organization), joinedload(Assignment.area))
        .order_by(Area.name_sort, Assignment.id)
    )


def below(order_id: str, *, now: datetime) -> Select[str | None, str, int, Any]:
    """Select (share above, progress, how many, how many of them late) of the shares `trunk` leaves out."""
    late = case((and_(Assignment.due_at < now, Assignment.progress.in_(IS_OPEN)), 1), else_=0)
    return (
        select(Assignment.parent_id, Assignment.progress, func.count(), func.sum(late))
        .join(_above, Assignment.parent_id == _above.id)
        .where(Assignment.order_id == order_id, _nested)
        .group_by(Assignment.parent_id, Assignment.progress)
    )


def balls(order_id: str) -> Select[str | None, str, str, int]:
    """Select (share of the trunk or None for the issuer, a body, its name, how many) of who holds open work."""
    node = case((_nested, _above.id), else_=Assignment.id)
    return (
        select(node, func.min(Organization.id), func.min(Organization.name), func.count(Organization.id.distinct()))
        .select_from(Task)
        .join(Organization, Task.organization_id == Organization.id)
        .outerjoin(Assignment, Task.assignment_id == Assignment.id)
        .outerjoin(_above, Assignment.parent_id == _above.id)
        .where(Task.order_id == order_id, Task.state == "open")
        .group_by(node)
    )


def balls_below(assignment_id: str) -> Select[str | None]:
    """Select the shares below a share that hold open work."""
    return (
        select(Task.assignment_id)
        .join(Assignment, Task.assignment_id == Assignment.id)
        .where(Assignment.parent_id == assignment_id, Task.state == "open")
        .distinct()
    )


def files(order_id: str) -> Select[Attachment]:
    """Select the files handed in for an order, newest first."""
    return (
        select(Attachment)
        .where(Attachment.order_id == order_id, Attachment.removed_at.is_(None), Attachment.is_shared())
        .order_by(Attachment.at.desc(), Attachment.id.desc())
    )


def told(order_id: str, facts: Sequence[Any]) -> Select[AuditEntry]:
    """Select the entries of an order that make its story, newest first."""
    return (
        select(AuditEntry)
        .where(AuditEntry.order_id == order_id, AuditEntry.fact.in_(facts), AuditEntry.refused.is_(False))
        .order_by(AuditEntry.seq.desc())
    )


def main_steps(order_id: str, processes: Sequence[str]) -> Select[str, str | None, datetime | None]:
    """Select (title, who by post, when) of the completed steps of an order's main line, newest first."""
    return (
        select(Task.title, Task.closed_title, Task.closed_at)
        .where(Task.order_id == order_id, Task.state == "completed", Task.process_id.in_(processes))
        .order_by(Task.closed_at.desc())
    )


def watched_by(actor: Actor, order_id: str) -> Select[Watch]:
    """Select whether the person follows the order."""
    return select(Watch).where(Watch.person_id == actor.person_id, Watch.order_id == order_id)

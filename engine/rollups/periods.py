"""Sums of a part of an order's time, added up from the leaves by the same rules as the totals."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from engine.rollups.adding import Sum, week_of
from models.orders import Order
from models.organizations import Area
from models.reports import Figure, Indicator


@dataclass(frozen=True, slots=True)
class Period:
    """A part of time, both ends inclusive; open ends mean from the beginning, until now."""

    since: date | None = None
    until: date | None = None

    @property
    def is_whole(self) -> bool:
        return self.since is None and self.until is None

    def contains_held(self) -> list[ColumnElement[bool]]:
        """Return the conditions on figures; a stock is what it was at the end, however old its last value."""
        conditions: list[ColumnElement[bool]] = []
        if self.since is not None:
            conditions.append(or_(Indicator.aggregation == "last", Figure.held_on >= self.since))
        if self.until is not None:
            conditions.append(Figure.held_on <= self.until)
        return conditions


WHOLE = Period()


def branches_of(area_id: str, *, order_id: str | None) -> Any:
    """Return the table (branch, area_id): all areas beneath each one directly below, and all beneath the area itself.

    With `order_id` the area is the order's own, which counts figures from anywhere.
    """
    down = select(Area.id.label("branch"), Area.id.label("area_id")).where(Area.parent_id == area_id)
    down_table = down.cte("branches", recursive=True)
    down_table = down_table.union_all(
        select(down_table.c.branch, Area.id).join(down_table, Area.parent_id == down_table.c.area_id)
    )
    every = select(Figure.area_id).where(Figure.order_id == order_id).distinct() if order_id else within(area_id)
    whole = every.subquery("whole")
    own = select(literal(area_id).label("branch"), whole.c[0].label("area_id"))
    return select(down_table.c.branch, down_table.c.area_id).union_all(own).subquery("both")


def within(area_id: str) -> Select[tuple[str]]:
    """Select the ids of an area and of all beneath it."""
    down = select(Area.id).where(Area.id == area_id).cte("within", recursive=True)
    down = down.union_all(select(Area.id).join(down, Area.parent_id == down.c.id))
    return select(down.c.id)


def counted(order_id: str, period: Period) -> list[ColumnElement[bool]]:
    """Return the conditions on figures (with their indicators) that make an order's totals in a period.

    They stand, and no newer value of the same unit takes the place of a stock.
    """
    newer = aliased(Figure)
    unit = ("order_id", "indicator_code", "area_id", "organization_id")
    query = select(newer.id).where(
        *(getattr(newer, name) == getattr(Figure, name) for name in unit), newer.stands(),
        or_(newer.held_on > Figure.held_on, and_(newer.held_on == Figure.held_on, newer.id > Figure.id)),
    )  # fmt: skip
    if period.until is not None:
        query = query.where(newer.held_on <= period.until)
    last = or_(Indicator.aggregation != "last", ~query.exists())
    return [Figure.order_id == order_id, Figure.stands(), last, *period.contains_held()]


def sums_of_order(session: Session, order: Order, period: Period) -> dict[str, Sum]:
    """Return the sum of each indicator over a whole order in a period; one statement."""
    found = _grouped(session, order.id, period, branches=None, code=None)
    return {code: total for (_, code), total in found.items()}


def sums_below(
    session: Session, order_id: str, code: str, area_id: str, period: Period, *, is_top: bool
) -> dict[str, Sum]:
    """Return the sum of an indicator in an area and in each directly below it, in a period; one statement."""
    branches = branches_of(area_id, order_id=order_id if is_top else None)
    found = _grouped(session, order_id, period, branches=branches, code=code)
    return {branch: total for (branch, _), total in found.items()}


def _grouped(
    session: Session, order_id: str, period: Period, *, branches: Any, code: str | None
) -> dict[tuple[str, str], Sum]:
    branch = literal("") if branches is None else branches.c.branch
    # Equal values are added by the database as a count: exact on a database without decimals, and few rows.
    week = case((Indicator.aggregation == "weeks", Figure.held_on))
    area = case((Indicator.aggregation == "areas", Figure.area_id))
    groups = (branch, Figure.indicator_code, Indicator.aggregation, Figure.value, Figure.qualifier, week, area)
    query = (
        select(*groups, func.count())
        .select_from(Figure)
        .join(Indicator, Indicator.code == Figure.indicator_code)
        .where(*counted(order_id, period))
        .group_by(*groups)
    )
    if branches is not None:
        query = query.join(branches, branches.c.area_id == Figure.area_id)
    if code is not None:
        query = query.where(Figure.indicator_code == code)
    return _added(session.execute(query))


def _added(rows: Any) -> dict[tuple[str, str], Sum]:
    sums: defaultdict[tuple[str, str], Sum] = defaultdict(Sum)
    members: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for branch, code, aggregation, value, qualifier, week, area, count in rows:
        if aggregation in ("sum", "last"):
            sums[branch, code].add(value, qualifier, count)
        elif aggregation in ("weeks", "areas"):
            sums[branch, code].add(Decimal(0), "exact", count)
            if value > 0:
                members[branch, code].add(area or week_of(week))
    for key, different in members.items():
        sums[key].value += len(different)
    return dict(sums)

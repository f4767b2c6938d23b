"""What an order reached: each indicator against its target, with who is missing; and the same, area by area."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from engine.indicators import display, percent, unit_of
from engine.rollups.adding import Sum
from engine.rollups.coverage import Coverage, Units, place_name, units_of
from engine.rollups.periods import WHOLE, Period, sums_below, sums_of_order
from models.errors import NotFound
from models.orders import Order, OrderIndicator, Target
from models.organizations import Area
from models.reports import Indicator
from models.rollups import Total

_ADDS: Final = ("sum", "last")  # aggregations whose parts add up to the whole


@dataclass(frozen=True, slots=True)
class Result:
    """An indicator of an order: what was reached, of what target, and how to write it.

    `value` is None while there is no figure at all; `display` then says so. `percent` is of the target, two decimals,
    and carries the word of the value; `reached` is None without a target or a figure.
    """

    code: str
    name: str
    unit: str
    value: Decimal | None
    qualifier: str
    figures: int
    display: str
    target: Decimal | None
    target_display: str | None
    percent: Decimal | None
    reached: bool | None
    topic_id: str | None
    coverage: Coverage

    @property
    def has_figures(self) -> bool:
        return self.figures > 0


@dataclass(frozen=True, slots=True)
class Part:
    """An area within a breakdown; `own` marks what was entered for the asked area itself or outside of it."""

    area_id: str
    name: str
    value: Decimal | None
    qualifier: str
    figures: int
    display: str
    target: Decimal | None
    percent: Decimal | None
    coverage: Coverage
    own: bool = False


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A total and the parts it is made of; `adds_up` is false where the same week may stand in several parts."""

    code: str
    name: str
    unit: str
    total: Part
    parts: tuple[Part, ...]
    adds_up: bool


def results(session: Session, order: Order, *, period: Period = WHOLE, locale: str = "vi") -> list[Result]:
    """Return what an order reached, indicator by indicator in its order; three statements."""
    query = select(OrderIndicator, Indicator).join(Indicator, Indicator.code == OrderIndicator.indicator_code)
    query = query.where(OrderIndicator.order_id == order.id).order_by(OrderIndicator.position)
    rows = session.execute(query).all()
    sums = _totals(session, order) if period.is_whole else sums_of_order(session, order, period)
    coverage = units_of(session, order.id).coverage(order.area_id)
    return [_result(asked, indicator, sums.get(indicator.code), coverage, locale) for asked, indicator in rows]


def _totals(session: Session, order: Order) -> dict[str, Sum]:
    query = select(Total).where(Total.order_id == order.id, Total.area_id == order.area_id, Total.figures > 0)
    return {total.indicator_code: _sum(total) for total in session.scalars(query)}


def _sum(total: Total) -> Sum:
    return Sum(total.value, total.figures, {"over": total.over, "nearly": total.nearly, "about": total.about})


def _result(asked: OrderIndicator, indicator: Indicator, total: Sum | None, coverage: Coverage, locale: str) -> Result:
    total = total or _declared(coverage)
    value, qualifier = (total.value, total.qualifier) if total else (None, "exact")
    return Result(
        code=indicator.code,
        name=name_of(indicator, locale),
        unit=unit_of(indicator, locale),
        value=value,
        qualifier=qualifier,
        figures=total.figures if total else 0,
        display=display(indicator, value, qualifier, locale=locale),
        target=asked.target,
        target_display=display(indicator, asked.target, locale=locale, base=False) if asked.target else None,
        percent=percent(value, asked.target) if asked.target and value is not None else None,
        reached=reaches(value, qualifier, asked.target) if asked.target and value is not None else None,
        topic_id=asked.topic_id,
        coverage=coverage,
    )


def _declared(coverage: Coverage) -> Sum | None:
    """Return a true 0 where everybody who reported said "Không phát sinh"; else None, which is no figure."""
    return Sum() if coverage.nothing and not coverage.with_figures else None


def reaches(value: Decimal, qualifier: str, target: Decimal) -> bool:
    """Tell whether a value reaches a target; "gần 200" and "khoảng 200" do not reach 200."""
    return value > target or (value == target and qualifier in ("exact", "over"))


def name_of(indicator: Indicator, locale: str) -> str:
    """Return the name in the reader's language."""
    return (indicator.name_en if locale == "en" else "") or indicator.name


def breakdown(
    session: Session, order_id: str, indicator_code: str, area_id: str, *, period: Period = WHOLE, locale: str = "vi"
) -> Breakdown:
    """Return an indicator's total in an area and its parts, one for each area directly below; three statements.

    Parts are the areas that got work or have figures, in Vietnamese order. What is left over was entered for the area
    itself (or, in the order's own area, outside of it) and is the last part, marked `own`.
    """
    asked = _asked(session, order_id, indicator_code, area_id)
    units = units_of(session, order_id)
    named = {one: (sort, name) for one, name, sort in units.below(area_id)}
    sums = _sums(session, asked, period, named)
    view = _View(asked, units, locale)
    below = sorted(named, key=lambda one: named[one])
    parts = [view.part(one, named[one][1], sums.get(one)) for one in below]
    adds_up = asked.indicator.aggregation in _ADDS
    own = _rest(sums.get(area_id), [sums[one] for one in below if one in sums])
    if adds_up and parts and own.figures:
        parts.append(view.part(area_id, asked.name, own, own=True))
    return Breakdown(
        code=indicator_code,
        name=name_of(asked.indicator, locale),
        unit=unit_of(asked.indicator, locale),
        total=view.part(area_id, asked.name, sums.get(area_id)),
        parts=tuple(parts),
        adds_up=adds_up,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a breakdown is about: the indicator, the area, whether it is the order's own, the targets by area."""

    order_id: str
    indicator: Indicator
    area_id: str
    name: str
    is_top: bool
    targets: dict[str, Decimal]


def _asked(session: Session, order_id: str, code: str, area_id: str) -> _Asked:
    query = (
        select(Indicator, Order.area_id, OrderIndicator.target, Area.kind, Area.name, Target.area_id, Target.value)
        .select_from(Indicator)
        .join(Order, Order.id == order_id)
        .join(Area, Area.id == area_id)
        .outerjoin(OrderIndicator, and_(OrderIndicator.order_id == order_id, OrderIndicator.indicator_code == code))
        .outerjoin(Target, and_(Target.order_id == order_id, Target.indicator_code == code))
        .where(Indicator.code == code)
    )
    rows = session.execute(query).all()
    if not rows:
        raise NotFound("no_such_figures")
    indicator, top, target, kind, name, _, _ = rows[0]
    targets = {row[5]: row[6] for row in rows if row[5] is not None}
    if target is not None:
        targets[top] = target
    return _Asked(order_id, indicator, area_id, place_name(kind, name), area_id == top, targets)


def _sums(session: Session, asked: _Asked, period: Period, named: dict[str, tuple[str, str]]) -> dict[str, Sum]:
    """Return the sums of the area and of those below; add the names of areas with figures and without work."""
    if period.is_whole:
        query = (
            select(Total, Area.kind, Area.name, Area.name_sort)
            .join(Area, Area.id == Total.area_id)
            .where(Total.order_id == asked.order_id, Total.indicator_code == asked.indicator.code, Total.figures > 0)
            .where(or_(Area.id == asked.area_id, Area.parent_id == asked.area_id))
        )
        rows = session.execute(query).all()
        for total, kind, name, sort in rows:
            if total.area_id != asked.area_id:
                named[total.area_id] = (sort, place_name(kind, name))
        return {total.area_id: _sum(total) for total, *_ in rows}
    sums = sums_below(session, asked.order_id, asked.indicator.code, asked.area_id, period, is_top=asked.is_top)
    unknown = sums.keys() - named.keys() - {asked.area_id}
    if unknown:
        found = session.execute(select(Area.id, Area.kind, Area.name, Area.name_sort).where(Area.id.in_(unknown)))
        named.update({one: (sort, place_name(kind, name)) for one, kind, name, sort in found})
    return sums


def _rest(whole: Sum | None, parts: list[Sum]) -> Sum:
    rest = Sum(whole.value, whole.figures, dict(whole.words)) if whole else Sum()
    for part in parts:
        rest.take(part)
    return rest


@dataclass(frozen=True, slots=True)
class _View:
    """Makes the parts of one breakdown."""

    asked: _Asked
    units: Units
    locale: str

    def part(self, area_id: str, name: str, total: Sum | None, *, own: bool = False) -> Part:
        """Return an area with its sum, target and coverage."""
        coverage = self.units.coverage(area_id)
        total = total or _declared(coverage)
        value, qualifier = (total.value, total.qualifier) if total else (None, "exact")
        target = None if own else self.asked.targets.get(area_id)
        # The base speaks of the whole order's area; a part of it is not compared with that.
        base = self.asked.is_top and area_id == self.asked.area_id and not own
        return Part(
            area_id=area_id,
            name=name,
            value=value,
            qualifier=qualifier,
            figures=total.figures if total else 0,
            display=display(self.asked.indicator, value, qualifier, locale=self.locale, base=base),
            target=target,
            percent=percent(value, target) if target and value is not None else None,
            coverage=coverage,
            own=own,
        )


def coverage(session: Session, order: Order, area: Area | None = None) -> Coverage:
    """Return who has reported and who is missing below an area (default: the order's own)."""
    return units_of(session, order.id).coverage(area.id if area else order.area_id)

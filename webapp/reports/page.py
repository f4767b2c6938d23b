"""What the figures pages show, gathered as plain objects: cards, the table by area, the bars, the weeks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby

from sqlalchemy.orm import Session

from engine import rollups
from engine.indicators import display, unit_of
from engine.rollups import Coverage, Period, Units
from engine.rollups.adding import week_of
from engine.rollups.coverage import place_name
from models.orders import Order
from models.permissions import Actor
from models.reports import Indicator
from models.rollups import Total
from webapp.orders.lines import split
from webapp.reports import queries
from webapp.text import language, say
from webapp.text.notation import number

SERIES = {
    "env-launch": "Lễ phát động, ra quân vệ sinh môi trường",
    "green-sunday": "Ngày chủ nhật xanh",
    "propaganda": "Tuyên truyền",
    "dvk": "Dân vận khéo",
    "ntm": "Nông thôn mới",
}


@dataclass(frozen=True, slots=True)
class Card:
    """One figure with its unit; `figure` is empty while there is none."""

    code: str
    name: str
    figure: str
    unit: str
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One order with what it counts."""

    order: Order
    cards: Sequence[Card]


@dataclass(frozen=True, slots=True)
class Cell:
    """A value in the table; the column names it on a phone."""

    code: str
    text: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area of the table with its cells and who is missing there."""

    area_id: str
    name: str
    cells: Sequence[Cell]
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Column:
    """One indicator of the table."""

    indicator: Indicator
    name: str
    unit: str


@dataclass(slots=True)
class Week:
    """One ISO week: what was counted, or why nothing was held."""

    label: str
    number: int
    value: Decimal = Decimal(0)
    held: bool = False
    reasons: list[str] = field(default_factory=list)


def name_of(indicator: Indicator) -> str:
    """Return the name of an indicator in the reader's language."""
    return (indicator.name_en if language() == "en" else "") or indicator.name


def sections_of(session: Session, actor: Actor) -> list[Section]:
    """Give every visible order with its figures, in one query."""
    rows = session.execute(queries.counted(actor)).unique().all()
    return [
        Section(order, [card_of(indicator, total) for _, _, indicator, total in found])
        for order, found in groupby(rows, key=lambda row: row[0])
    ]


def card_of(indicator: Indicator, total: Total | None) -> Card:
    """Write one total as a card."""
    if total is None:
        return Card(indicator.code, name_of(indicator), "", unit_of(indicator, language()))
    written = display(indicator, total.value, total.qualifier, locale=language())
    figure, unit = split(written, unit_of(indicator, language()))
    return Card(indicator.code, name_of(indicator), figure, unit, behind(indicator, total))


def behind(indicator: Indicator, total: Total) -> str:
    """Say what a figure is made of."""
    if indicator.aggregation == "weeks":
        return say("đếm tuần khác nhau, từ {n} bản ghi", n=total.figures)
    if indicator.aggregation == "areas":
        return say("đếm địa bàn khác nhau, từ {n} bản ghi", n=total.figures)
    rough = total.over + total.nearly + total.about
    if rough:
        return say("cộng từ {n} số, trong đó {rough} số ước lượng", n=total.figures, rough=rough)
    return say("cộng từ {n} bản ghi", n=total.figures)


def series_of(columns: Sequence[Column]) -> list[tuple[str, str]]:
    """List (code, words) of the series an order's indicators belong to."""
    found = dict.fromkeys(column.indicator.series or "" for column in columns)
    return [(code, say(SERIES.get(code, code)) if code else say("Chỉ tiêu khác")) for code in found]


def columns_of(session: Session, order: Order) -> list[Column]:
    """List what an order counts."""
    rows = session.execute(queries.of_order(order.id))
    return [Column(indicator, name_of(indicator), unit_of(indicator, language())) for _, indicator in rows]


def table_of(
    session: Session, order: Order, columns: Sequence[Column], area_id: str, units: Units, period: Period
) -> list[AreaRow]:
    """Give the areas directly below with their values; those that got work and said nothing are there too."""
    values, named = _values(session, order, columns, area_id, period)
    for one, name, sort in units.below(area_id):
        named.setdefault(one, (sort, name))
    rows = []
    for one in sorted(named, key=lambda key: named[key]):
        cells = [_cell(column, values.get((one, column.indicator.code))) for column in columns]
        rows.append(AreaRow(one, named[one][1], cells, units.coverage(one)))
    return rows


_Values = dict[tuple[str, str], tuple[Decimal, str]]


def _values(
    session: Session, order: Order, columns: Sequence[Column], area_id: str, period: Period
) -> tuple[_Values, dict[str, tuple[str, str]]]:
    values: _Values = {}
    named: dict[str, tuple[str, str]] = {}
    codes = [column.indicator.code for column in columns]
    if period.is_whole:
        for total, area in session.execute(queries.totals_below(order.id, codes, area_id)):
            if area.id != area_id:
                named[area.id] = (area.name_sort, place_name(area.kind, area.name))
                values[area.id, total.indicator_code] = (total.value, total.qualifier)
        return values, named
    for code in codes:
        broken = rollups.breakdown(session, order.id, code, area_id, period=period, locale=language())
        for position, part in enumerate(broken.parts):
            if not part.own:
                named.setdefault(part.area_id, (f"{position:05d}", part.name))
                if part.value is not None:
                    values[part.area_id, code] = (part.value, part.qualifier)
    return values, named


def _cell(column: Column, found: tuple[Decimal, str] | None) -> Cell:
    if found is None:
        return Cell(column.indicator.code, "", None)
    written = display(column.indicator, found[0], found[1], locale=language(), base=False)
    return Cell(column.indicator.code, split(written, column.unit)[0], found[0])


@dataclass(frozen=True, slots=True)
class AreaBar:
    """One bar of the chart by area; positions in the units of the drawing."""

    name: str
    text: str
    y: int
    width: str
    text_x: str


BAR_STEP, BAR_LEFT, BAR_FULL = 33, 170, 190


def bars_of(rows: Sequence[AreaRow], position: int) -> list[AreaBar]:
    """Draw the values of one column as bars."""
    known = [(row, row.cells[position]) for row in rows if row.cells[position].value]
    longest = max((cell.value or Decimal(0) for _, cell in known), default=Decimal(1))
    bars = []
    for place, (row, cell) in enumerate(known):
        width = (cell.value or Decimal(0)) / longest * BAR_FULL
        bars.append(AreaBar(row.name, cell.text, place * BAR_STEP + 7, f"{width:.1f}", f"{BAR_LEFT + width + 7:.1f}"))
    return bars


def weeks_of(session: Session, order: Order, code: str, period: Period) -> list[Week]:
    """Sum one indicator by ISO week, with the weeks in which nothing was held and why."""
    weeks: dict[str, Week] = {}
    for held_on, value, _, count in session.execute(queries.by_day(order.id, code)):
        if _within(held_on, period):
            week = _week(weeks, held_on)
            week.value += value * count
            week.held = True
    for held_on, reason in session.execute(queries.not_held(order.id)):
        if _within(held_on, period) and reason:
            reasons = _week(weeks, held_on).reasons
            if reason not in reasons:
                reasons.append(reason)
    return [weeks[key] for key in sorted(weeks)]


def _within(day: date, period: Period) -> bool:
    return (period.since is None or day >= period.since) and (period.until is None or day <= period.until)


def _week(weeks: dict[str, Week], day: date) -> Week:
    week = day.isocalendar().week
    return weeks.setdefault(week_of(day), Week(say("Tuần {n}", n=week), week))


@dataclass(frozen=True, slots=True)
class WeekBar:
    """One week of the chart; `minor` labels vanish on a phone."""

    x: int
    y: str
    height: str
    held: bool
    label: str
    minor: bool


WEEK_STEP, WEEK_HEIGHT, WEEK_TOP = 18, Decimal(100), Decimal(20)


def week_bars(weeks: Sequence[Week]) -> list[WeekBar]:
    """Draw the weeks as bars; a week without anything held is a dashed box."""
    highest = max((week.value for week in weeks), default=Decimal(0)) or Decimal(1)
    bars = []
    for place, week in enumerate(weeks):
        height = week.value / highest * WEEK_HEIGHT if week.held else WEEK_HEIGHT
        shown = week.number == 1 or week.number % 5 == 0 or place == 0
        bars.append(
            WeekBar(
                10 + place * WEEK_STEP, f"{WEEK_TOP + WEEK_HEIGHT - height:.1f}", f"{height:.1f}", week.held,
                str(week.number) if shown else "", week.number % 10 != 0 and place != 0,
            )
        )  # fmt: skip
    return bars


def written_weeks(weeks: Sequence[Week]) -> list[tuple[str, str, str]]:
    """Give the weeks as a table: (week, value, remark)."""
    return [
        (
            week.label,
            number(week.value) if week.held else "–",
            "; ".join(_not_held(week.reasons)) if not week.held else "",
        )
        for week in weeks
    ]


def _not_held(reasons: Sequence[str]) -> list[str]:
    return [say("Không tổ chức: {reason}", reason=reason) for reason in reasons]


def totals_row(results: Mapping[str, rollups.Result], columns: Sequence[Column]) -> list[str]:
    """Write the last line of the table: the whole."""
    row = []
    for column in columns:
        result = results.get(column.indicator.code)
        row.append(split(result.display, result.unit)[0] if result and result.value is not None else "")
    return row

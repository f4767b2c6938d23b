"""Figures for people: every order's totals, one order area by area, and any total down to its leaf records."""

from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, make_response, render_template, request, url_for
from markupsafe import Markup, escape
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import notation, reports, rollups
from engine.calendar import local_day
from engine.clock import now
from engine.indicators import QUALIFIERS_EN, display
from engine.rollups import Period
from engine.rollups.coverage import place_name
from models.errors import Invalid, existing
from models.orders import Order
from models.organizations import Area
from models.permissions import Permission, may
from models.reports import WITHDRAWN, EventRecord, Figure
from webapp.auth import current_actor
from webapp.idempotency import see
from webapp.orders.lines import Line, line_of, lines_of, split
from webapp.reports import page, periods, queries
from webapp.text import language, say
from webapp.text.refusals import field_messages
from webapp.transaction import reading, transaction

LEAVES = 50
QUALIFIERS = ("exact", "over", "nearly", "about")
WORDS = tuple(word for words in (notation.QUALIFIERS, QUALIFIERS_EN) for word in words.values() if word)

blueprint = Blueprint("reports", __name__)


@blueprint.app_template_filter("weigh")
def weigh(figure: str) -> Markup:
    """Set the word of a figure lighter than its number: gần <b>19.000</b>."""
    for word in WORDS:
        if figure.startswith(f"{word} "):
            return Markup('<em class="qual">{}</em> {}').format(word, figure.removeprefix(f"{word} "))
    return escape(figure)


@blueprint.app_template_filter("sentence")
def sentence(text: str) -> str:
    """Begin with a capital."""
    return text[:1].upper() + text[1:]


@blueprint.get("/figures")
def index() -> str:
    """Show the totals of every order one may see."""
    with reading() as session:
        return render_template(
            "reports/index.html", sections=page.sections_of(session, current_actor()), at=now(session)
        )


def _order(session: Session, order_id: str) -> Order:
    return existing(session.scalars(queries.whole(current_actor(), order_id)).unique().one_or_none())


def _area(session: Session, order: Order) -> Area:
    asked = session.get(Area, request.args.get("area", "")) if request.args.get("area") else None
    return asked or session.get_one(Area, order.area_id)


def _chosen(session: Session) -> periods.Chosen:
    given = {name: request.args.get(name, "") for name in ("since", "until")}
    return periods.chosen(request.args.get("period", ""), **given, today=local_day(now(session)))


@blueprint.get("/figures/<order_id>")
def show(order_id: str) -> str:
    """Show one order's figures of a series and a period, area by area and week by week."""
    with reading() as session:
        order = _order(session, order_id)
        chosen, area = _chosen(session), _area(session, order)
        every = page.columns_of(session, order)
        series = request.args.get("series", "")
        columns = [column for column in every if (column.indicator.series or "") == series] or every
        units = rollups.units_of(session, order.id)
        found = {one.code: one for one in rollups.results(session, order, period=chosen.period, locale=language())}
        rows = page.table_of(session, order, columns, area.id, units, chosen.period)
        return render_template(
            "reports/show.html",
            order=order,
            area=area,
            area_name=place_name(area.kind, area.name),
            is_top=area.id == order.area_id,
            chosen=chosen,
            choices=periods.choices(local_day(now(session))),
            series=series,
            every_series=page.series_of(every),
            columns=columns,
            lines=_lines(order, [found[c.indicator.code] for c in columns if c.indicator.code in found], series),
            rows=rows,
            totals=page.totals_row(found, columns),
            coverage=units.coverage(area.id),
            **_charts(session, order, columns, rows, chosen.period),
        )


def _lines(order: Order, found: list[rollups.Result], series: str) -> list[Line]:
    """Give the cards; topics for which nothing is counted stand beside everything, not beside one series."""
    return [line_of(result) for result in found] if series else lines_of(order, found)


def _charts(
    session: Session, order: Order, columns: list[page.Column], rows: list[page.AreaRow], period: Period
) -> dict[str, Any]:
    sums = [place for place, column in enumerate(columns) if column.indicator.aggregation == "sum"]
    weekly = any(column.indicator.aggregation == "weeks" for column in columns)
    main = next((place for place in sums if any(row.cells[place].value for row in rows)), None)
    weeks = page.weeks_of(session, order, columns[main].indicator.code, period) if weekly and main is not None else []
    return {
        "main": columns[main] if main is not None else None,
        "bars": page.bars_of(rows, main) if main is not None else [],
        "weeks": page.week_bars(weeks),
        "week_rows": page.written_weeks(weeks),
        "held": sum(week.held for week in weeks),
        "not_held": sum(not week.held for week in weeks),
    }


@blueprint.get("/orders/<id>/figures/<indicator>")
def opened(id: str, indicator: str) -> str:
    """Open a total: the areas it comes from, then the records themselves."""
    with reading() as session:
        order = _order(session, id)
        area, chosen = _area(session, order), _chosen(session)
        broken = rollups.breakdown(session, order.id, indicator, area.id, period=chosen.period, locale=language())
        after = request.args.get("after") or None
        leaves = rollups.leaves(
            session, order.id, indicator, area.id, after=after, limit=LEAVES + 1, period=chosen.period,
            locale=language(),
        )  # fmt: skip
        return render_template(
            "reports/opened.html", order=order, indicator=indicator, area=area, broken=broken, chosen=chosen,
            leaves=leaves[:LEAVES], next=leaves[LEAVES - 1].cursor if len(leaves) > LEAVES else None,
            line=_line(area, order), figure=split(broken.total.display, broken.unit),
        )  # fmt: skip


def _line(area: Area, order: Order) -> list[Area]:
    """Return the areas from the order's own down to the one above this."""
    line: list[Area] = []
    while area.id != order.area_id and area.parent is not None:
        area = area.parent
        line.insert(0, area)
    return line


@blueprint.get("/figures/records/<id>")
def record(id: str) -> str:
    """Show one record: what, where, when, who, its photos, and what it was before."""
    with reading() as session:
        return render_template("reports/record.html", **_record(session, id))


def _record(session: Session, figure_id: str) -> dict[str, Any]:
    figure = _figure(session, figure_id)
    versions = _versions(session, figure)
    newer = session.scalars(queries.newer_than(figure.id)).one_or_none()
    stands = newer is None and figure.kind != WITHDRAWN
    tasks = [one.task_id for one in (figure, *versions) if one.task_id]
    event = session.get(EventRecord, figure.event_id) if figure.event_id else None
    return {
        "figure": figure,
        "order": session.get_one(Order, figure.order_id) if figure.order_id else None,
        "written": _written(figure),
        "place": ", ".join(place_name(a.kind, a.name) for a in (figure.area, figure.area.parent) if a is not None),
        "versions": [(one, _written(one)) for one in versions],
        "newer": newer,
        "newer_written": _written(newer) if newer else "",
        "event": event,
        "claims": session.execute(queries.claims_of(event.id)).all() if event else [],
        "photos": session.scalars(queries.photos_of(tasks)).all() if tasks else [],
        "may_correct": stands and may(current_actor(), Permission.FIGURE_CORRECT, figure),
        "qualifiers": [(code, notation.QUALIFIERS[code]) for code in QUALIFIERS],
        "errors": {},
        "typed": {},
    }  # fmt: skip


def _figure(session: Session, figure_id: str) -> Figure:
    return existing(session.scalars(queries.record(current_actor(), figure_id)).unique().one_or_none())


def _versions(session: Session, figure: Figure) -> list[Figure]:
    versions: list[Figure] = []
    older = figure.amends_id
    while older is not None and len(versions) < 50:
        version = session.get_one(Figure, older)
        versions.append(version)
        older = version.amends_id
    return versions


def _written(figure: Figure) -> str:
    return display(figure.indicator, figure.value, figure.qualifier, locale=language(), base=False)


@blueprint.post("/figures/records/<id>/correction")
def correct(id: str) -> Response:
    """Correct a figure with a reason: the old one stays, the new one points at it."""
    try:
        with transaction() as session:
            figure = _figure(session, id)
            qualifier, value = _typed_figure(figure, request.form.get("value", ""))
            new = reports.correct(
                session, figure, actor=current_actor(), value=value, qualifier=qualifier,
                reason=request.form.get("reason", ""),
            )  # fmt: skip
            flash(say("Đã đính chính; số cũ vẫn được lưu."))
            return see(url_for("reports.record", id=new.id))
    except Invalid as wrong:
        errors = field_messages(wrong)
        typed = {name: request.form.get(name, "") for name in ("value", "reason")}
        with reading() as session:
            html = render_template("reports/record.html", **_record(session, id) | {"errors": errors, "typed": typed})
            return make_response(html, 422)


def _typed_figure(figure: Figure, typed: str) -> tuple[str, Decimal]:
    indicator = figure.indicator
    try:
        qualifier, value = notation.parse_figure(
            typed, money=indicator.is_money, decimals=indicator.decimals, unit=indicator.unit
        )
    except notation.BadNotation as bad:
        asked = (
            say("Quý vị muốn ghi {question}", question=bad.question)
            if bad.question
            else say("Số không đọc được; ghi như 12.283 hoặc 285,5")
        )
        raise Invalid({"value": asked}) from None
    return qualifier or "exact", value

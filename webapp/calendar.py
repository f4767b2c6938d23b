"""The calendar of working days: a year drawn, its exceptions as a list, and the administrator's changes to it."""

from calendar import Calendar as Months
from collections.abc import Mapping, Sequence
from datetime import date

from flask import Blueprint, flash, make_response, render_template, request, url_for
from sqlalchemy import extract, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import holidays
from engine.calendar import Calendar, local_day
from engine.clock import now
from engine.organizations import require_manager
from models.calendar import CalendarDay
from models.errors import Invalid, existing
from models.permissions import Permission, may
from webapp.auth import current_actor
from webapp.days import day_of
from webapp.idempotency import see
from webapp.text import say
from webapp.text.notation import day as written
from webapp.text.refusals import field_messages
from webapp.transaction import reading, transaction

blueprint = Blueprint("calendar", __name__)
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
INITIALS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
FIRST, LAST = 2000, 2100


@blueprint.get("/calendar")
def index() -> str:
    """Show a year: which days are worked, and which differ from the week's rule."""
    with reading() as session:
        return _page(session)


@blueprint.post("/calendar")
def set_day() -> Response:
    """Make a day a working day or a day off."""
    try:
        with transaction() as session:
            require_manager(current_actor())
            day = day_of(session, request.form.get("day", "").strip(), field="day")
            if not FIRST <= day.year <= LAST:
                raise Invalid({"day": "not_a_day"}, reason="not_a_day")
            moved = holidays.set_day(
                session, day, actor=current_actor(), works=request.form.get("kind") == "works",
                name=request.form.get("name", "")[:200], basis=request.form.get("basis", "").strip()[:200] or None,
            )  # fmt: skip
            flash(f"{say('Đã ghi ngày {day}.', day=written(day))} {_followed(moved)}")
            return see(url_for("calendar.index", year=day.year))
    except Invalid as wrong:
        with reading() as session:
            return make_response(_page(session, errors=field_messages(wrong), typed=request.form), 422)


@blueprint.post("/calendar/removal")
def clear_day() -> Response:
    """Let a day follow the week's rule again."""
    with transaction() as session:
        require_manager(current_actor())
        row = existing(session.scalar(select(CalendarDay).where(CalendarDay.day == _day(request.form.get("day", "")))))
        moved = holidays.clear_day(session, row, actor=current_actor())
        flash(f"{say('Ngày {day} lại theo lịch tuần.', day=written(row.day))} {_followed(moved)}")
        return see(url_for("calendar.index", year=row.day.year))


@blueprint.post("/calendar/holidays")
def add_holidays() -> Response:
    """Add the public holidays that come with the program; what stands in the table stays."""
    with transaction() as session:
        added = holidays.seed_calendar(session, holidays.public_holidays(), actor=current_actor())
        flash(say("Đã thêm {n} ngày.", n=added))
        return see(url_for("calendar.index"))


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _followed(moved: int) -> str:
    return say("{n} hạn đang mở được tính lại.", n=moved) if moved else say("Không hạn nào đang mở phải tính lại.")


def _year(today: date, said: str) -> int:
    year = int(said) if said.isascii() and said.isdecimal() and len(said) == 4 else today.year
    return min(max(year, FIRST), LAST)


def _page(session: Session, *, errors: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None) -> str:
    today = local_day(now(session))
    year = _year(today, request.args.get("year", ""))
    rows = session.scalars(
        select(CalendarDay).where(extract("year", CalendarDay.day) == year).order_by(CalendarDay.day)
    ).all()
    return render_template(
        "calendar/index.html", year=year, today=today, rows=rows, months=_months(year, rows, today),
        weekdays=[say(name) for name in WEEKDAYS], initials=[say(name) for name in INITIALS],
        manages=may(current_actor(), Permission.ORGANIZATION_MANAGE),
        none_known=not rows and session.scalar(select(CalendarDay.day).limit(1)) is None,
        first=FIRST, last=LAST, errors=errors or {}, typed=typed or {},
    )  # fmt: skip


def _months(year: int, rows: Sequence[CalendarDay], today: date) -> list[list[list[tuple[int, str] | None]]]:
    """Return the weeks of each month: (day of the month, class of its drawing), None outside of the month."""
    works = Calendar({row.day: row.works for row in rows}).works
    named = {row.day for row in rows}

    def drawn(day: date, month: int) -> tuple[int, str] | None:
        if day.month != month:
            return None
        kind = ("makeup" if works(day) else "holiday") if day in named else "" if works(day) else "weekend"
        return day.day, f"{kind} today".strip() if day == today else kind

    weeks = Months().monthdatescalendar
    return [[[drawn(day, month) for day in week] for week in weeks(year, month)] for month in range(1, 13)]

"""The administrator's table of days that differ from the week's rule: what is in it is added, changed and taken out."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import Fact, record
from engine.organizations import require_manager
from models.calendar import CalendarDay
from models.permissions import SYSTEM, Actor
from models.text import nfc


def set_day(
    session: Session, day: date, *, actor: Actor, works: bool, name: str, basis: str | None = None
) -> CalendarDay:
    """Make a day a working day or a day off; open dues are computed anew from then on."""
    require_manager(actor)
    row = session.get(CalendarDay, day)
    before = None if row is None else {"works": row.works, "name": row.name}
    row = session.merge(CalendarDay(day=day, works=works, name=nfc(name), basis=basis))
    session.flush()  # what reads the table next does not go through the unit of work
    session.info.pop("calendar", None)
    after = {"works": works, "name": row.name}
    record(session, actor, Fact.CALENDAR_CHANGED, row, day=day, before=before, after=after)
    return row


def clear_day(session: Session, day: CalendarDay, *, actor: Actor) -> None:
    """Let a day follow the week's rule again."""
    require_manager(actor)
    session.delete(day)
    session.flush()
    session.info.pop("calendar", None)
    before = {"works": day.works, "name": day.name}
    record(session, actor, Fact.CALENDAR_CHANGED, day, day=day.day, before=before)


def seed_calendar(session: Session, rows: Iterable[Mapping[str, str]], *, actor: Actor = SYSTEM) -> int:
    """Add the days of a table (date_iso, kind, name_vi, basis) that are not there yet; returns how many."""
    known = set(session.scalars(select(CalendarDay.day)))
    days = [
        CalendarDay(day=day, works=row["kind"] == "working_weekend", name=nfc(row["name_vi"]), basis=row["basis"])
        for row in rows
        if (day := date.fromisoformat(row["date_iso"])) not in known
    ]
    if days:
        session.add_all(days)
        session.flush()
        session.info.pop("calendar", None)
        record(session, actor, Fact.CALENDAR_CHANGED, None, added=len(days))
    return len(days)

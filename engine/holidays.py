"""The administrator's table of days that differ from the week's rule, and the open dues that follow when it changes."""

import csv
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time
from importlib.resources import files

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from engine import timers
from engine.audit import Fact, record
from engine.calendar import Calendar
from engine.clock import ZONE, now
from engine.organizations import require_manager
from engine.task_forms import element_of
from models.calendar import CalendarDay
from models.errors import Invalid
from models.permissions import SYSTEM, Actor
from models.tasks import Task
from models.text import nfc
from models.timers import Timer

_BASES = {
    "library": "Lịch nghỉ lễ, tết",
    "computed, not yet announced": "Tính trước, chưa công bố",
    "policy: NQ 80-NQ/TW; law not read": "NQ 80-NQ/TW",
}


def set_day(session: Session, day: date, *, actor: Actor, works: bool, name: str, basis: str | None = None) -> int:
    """Make a day a working day or a day off; return how many open dues follow.

    Errors: NotAllowed; Invalid without a name.
    """
    require_manager(actor)
    name = nfc(name).strip()
    if not name:
        raise Invalid({"name": "required"}, reason="required")
    known, row = Calendar.of(session), session.get(CalendarDay, day)
    before = None if row is None else {"works": row.works, "name": row.name}
    row = session.merge(CalendarDay(day=day, works=works, name=name, basis=basis))
    _read_anew(session)
    after = {"works": works, "name": row.name}
    record(session, actor, Fact.CALENDAR_CHANGED, row, day=day, before=before, after=after)
    return _follow(session, [day], known, actor=actor)


def clear_day(session: Session, day: CalendarDay, *, actor: Actor) -> int:
    """Let a day follow the week's rule again; return how many open dues follow."""
    require_manager(actor)
    known = Calendar.of(session)
    session.delete(day)
    _read_anew(session)
    before = {"works": day.works, "name": day.name}
    record(session, actor, Fact.CALENDAR_CHANGED, day, day=day.day, before=before)
    return _follow(session, [day.day], known, actor=actor)


def public_holidays() -> list[dict[str, str]]:
    """Return the days off and working Saturdays that come with the program, as `seed_calendar` reads them."""
    with files("engine").joinpath("calendar_vn.csv").open(encoding="utf-8-sig") as rows:
        return list(csv.DictReader(rows))


def seed_calendar(session: Session, rows: Iterable[Mapping[str, str]], *, actor: Actor = SYSTEM) -> int:
    """Add the days of a table (date_iso, kind, name_vi, basis) that are not there yet; return how many."""
    if not actor.is_system:
        require_manager(actor)
    known, there = Calendar.of(session), set(session.scalars(select(CalendarDay.day)))
    days = [
        CalendarDay(day=day, works=row["kind"] == "working_weekend", name=nfc(row["name_vi"]), basis=_basis(row))
        for row in rows
        if (day := date.fromisoformat(row["date_iso"])) not in there
    ]
    if days:
        session.add_all(days)
        _read_anew(session)
        record(session, actor, Fact.CALENDAR_CHANGED, None, added=len(days))
        _follow(session, [row.day for row in days], known, actor=actor)
    return len(days)


def _basis(row: Mapping[str, str]) -> str:
    return _BASES.get(row["basis"], row["basis"].removeprefix("announced: "))


def _read_anew(session: Session) -> None:
    session.flush()  # what reads the table next does not go through the unit of work
    session.info.pop("calendar", None)


def _follow(session: Session, days: Collection[date], before: Calendar, *, actor: Actor) -> int:
    """Compute anew the open dues of so many working days that count one of the days; return how many moved."""
    after = Calendar.of(session)
    changed = [day for day in days if before.works(day) != after.works(day)]
    if not changed:
        return 0
    first, last = (datetime.combine(day, time(), ZONE) for day in (min(changed), max(changed)))
    tasks = (
        select(Task)
        .where(Task.state == "open", Task.opened_at < last, Task.due_at >= first)
        .order_by(Task.id)
        .with_for_update(of=Task)
        .options(joinedload(Task.instance, innerjoin=True))
    )
    waiting = (
        select(Timer)
        .where(Timer.is_pending(), Timer.working_days.is_not(None), Timer.set_at < last, Timer.due_at >= first)
        .order_by(Timer.id)
        .with_for_update(of=Timer)
        .options(joinedload(Timer.instance, innerjoin=True))
    )
    moved = 0
    for task in session.scalars(tasks):
        count = int(element_of(session, task).ext.get("workingDays", 0))
        due = _moved(task.opened_at, count, task.due_at, before, after)
        if due is not None and due > now(session):
            _record(session, task, due, actor=actor)
            task.due_at = task.due_sort = due
            task.remind_at, task.remind_step = timers.first_reminder(session, due), 0
            moved += 1
    for timer in session.scalars(waiting):
        due = _moved(timer.set_at, timer.working_days or 0, timer.due_at, before, after)
        if due is not None and due > now(session):
            _record(session, timer, due, actor=actor)
            timer.due_at = due
            moved += 1
    return moved


def _moved(
    start: datetime | None, count: int, due: datetime | None, before: Calendar, after: Calendar
) -> datetime | None:
    """Return the new due of what was due so many working days after its start; None where it stays as it is."""
    if not count or start is None or due != before.add_working_days(start, count):
        return None  # a day that was named, or moved by hand since, is what was agreed
    new = after.add_working_days(start, count)
    return new if new != due else None


def _record(session: Session, subject: Task | Timer, due: datetime, *, actor: Actor) -> None:
    fact = Fact.TASK_DUE_MOVED if isinstance(subject, Task) else Fact.TIMER_FOLLOWED
    instance, before, after = subject.instance, {"due": subject.due_at}, {"due": due}
    record(
        session, actor, fact, subject, order_id=instance.order_id, instance_id=instance.id, before=before, after=after
    )  # fmt: skip

"""Working days and deadlines: the table of holidays and working Saturdays decides, in Vietnam's time."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import Calendar, DeadlineState, close_of
from engine.clock import ZONE
from engine.holidays import clear_day, seed_calendar, set_day
from models.calendar import CalendarDay
from models.errors import NotAllowed

ROWS = list(csv.DictReader((Path(__file__).parents[1] / "data/calendar_vn.csv").read_text("utf-8-sig").splitlines()))
CALENDAR = Calendar({date.fromisoformat(row["date_iso"]): row["kind"] == "working_weekend" for row in ROWS})


def at(day, time="08:00"):
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2018-10-12", True),
        ("2018-10-13", False),
        ("2019-01-05", True),
        ("2024-05-04", True),
        ("2025-04-26", True),
        ("2026-01-10", True),
        ("2026-08-22", True),
        ("2019-01-01", False),
        ("2018-12-31", False),
    ],
)
def test_working_saturdays_work_and_holidays_do_not(day, works):
    assert CALENDAR.works(date.fromisoformat(day)) is works


def test_three_working_days_from_friday_end_on_wednesday_at_five():
    assert CALENDAR.add_working_days(at("2018-10-12", "08:07"), 3) == at("2018-10-17", "17:00")


def test_working_days_jump_over_new_year_and_use_the_working_saturday():
    # Mon 31/12 off, Tue 01/01 holiday, Wed, Thu, Fri and the working Saturday 05/01 count.
    assert CALENDAR.add_working_days(at("2018-12-28"), 4) == at("2019-01-05", "17:00")


def test_the_day_is_the_day_in_vietnam():
    midnight_ten = datetime(2018, 10, 11, 17, 10, tzinfo=UTC)  # 00:10 on Friday the 12th in Vietnam
    assert CALENDAR.add_working_days(midnight_ten, 1) == at("2018-10-15", "17:00")


def test_zero_working_days_is_today_or_the_next_working_day():
    assert CALENDAR.add_working_days(at("2018-10-12"), 0) == at("2018-10-12", "17:00")
    assert CALENDAR.add_working_days(at("2018-10-13"), 0) == at("2018-10-15", "17:00")


def test_a_reminder_three_working_days_before_keeps_the_time_of_day():
    assert CALENDAR.shift_working_days(at("2018-10-17", "17:00"), -3) == at("2018-10-12", "17:00")
    assert CALENDAR.shift_working_days(at("2018-10-14", "20:00"), 0) == at("2018-10-14", "20:00")


@given(st.dates(date(2018, 1, 1), date(2027, 12, 31)), st.integers(0, 40))
def test_counting_undoes_adding(start, count):
    end = CALENDAR.shift(start, count) if count else start
    assert CALENDAR.working_days_between(start, end) == count


@given(st.dates(date(2018, 1, 1), date(2027, 12, 31)), st.dates(date(2018, 1, 1), date(2027, 12, 31)))
def test_counting_is_what_counting_day_by_day_gives(start, end):
    first, last = min(start, end), max(start, end)
    days = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    count = sum(CALENDAR.works(day) for day in days)
    assert CALENDAR.working_days_between(first, last) == count
    assert CALENDAR.working_days_between(last, first) == -count


DUE = close_of(date(2018, 10, 12))


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (at("2018-10-08"), DeadlineState("intime", days_left=4)),
        (at("2018-10-09"), DeadlineState("soon", days_left=3)),
        (at("2018-10-11", "23:59"), DeadlineState("soon", days_left=1)),
        (at("2018-10-12", "00:01"), DeadlineState("today")),
        (at("2018-10-12", "17:00"), DeadlineState("today")),
        (at("2018-10-12", "17:01"), DeadlineState("late", days_late=0)),
        (at("2018-10-14"), DeadlineState("late", days_late=0)),
        (at("2018-10-16"), DeadlineState("late", days_late=2)),
    ],
)
def test_a_deadline_of_friday_seen_from_different_days(now, state):
    assert CALENDAR.deadline_state(DUE, now=now) == state


def test_work_without_a_deadline_is_never_late():
    assert CALENDAR.deadline_state(None, now=DUE) == DeadlineState("none")
    assert CALENDAR.deadline_state(None, now=DUE, done_at=DUE) == DeadlineState("done_in_time")


def test_a_due_sunday_is_not_today_on_saturday():
    assert CALENDAR.deadline_state(at("2018-10-14", "20:00"), now=at("2018-10-13")) == DeadlineState("soon", 1)


def test_finished_work_is_judged_by_its_report_however_late_it_is_looked_at():
    later = at("2019-06-01")
    assert CALENDAR.deadline_state(DUE, now=later, done_at=DUE) == DeadlineState("done_in_time")
    done = at("2018-10-15", "09:00")
    assert CALENDAR.deadline_state(DUE, now=later, done_at=done) == DeadlineState("done_late", days_late=1)


def test_the_table_is_read_once_and_anew_after_a_change(session, world):
    monday = date(2018, 10, 15)
    assert Calendar.of(session) is Calendar.of(session)
    assert Calendar.of(session).works(monday)
    set_day(session, monday, actor=world.actor("quantri"), works=False, name="Nghỉ bù", basis="thử")
    assert not Calendar.of(session).works(monday)
    session.flush()
    clear_day(session, session.get_one(CalendarDay, monday), actor=world.actor("quantri"))
    assert Calendar.of(session).works(monday)


def test_only_an_administrator_changes_the_calendar(session, world):
    with pytest.raises(NotAllowed):
        set_day(session, date(2018, 10, 15), actor=world.actor("phunu"), works=False, name="Nghỉ")


def test_seeding_twice_changes_nothing(empty_database, clock):
    from engine.unit import unit

    with unit(empty_database, clock) as session:
        assert seed_calendar(session, ROWS) == 147
        session.flush()
        assert seed_calendar(session, ROWS) == 0
        assert Calendar.of(session).exceptions == CALENDAR.exceptions

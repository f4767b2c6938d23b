"""An administrator keeps the calendar of working days; open dues follow it, and each says so."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from engine import timers
from engine.calendar import Calendar, local_day
from models.assignments import Assignment
from models.calendar import CalendarDay
from models.tasks import Task
from models.timers import Timer
from tests.engine.histories import doubts
from tests.play import Story
from tests.webapp.browser import Browser, text_of
from tests.webapp.doors import app, signed_in, story

__all__ = ["app", "story"]

pytestmark = pytest.mark.once

PAGE = "/calendar"


def declare(browser: Browser, day: date, name: str = "Nghỉ tránh bão", kind: str = "off") -> None:
    """Fill in the form for one day."""
    said = {"day": f"{day:%d/%m/%Y}", "kind": kind, "name": name, "basis": "CĐ 1"}
    assert browser.submit(browser.read(f"{PAGE}?year={day.year}"), PAGE, **said).status_code == 303


def take_out(browser: Browser, day: date) -> None:
    """Press the button that takes a day out of the table."""
    page = browser.read(f"{PAGE}?year={day.year}")
    form = page.select_one(f'form:has(input[value="{day}"])')
    assert form is not None
    fields = {str(one["name"]): str(one["value"]) for one in form.select("input")}
    assert browser.client.post(f"{PAGE}/removal", data=fields).status_code == 303


def days_known(story: Story) -> int:
    """Return how many days stand in the table."""
    with story.database.read() as session:
        return len(session.scalars(select(CalendarDay)).all())


def working_day_before(story: Story, row: Task | Timer, count: int) -> date:
    """Return the n-th working day before something is due."""
    assert row.due_at is not None
    with story.database.read() as session:
        return Calendar.of(session).shift(local_day(row.due_at), -count)


def test_a_day_off_moves_what_is_due_in_so_many_working_days_and_taking_it_back_moves_it_again(
    app: Flask, story: Story
) -> None:
    order = story.until("draft_plan")
    admin, lead = signed_in(app, "quantri"), signed_in(app, "phunu")
    task = story.task("draft_plan", order=order)
    off = working_day_before(story, task, 1)
    declare(admin, off)
    moved = story.task("draft_plan", order=order)
    assert task.due_at is not None and moved.due_at is not None and moved.due_at > task.due_at
    assert (moved.due_sort, moved.remind_step) == (moved.due_at, 0)
    assert "1 hạn đang mở được tính lại" in text_of(admin.read(PAGE))
    shown = text_of(lead.read(f"/tasks/{task.id}"))
    assert "Hạn được tính lại theo lịch làm việc" in shown and f"{local_day(moved.due_at):%d/%m/%Y}" in shown
    assert doubts(story, order) == []
    take_out(admin, off)
    assert story.task("draft_plan", order=order).due_at == task.due_at
    assert len(story.facts("task:due_moved", subject_id=task.id)) == 2
    assert len(story.facts("calendar:changed")) >= 2


def test_a_saturday_that_is_worked_brings_dues_nearer_and_never_into_the_past(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    admin, task = signed_in(app, "quantri"), story.task("draft_plan", order=order)
    assert task.due_at is not None
    saturday = local_day(task.opened_at)
    while saturday.weekday() != 5:
        saturday += timedelta(days=1)
    assert saturday < local_day(task.due_at)
    declare(admin, saturday, "Làm bù", "works")
    nearer = story.task("draft_plan", order=order).due_at
    assert nearer is not None and nearer < task.due_at
    take_out(admin, saturday)
    story.clock.at = task.due_at - timedelta(hours=1)
    declare(signed_in(app, "quantri"), saturday, "Làm bù", "works")
    assert story.task("draft_plan", order=order).due_at == task.due_at


def test_timers_follow_and_a_day_that_was_named_stays(app: Flask, story: Story) -> None:
    order = story.until("answer_coordination")
    (timer,) = [one for one in story.rows(Timer, kind="cutoff") if one.working_days]
    named = [(one.id, one.due_at) for one in story.rows(Assignment, order_id=order)]
    declare(signed_in(app, "quantri"), working_day_before(story, timer, 1))
    (after,) = story.rows(Timer, id=timer.id)
    assert after.due_at > timer.due_at
    (entry,) = story.facts("timer:followed", subject_id=timer.id)
    assert entry.order_id == order and set(entry.facts) >= {"before", "after"}
    assert named == [(one.id, one.due_at) for one in story.rows(Assignment, order_id=order)]
    by_hand = after.due_at + timedelta(days=14)
    with story.doing() as session:
        waiting = session.get_one(Timer, timer.id)
        timers.reschedule(session, waiting, due_at=by_hand, actor=story.actor("quantri"), reason="chờ thêm")
    declare(signed_in(app, "quantri"), working_day_before(story, after, 0))
    assert story.rows(Timer, id=timer.id)[0].due_at == by_hand


@pytest.mark.parametrize(
    ("day", "name", "says"),
    [("31/13/2018", "Nghỉ", "Ngày không đọc được"), ("31/12/1018", "Nghỉ", "Ngày không đọc được"),
     ("31/12/2018", "  ", "Cần điền ô này")],
    ids=["no day", "too long ago", "no name"],
)  # fmt: skip
def test_what_does_not_fit_is_said_and_kept(app: Flask, story: Story, day: str, name: str, says: str) -> None:
    admin, before = signed_in(app, "quantri"), days_known(story)
    page = admin.read(f"{PAGE}?year=2018")
    answer = admin.submit(page, PAGE, day=day, kind="off", name=name, basis="CĐ 2")
    assert answer.status_code == 422
    assert says in answer.text and f'value="{day}"' in answer.text and 'value="CĐ 2"' in answer.text
    assert days_known(story) == before


def test_everybody_reads_the_calendar_and_only_administrators_change_it(app: Flask, story: Story) -> None:
    page = signed_in(app, "truong.khu").read(f"{PAGE}?year=2018")
    assert "Thứ Hai, 31/12/2018 nghỉ" in text_of(page) and not page.select("main form")
    assert len(page.select(".year table")) == 12
    assert "holiday" in str(page.select(".year table")[11])


def test_an_empty_calendar_offers_the_public_holidays(app: Flask, story: Story) -> None:
    with story.doing() as session:
        session.execute(delete(CalendarDay))
    admin = signed_in(app, "quantri")
    assert admin.submit(admin.read(PAGE), f"{PAGE}/holidays").status_code == 303
    shown = text_of(admin.read(f"{PAGE}?year=2026"))
    assert "Ngày làm bù" in shown and "12729/VPCP-KGVX" in shown and "library" not in shown

"""Timers are seen, given another time and fired on their page."""

import pytest
from flask import Flask

from engine.audit import Fact
from models.timers import Timer
from tests.engine.operating import REASON, TIMED, begin, the
from tests.play import Story
from tests.webapp.browser import soup, text_of
from tests.webapp.doors import app, story
from tests.webapp.operating import follow, operator

pytestmark = pytest.mark.once

__all__ = ["app", "story"]


def test_a_timer_shows_its_step_and_gets_another_time(app: Flask, story: Story) -> None:
    begin(story, TIMED)
    (row,) = story.rows(Timer)
    browser = operator(app)
    page = browser.read("/timers")
    assert all(said in text_of(page) for said in ("12/10/2018, 12:07", "pause", "Hẹn giờ trong sơ đồ"))
    action = f"/timers/{row.id}/schedule"
    for said, words in (
        ({"day": "mai"}, "Ngày không đọc được"), ({"time": "25:00"}, "Giờ không đọc được"),
        ({"day": "01/10/2018"}, "phải ở tương lai"), ({"reason": " "}, "Cần điền ô này"),
    ):  # fmt: skip
        answer = browser.submit(page, action, **{"reason": REASON, **said})
        assert (answer.status_code, words in text_of(soup(answer))) == (422, True), said
    follow(browser, browser.submit(page, action, reason=REASON, day="15/10/2018", time="09:30"))
    entry = the(story, Fact.TIMER_RESCHEDULED)
    assert entry.facts["after"]["due"] == "2018-10-15T02:30:00.000000+00:00"
    late = browser.submit(page, action, reason=REASON, day="16/10/2018", idempotency_key="another")
    assert late.status_code == 409  # the page showed another time
    assert "15/10/2018, 09:30" in text_of(browser.read("/timers"))


def test_a_timer_fires_now(app: Flask, story: Story) -> None:
    found = begin(story, TIMED)
    (row,) = story.rows(Timer)
    browser = operator(app)
    page = follow(browser, browser.submit(browser.read("/timers"), f"/timers/{row.id}/firing", reason=REASON))
    assert story.steps() == {"then"}
    assert "cho hẹn giờ chạy ngay" in text_of(page)
    assert browser.read(f"/instances/{found}")


def test_timers_are_narrowed_and_go_on_on_the_next_part(
    app: Flask, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.timers.LENGTH", 2)
    begin(story, TIMED)
    for _ in range(2):
        begin(story, TIMED)
    browser = operator(app)
    page = browser.read("/timers?kind=event")
    more = next(str(link["href"]) for link in page.select("a[href]") if "after=" in str(link["href"]))
    seen = [
        str(form["action"]) for part in (page, browser.read(more)) for form in part.select('form[action$="/firing"]')
    ]
    assert len(set(seen)) == len(seen) == 3
    assert "Không có hẹn giờ nào ở đây" in text_of(browser.read("/timers?kind=cutoff"))
    assert "Không có hẹn giờ nào ở đây" in text_of(browser.read("/timers?late=1"))
    assert "Không có hẹn giờ nào ở đây" in text_of(browser.read("/timers?process=lead"))


def test_the_timer_of_what_stands_still_says_so_and_does_not_fire(app: Flask, story: Story) -> None:
    found = begin(story, TIMED)
    (row,) = story.rows(Timer)
    browser = operator(app)
    follow(browser, browser.submit(browser.read(f"/instances/{found}"), "/suspension", reason=REASON))
    page = browser.read("/timers")
    assert "Tạm dừng" in text_of(page)
    assert not page.select('form[action$="/firing"]')
    assert browser.post(f"/timers/{row.id}/firing", reason=REASON).status_code == 409

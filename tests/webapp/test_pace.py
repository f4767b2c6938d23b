"""One person who asks two hundred times a second waits; nobody else does."""

from dataclasses import replace

import pytest
from flask import Flask

from tests.play import Story
from tests.webapp.browser import soup, text_of
from tests.webapp.doors import Program, signed_in, story
from webapp import create_app
from webapp.config import Settings
from webapp.pace import Pace

__all__ = ["story"]

pytestmark = pytest.mark.once

AT_ONCE = 200


class Standing:
    """A clock that stands until it is set."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def app(settings: Settings, story: Story, clock_of_pace: Standing) -> Flask:
    """The application as it is served, with the pace of its default settings."""
    app = create_app(replace(settings, testing=False), database=story.database, clock=story.clock)
    app.extensions["pace"] = Pace(app.extensions["pace"].rate, clock=clock_of_pace)
    return app


@pytest.fixture
def clock_of_pace() -> Standing:
    return Standing()


def test_who_asks_two_hundred_times_at_once_waits_and_the_others_do_not(
    app: Flask, story: Story, clock_of_pace: Standing
) -> None:
    busy, other = signed_in(app, "phunu"), signed_in(app, "nongdan")
    assert {busy.get("/account").status_code for _ in range(AT_ONCE)} == {200}
    refused = busy.get("/account")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert "gửi quá nhiều yêu cầu cùng lúc. Xin đợi 1 giây" in text_of(soup(refused))
    assert other.get("/tasks").status_code == 200
    assert busy.get("/sign-in").status_code == 429  # whatever the page
    clock_of_pace.at = 0.1
    assert [busy.get("/account").status_code for _ in range(11)] == [200] * 10 + [429]


def test_a_program_that_asks_too_fast_is_told_so_and_what_it_sent_was_not_done(app: Flask, story: Story) -> None:
    order = story.until("sign_order")
    (task,) = story.tasks("sign_order", order=order, state="open")
    program = Program(app, story, "lanhdao.ubnd")
    assert {program.get("/openapi.json").status_code for _ in range(AT_ONCE + 1)} == {200}  # anybody's
    assert {program.get("/tasks").status_code for _ in range(AT_ONCE)} == {200}
    refused = program.post(f"/tasks/{task.id}/claim")
    assert (refused.status_code, refused.content_type) == (429, "application/problem+json")
    assert refused.json is not None and refused.json["reason"] == "too_many_requests"
    assert refused.headers["Retry-After"] == "1"
    assert story.task("sign_order", order=order).holder_id is None


def test_the_quiet_question_counts_as_well(app: Flask) -> None:
    busy = signed_in(app, "phunu")
    answers = [
        busy.get("/tasks/news", headers={"If-None-Match": '"99999999999999999"'}).status_code for _ in range(201)
    ]
    assert answers == [304] * AT_ONCE + [429]


def test_whoever_is_forgotten_begins_anew_and_a_rate_of_nothing_sets_no_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.pace.MOST_KEPT", 3)
    pace = Pace(1, clock=Standing())
    for person in range(50):
        pace.take(str(person))
    assert len(pace._kept) <= 3
    free = Pace(0)
    for _ in range(1000):
        free.take("somebody")
    with pytest.raises(ValueError, match="LIENTHONG_REQUESTS_PER_SECOND"):
        Settings.from_environment({"LIENTHONG_REQUESTS_PER_SECOND": "-1"})

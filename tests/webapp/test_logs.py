"""The log: one line a request and a job, with ids and without anything anybody wrote."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine import jobs
from tests.play import Story
from tests.webapp.browser import Browser
from webapp import create_app, logs
from webapp.config import Settings

DIGITS = "739173917391"  # longer than any time: four digits were once found in the microseconds of one
CANARY = f"chim hoàng yến {DIGITS}"
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
PLAN = {"content": f"Kế hoạch {CANARY}", "milestones": CANARY}


class Log:
    """What was written, line by line."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def written(self) -> str:
        return self.stream.getvalue()

    def lines(self, event: str = "") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = [json.loads(line) for line in self.written.splitlines()]
        return [line for line in found if event in ("", line["event"])]


@pytest.fixture
def log(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    """The log of a process that serves; other tests have theirs back afterwards."""
    with kept_loggers(monkeypatch) as heard:
        logs.configure(settings)
        yield heard


class kept_loggers:  # noqa: N801 (read as a sentence)
    """Give loggers back as they were."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch, self.log = monkeypatch, Log()

    def __enter__(self) -> Log:
        loggers = [logging.getLogger(name) for name in ("", "dbos", "waitress", "alembic")]
        self.before = [(one, one.handlers[:], one.level, one.propagate) for one in loggers]
        self.monkeypatch.setattr("sys.stderr", self.log.stream)
        return self.log

    def __exit__(self, *why: object) -> None:
        for one, handlers, level, propagate in self.before:
            one.handlers[:], one.propagate = handlers, propagate
            one.setLevel(level)


def test_a_request_is_one_line_with_what_is_needed_to_find_it(
    log: Log, browse: Callable[[str], Browser], story: Story
) -> None:
    answer = browse("phunu").get("/tasks?q=x", headers={"traceparent": f"00-{TRACE}-{SPAN}-01"})
    (line,) = [line for line in log.lines("request") if line["route"] == "/tasks"]
    assert (line["level"], line["logger"], line["method"], line["status"]) == ("info", "lienthong.requests", "GET", 200)
    assert line["request"] == answer.headers["X-Request-Id"]
    assert (line["trace"], line["span"]) == (TRACE, SPAN)
    assert line["ms"] > 0
    assert line["time"].endswith("Z")
    assert len(line["actor"]) == len(line["organization"]) == 32
    assert list(line)[:4] == ["time", "level", "logger", "event"]


@pytest.mark.parametrize(
    "said",
    ["", "00-0-0-01", f"00-{'0' * 32}-{SPAN}-01", f"00-{TRACE}-{'0' * 16}-01", f"ff-{TRACE}-{SPAN}-01",
     f"00-{TRACE.upper()}-{SPAN}-01", f"00-{TRACE}-{SPAN}-01\n{CANARY}"],
)  # fmt: skip
def test_a_trace_that_is_none_is_replaced_by_one_of_ours(said: str, app: Flask, log: Log) -> None:
    app.test_client().get("/sign-in", environ_overrides={"HTTP_TRACEPARENT": said})
    (line,) = log.lines("request")
    assert len(line["trace"]) == 32 and line["trace"] != TRACE and "span" not in line
    assert CANARY not in log.written


def test_a_completion_names_its_task_its_instance_and_what_was_done(story: Story, settings: Settings, log: Log) -> None:
    task = story.task("draft_plan", order=story.until("draft_plan"))
    browser = Browser(create_app(settings, database=story.database, clock=story.clock))
    browser.sign_in("phunu")
    page = browser.read(f"/tasks/{task.id}")
    assert browser.submit(page, "/completion", **PLAN).status_code == 303
    line = next(line for line in log.lines("request") if line["route"].endswith("/completion"))
    assert line["route"] == "/tasks/<id>/completion"
    assert (line["task"], line["instance"], line["order"]) == ([task.id], [task.instance_id], [task.order_id])
    assert "task:completed" in line["acts"]
    story.pass_time()
    told = log.lines("job")
    assert {"messages", "totals", "words"} >= {line["job"] for line in told} - {"letters"}
    delivered = next(line for line in told if line["job"] == "messages")
    assert len(delivered["subject"]) == len(delivered["instance"][0]) == 32
    assert delivered["ms"] > 0 and delivered["acts"]
    assert CANARY not in log.written and "Kế" not in log.written


def test_a_sweep_that_does_nothing_says_nothing(story: Story, log: Log) -> None:
    story.pass_time()
    before = log.written
    jobs.sweep(story.database, story.clock)
    assert log.written == before


def test_neither_passwords_nor_remarks_nor_names_nor_addresses_are_logged(
    story: Story, settings: Settings, log: Log
) -> None:
    task = story.task("draft_plan", order=story.until("draft_plan"))
    browser = Browser(create_app(settings, database=story.database, clock=story.clock))
    browser.sign_in("phunu", CANARY)
    browser.sign_in(CANARY, CANARY)
    browser.sign_in("phunu")
    browser.post(f"/tasks/{task.id}/comments", text=CANARY)
    browser.post(f"/tasks/{task.id}/delegation", to=CANARY, note=CANARY)
    browser.get(f"/tasks?q={CANARY}")
    browser.get(f"/tasks/{CANARY}")
    browser.get(f"/{CANARY}", headers={"User-Agent": CANARY, "Referer": f"http://x/{CANARY}"})
    browser.client.post("/api/v1/orders", json={"title": CANARY}, headers={"Authorization": f"Bearer {CANARY}"})
    story.pass_time()
    assert len(log.lines("request")) > 8
    for word in ("hoàng", DIGITS, "ho\\u00e0ng", "%C3%A0", "Hội", "phunu"):
        assert word not in log.written, word


def test_an_error_is_logged_by_kind_and_place_without_its_words(
    app: Flask, browse: Callable[[str], Browser], log: Log
) -> None:
    def broken() -> str:
        try:
            raise KeyError(CANARY)
        except KeyError as error:
            raise RuntimeError(f"cannot do {CANARY}") from error

    browser = browse("phunu")
    app.view_functions["tasks.index"] = broken
    app.config["TESTING"] = False
    answer = browser.get("/tasks")
    (line,) = log.lines("request failed")
    assert (answer.status_code, line["level"], line["request"]) == (500, "error", answer.headers["X-Request-Id"])
    assert (line["error"], line["route"]) == (["RuntimeError", "KeyError"], "/tasks")
    assert any(place.endswith(" broken") and "test_logs.py:" in place for place in line["where"])
    assert CANARY not in log.written
    assert log.lines("request")[-1]["status"] == 500


def test_what_the_database_refuses_does_not_quote_what_was_typed(story: Story) -> None:
    with pytest.raises(DBAPIError) as refused, story.database.write() as session:
        session.execute(text("SELECT * FROM nowhere WHERE word = :word"), {"word": CANARY})
    assert CANARY not in str(refused.value)


@pytest.mark.parametrize("form", ["json", "text"])
def test_no_line_break_and_no_terminal_command_gets_in(
    form: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    nasty = 'a\r\n{"event": "forged"}\u2028\u0085\x1b[31m'
    told = Settings(home=settings.home, secret_key=settings.secret_key, log_format=form, testing=True)
    with kept_loggers(monkeypatch) as log:
        logs.configure(told)
        logging.getLogger("lienthong").warning("an event %s", nasty, extra={"route": nasty, "secret": CANARY})
        logging.getLogger("somebody.else").warning("first line %s\nsecond", "x")
    first, second = log.written.split("\n")[:-1]
    assert not set(log.written[:-1]) & set("\r\u2028\u0085\x1b") and CANARY not in log.written
    assert "forged" in first and "second" not in second


def test_lines_of_the_job_engine_are_ours_too(log: Log) -> None:
    logging.getLogger("dbos").warning("Step failed: %s\nTraceback: %s", "x", CANARY)
    (line,) = log.lines()
    assert (line["logger"], line["event"]) == ("dbos", "Step failed: x")


def test_the_level_and_the_form_come_from_the_settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Settings.from_environment({"LIENTHONG_LOG_LEVEL": "error", "LIENTHONG_LOG_FORMAT": "TEXT"})
    assert (found.log_level, found.log_format) == ("ERROR", "text")
    with pytest.raises(ValueError, match="LIENTHONG_LOG_LEVEL"):
        Settings.from_environment({"LIENTHONG_LOG_LEVEL": "loud"})
    with kept_loggers(monkeypatch) as log:
        logs.configure(found)
        logging.getLogger("lienthong").warning("unheard")
        logging.getLogger("lienthong").error("heard")
    assert log.written.count("\n") == 1 and "event='heard'" in log.written


def test_who_asks_whether_all_is_well_fills_no_log(app: Flask, log: Log) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        app.test_client().get(path)
    assert log.lines() == []

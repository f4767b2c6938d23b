"""What machines ask: alive, ready, and how many; and who may not ask."""

import threading
import time
from collections import namedtuple
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from engine import audit, metrics, tasks
from engine.audit import Fact
from engine.clock import ManualClock, begin
from engine.jobs import Jobs, committing
from engine.metrics import exposition
from engine.retry import again
from engine.sandbox import ScriptFailed, evaluate
from models import database as models_database
from models.database import Database
from models.messages import Message
from models.permissions import SYSTEM
from models.tasks import Task
from tests.play import Story
from tests.webapp.browser import Browser
from webapp import create_app, readiness
from webapp.config import Settings
from webapp.runtime import Runtime

TOKEN = "đọc số liệu 16+".encode().hex()
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def runtime(app: Flask) -> Runtime:
    world: Runtime = app.extensions["lienthong"]
    return world


@pytest.fixture(autouse=True)
def forgiven(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server of the tests need not survive a power cut, and has it so (tests/conftest.py)."""
    for one in database.in_force():
        if one.name in ("fsync", "full_page_writes"):
            monkeypatch.setitem(models_database._WANTED_OF_POSTGRES, one.name, one.value)


def problems(app: Flask) -> dict[str, str]:
    answer = app.test_client().get("/readyz")
    said: dict[str, str] = answer.get_json()["problems"]
    assert answer.status_code == (503 if said else 200)
    assert answer.get_json()["ready"] is not bool(said)
    return said


def numbers(database: Database, clock: ManualClock) -> dict[str, float]:
    """Return every sample by its name and labels."""
    text = exposition.written(database, clock).decode()
    return {
        sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_process_is_alive_whatever_else_is_wrong(app: Flask, runtime: Runtime) -> None:
    runtime.stopping.set()
    runtime.database.close()
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.get_json()) == (200, {"alive": True})


def test_a_sound_application_is_ready(app: Flask) -> None:
    assert problems(app) == {}


def test_it_is_not_ready_once_told_to_stop(app: Flask, runtime: Runtime) -> None:
    runtime.stopping.set()
    assert set(problems(app)) == {"stopping"}


def refuse_writes(monkeypatch: pytest.MonkeyPatch, runtime: Runtime) -> None:
    def refuse() -> None:
        raise OperationalError("UPDATE canary", None, Exception("canary: attempt to write a readonly database"))

    monkeypatch.setattr(runtime.database, "write", refuse)


def refuse_files(monkeypatch: pytest.MonkeyPatch, runtime: Runtime) -> None:
    def full(folder: Path) -> float:
        raise OSError(28, "canary: no space left on device")

    monkeypatch.setattr(readiness, "sync", full)


def be_slow(monkeypatch: pytest.MonkeyPatch, runtime: Runtime) -> None:
    def slow(folder: Path) -> float:
        time.sleep(0.25)
        return 0.25

    monkeypatch.setattr(readiness, "sync", slow)


def be_full(monkeypatch: pytest.MonkeyPatch, runtime: Runtime) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(readiness.shutil, "disk_usage", lambda folder: usage(100, 91, 9))


def be_older(monkeypatch: pytest.MonkeyPatch, runtime: Runtime) -> None:
    monkeypatch.setattr(readiness.migrations, "is_current", lambda database: False)


def be_corrupting(monkeypatch: pytest.MonkeyPatch, runtime: Runtime) -> None:
    monkeypatch.setattr("models.database.OLDEST_SQLITE", (99,))
    monkeypatch.setattr("models.database.OLDEST_POSTGRES", 99)


def be_careless(monkeypatch: pytest.MonkeyPatch, runtime: Runtime) -> None:
    if runtime.database.is_sqlite:
        monkeypatch.setitem(models_database._WANTED_OF_SQLITE, "synchronous", "3")
    else:
        monkeypatch.setitem(models_database._WANTED_OF_POSTGRES, "synchronous_commit", "remote_apply")


def be_early(monkeypatch: pytest.MonkeyPatch, runtime: Runtime) -> None:
    assert isinstance(runtime.clock, ManualClock)
    runtime.clock.at -= timedelta(days=1)


def be_late(monkeypatch: pytest.MonkeyPatch, runtime: Runtime) -> None:
    assert isinstance(runtime.clock, ManualClock)
    with committing(runtime.database, runtime.clock) as session:
        session.add(Message(name="news", payload={}, sent_at=runtime.clock.at, state="pending"))
    runtime.clock.at += timedelta(seconds=61)


def be_unsigned(monkeypatch: pytest.MonkeyPatch, runtime: Runtime) -> None:
    assert isinstance(runtime.clock, ManualClock)
    runtime.seal.put(runtime.database, runtime.clock)
    with committing(runtime.database, runtime.clock) as session:
        audit.record(session, SYSTEM, Fact.SETTING_CHANGED)
    runtime.clock.at += timedelta(minutes=16)


def be_asleep(monkeypatch: pytest.MonkeyPatch, runtime: Runtime) -> None:
    runtime.jobs = Jobs(runtime.database, runtime.clock, queue=False)


@pytest.mark.parametrize(
    ("what", "spoil"),
    [
        ("write", refuse_writes), ("write", refuse_files), ("write", be_slow), ("disk", be_full), ("schema", be_older),
        ("library", be_corrupting), ("clock", be_early), ("delivery", be_late), ("delivery", be_asleep),
        ("checkpoint", be_unsigned),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)  # fmt: skip
def test_what_is_not_as_it_must_be_is_named_in_words_without_secrets(
    app: Flask, runtime: Runtime, monkeypatch: pytest.MonkeyPatch, what: str, spoil: Callable[..., None]
) -> None:
    spoil(monkeypatch, runtime)
    said = problems(app)
    assert set(said) == {what}
    assert "canary" not in said[what]


def test_a_setting_that_is_not_in_force_is_named(app: Flask, runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    be_careless(monkeypatch, runtime)
    assert "synchronous" in problems(app)["settings"]


def test_asking_whether_it_is_ready_leaves_nothing_behind(app: Flask, runtime: Runtime) -> None:
    with runtime.database.read() as session:
        before = audit.verify(session)
    assert problems(app) == {}
    assert [path.name for path in runtime.settings.home.iterdir() if path.name.startswith(".")] == []
    with runtime.database.read() as session:
        assert audit.verify(session) == before


def test_many_who_ask_are_answered_from_one_examination(
    app: Flask, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    monkeypatch.setattr(readiness, "examine", lambda runtime: looked.append(1) or iter(()))
    threads = [threading.Thread(target=problems, args=(app,)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(looked) == 1


def test_a_lock_that_is_never_released_does_not_hold_the_question(
    app: Flask, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "PATIENCE", 0.2)
    with runtime.database.write() as session:
        audit.record(begin(session, runtime.clock), SYSTEM, Fact.SETTING_CHANGED)
        audit.flush(session)  # holds the lock of the log, and of an embedded database
        began = time.monotonic()
        assert set(problems(app)) == {"examination"}
        assert time.monotonic() - began < 2
        session.rollback()


@pytest.mark.parametrize(
    ("address", "host", "said", "status"),
    [
        ("127.0.0.1", "localhost", "", 200),
        ("::1", "[::1]:8000", "", 200),
        ("127.0.0.1", "lienthong.example", "", 404),  # through a proxy nobody announced
        ("192.0.2.7", "localhost", "", 404),
        ("192.0.2.7", "lienthong.example", f"Bearer {TOKEN}", 200),
        ("192.0.2.7", "lienthong.example", f"Bearer {TOKEN}x", 404),
        ("192.0.2.7", "lienthong.example", f"Basic {TOKEN}", 404),
        ("192.0.2.7", "lienthong.example", "Bearer ", 404),
        ("192.0.2.7", "lienthong.example", "Bearer é", 404),
    ],
)
def test_numbers_are_for_this_machine_and_for_who_knows_the_token(
    settings: Settings, database: Database, clock: ManualClock, address: str, host: str, said: str, status: int
) -> None:
    told = Settings(home=settings.home, secret_key=settings.secret_key, metrics_token=TOKEN, testing=True)
    client = create_app(told, database=database, clock=clock).test_client()
    answer = client.get(
        "/metrics", base_url=f"https://{host}", environ_base={"REMOTE_ADDR": address}, headers={"Authorization": said}
    )
    assert answer.status_code == status
    assert ("lienthong_completions" in answer.text) == (status == 200)


def test_without_a_token_in_the_settings_no_token_opens_and_in_the_open_none_does(
    app: Flask, settings: Settings, database: Database, clock: ManualClock
) -> None:
    for said in ("Bearer ", "Bearer", "", "Bearer none"):
        headers = {"Authorization": said}
        assert app.test_client().get("/metrics", environ_base=ELSEWHERE, headers=headers).status_code == 404
    told = Settings(home=settings.home, secret_key=settings.secret_key, metrics_token=TOKEN, testing=True)
    client = create_app(told, database=database, clock=clock).test_client()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/metrics", environ_base=ELSEWHERE, headers=headers).status_code == 404
    with pytest.raises(ValueError, match="LIENTHONG_METRICS_TOKEN"):
        Settings(home=settings.home, metrics_token="short")


def test_whoever_asks_for_health_need_not_speak_tls(settings: Settings, database: Database, clock: ManualClock) -> None:
    public = Settings(home=settings.home, secret_key=settings.secret_key, secure=True, testing=True)
    client = create_app(public, database=database, clock=clock).test_client()
    asked = {path: client.get(path).status_code for path in ("/healthz", "/readyz", "/metrics", "/sign-in")}
    assert asked == {"/healthz": 200, "/readyz": 200, "/metrics": 200, "/sign-in": 403}


def test_what_happens_is_counted_and_nobody_is_named(story: Story, app: Flask) -> None:
    task = story.task("draft_plan", order=story.until("draft_plan")).id
    metrics.watch(story.database)
    before = numbers(story.database, story.clock)
    plan = {"content": "Kế hoạch", "milestones": "Hằng tuần"}
    with story.doing() as session:
        tasks.complete(session, session.get_one(Task, task), actor=story.actor("phunu"), answers=plan)
    after = numbers(story.database, story.clock)
    assert after["lienthong_queue_depth messages"] > 0
    story.pass_time()
    last = numbers(story.database, story.clock)
    assert after["lienthong_completions_total"] == before["lienthong_completions_total"] + 1
    assert last["lienthong_queue_depth messages"] == 0
    for counted in ("lienthong_commit_seconds_count", "lienthong_lock_wait_seconds_count",
                    "lienthong_delivery_age_seconds_count"):  # fmt: skip
        assert last[counted] > before[counted], counted
    assert last["lienthong_acts_total task:completed"] == after["lienthong_acts_total task:completed"]
    assert {name.split(" ")[1] for name in last if name.startswith("lienthong_queue_depth ")} == {
        "messages", "timers", "starts", "reminders", "figures", "notices", "letters", "jobs",
    }  # fmt: skip
    assert last["lienthong_wal_bytes"] > 0 or not story.database.is_sqlite
    labels = {word for name in last for word in name.split(" ")[1:]}
    assert not labels & set(story.world.ids.values())


def test_what_was_undone_is_not_counted(story: Story) -> None:
    task = story.task("accept_lead", order=story.until("accept_lead")).id
    before = numbers(story.database, story.clock)
    with story.database.write() as session:
        session.info["now"] = story.clock.now()
        metrics.later(session, metrics.TIMER_LATENESS, 5.0)
        tasks.complete(session, session.get_one(Task, task), actor=story.actor("phunu"), answers={"decision": "accept"})
        session.flush()
        audit.flush(session)
        session.rollback()
        session.execute(select(1))
        session.commit()
    after = numbers(story.database, story.clock)
    for name in ("lienthong_completions_total", "lienthong_timer_lateness_seconds_count"):
        assert after[name] == before[name]


def test_a_timer_says_how_late_it_fired(story: Story) -> None:
    order = story.until("consolidate_locality")
    before = numbers(story.database, story.clock)
    assert story.tasks("consolidate_locality", order=order)
    story.later(days=60)
    after = numbers(story.database, story.clock)
    count, total = (f"lienthong_timer_lateness_seconds_{part}" for part in ("count", "sum"))
    assert after[count] > before[count]
    assert after[total] - before[total] > timedelta(days=1).total_seconds()


def test_conflicts_failed_sign_ins_and_killed_evaluations_are_counted(
    app: Flask, database: Database, clock: ManualClock, anonymous: Browser, browse: Callable[[str], Browser]
) -> None:
    before = numbers(database, clock)
    anonymous.sign_in("phunu", "sai mật khẩu")
    for _ in range(2):
        with pytest.raises(ScriptFailed):
            evaluate("[n for n in range(10 ** 9)]", {}, now=clock.now())
    tries = iter([OperationalError("x", None, Exception("database is locked"))])

    def act() -> None:
        for error in tries:
            raise error

    again(act)
    browse("phunu").post("/tasks/claims")
    after = numbers(database, clock)
    assert after["lienthong_sign_ins_failed_total"] == before["lienthong_sign_ins_failed_total"] + 1
    assert after["lienthong_evaluator_kills_total limit"] == before["lienthong_evaluator_kills_total limit"] + 2
    assert after["lienthong_conflicts_total repeated"] == before["lienthong_conflicts_total repeated"] + 1


def test_a_request_is_counted_by_noun_method_and_class_alone(
    app: Flask, database: Database, clock: ManualClock, anonymous: Browser
) -> None:
    anonymous.get("/tasks/0123456789abcdef0123456789abcdef")
    app.test_client().open("/nowhere/canary", method="BREW")
    counted = [name for name in numbers(database, clock) if name.startswith("lienthong_request_seconds_count")]
    assert "lienthong_request_seconds_count GET tasks 3xx" in counted
    assert "lienthong_request_seconds_count other none 4xx" in counted
    assert not [name for name in counted if "canary" in name or "0123" in name]

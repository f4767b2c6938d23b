"""Two nodes over one database are one installation: whoever goes from one to the other notices nothing."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from engine import nodes
from engine.attachments import attach
from engine.clock import ManualClock
from engine.files import Stored
from engine.nodes import Lease
from models.database import Database
from models.orders import Order
from models.tasks import Task
from tests.play import Story
from tests.webapp.browser import ORIGIN, Browser, values_of
from tests.world import ON_POSTGRES, World
from webapp import create_app, doctor, health, server
from webapp.cli import main
from webapp.config import Settings
from webapp.runtime import open_runtime


@pytest.fixture
def other(settings: Settings, database: Database, world: World, clock: ManualClock) -> Flask:
    """Another node, with the same home."""
    return create_app(settings, database=database, clock=clock)


def orders_in(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Order)) or 0


def gone_over(browser: Browser, node: Flask) -> Browser:
    """Return the same person's browser, whose next request reaches another node."""
    there, cookie = Browser(node), browser.client.get_cookie("lienthong")
    assert cookie is not None
    there.client.set_cookie("lienthong", cookie.value)
    return there


def test_who_signed_in_at_one_node_is_known_to_the_other_until_it_signs_out(app: Flask, other: Flask) -> None:
    here = Browser(app)
    here.sign_in("phunu")
    there = gone_over(here, other)
    assert there.get("/tasks").status_code == 200
    assert there.post("/sign-out").status_code == 303
    assert here.get("/tasks").headers["Location"].startswith("/sign-in")


def test_a_form_of_one_node_is_taken_by_the_other_and_once(
    played: Flask, settings: Settings, clock: ManualClock
) -> None:
    database: Database = played.extensions["lienthong"].database
    other = create_app(settings, database=database, clock=clock)
    here = Browser(played)
    here.sign_in("vp.ubnd")
    before = orders_in(database)
    form = here.read("/orders").find("form", action="/orders")
    there, data = gone_over(here, other), values_of(form)  # type: ignore[arg-type]
    answers = [one.client.post("/orders", data=data, headers={"Origin": ORIGIN}) for one in (there, here)]
    assert answers[0].status_code == 303 and answers[0].headers["Location"] == answers[1].headers["Location"]
    assert orders_in(database) == before + 1


def test_guesses_at_all_nodes_are_counted_together(app: Flask, other: Flask) -> None:
    for node in (app, other, app, other, app):
        Browser(node).sign_in("phunu", "sai mật khẩu")
    assert Browser(other).sign_in("phunu").status_code == 429


def test_nodes_that_begin_together_sign_with_one_key(tmp_path: Path) -> None:
    said, gate = [], threading.Barrier(8)

    def begin() -> None:
        gate.wait()
        said.append(Settings(home=tmp_path).signing_key())

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 8 and len(set(said)) == 1 and len(said[0]) >= 48
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["secret-key"]


def test_two_nodes_with_keys_of_their_own_do_not_know_each_other(
    settings: Settings, app: Flask, database: Database, clock: ManualClock
) -> None:
    """Red: why they share one."""
    here = Browser(app)
    here.sign_in("phunu")
    stranger = create_app(replace(settings, secret_key="s" * 32), database=database, clock=clock)
    assert gone_over(here, stranger).get("/tasks").status_code == 303


def test_a_worker_answers_whether_all_is_well_and_nothing_else(
    settings: Settings, database: Database, clock: ManualClock
) -> None:
    asked = health.application(open_runtime(settings, database, clock)).test_client()
    assert asked.get("/healthz").get_json() == {"alive": True}
    assert asked.get("/readyz").status_code in (200, 503)
    assert b"lienthong_queue_depth" in asked.get("/metrics").data
    assert asked.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 404
    assert asked.get("/tasks").status_code == asked.get("/sign-in").status_code == 404


@pytest.mark.once
@pytest.mark.parametrize(("tongue", "said"), [("en_GB.UTF-8", "has one process"), ("vi_VN.UTF-8", "chỉ có một")])
def test_an_embedded_installation_has_no_workers(
    tongue: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", tongue)
    assert main(["worker", "--home", str(tmp_path / "home")]) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "home" / "lienthong.db").exists()


def test_a_node_on_postgres_leaves_the_home_to_others(
    settings: Settings, database: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    monkeypatch.setattr(server, "_live", lambda *given, **named: seen.append((settings.home / server.PID).exists()))
    server.run(open_runtime(settings, database, clock))
    assert seen == [database.is_sqlite]
    assert not (settings.home / server.PID).exists()


@pytest.mark.once
def test_where_it_listens_is_said_by_the_environment_or_else_on_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from webapp import cli

    monkeypatch.setenv("LIENTHONG_PORT", "8123")
    line = ["serve", "--home", "x"]
    assert cli.settings_of(cli._parser().parse_args(line)).port == 8123
    assert cli.settings_of(cli._parser().parse_args([*line, "--port", "8124"])).port == 8124


def test_the_doctor_misses_what_another_node_took_in(story: Story, settings: Settings) -> None:
    order = story.order()
    with story.doing() as session:
        task = session.get_one(Task, story.task("draft_order", order=order).id)
        stored = Stored("ab" * 32, 3, "application/pdf")
        attach(session, task, actor=story.actor("vp.ubnd"), name="ke-hoach.pdf", stored=stored)
    runtime = open_runtime(settings, story.database, story.clock)
    (missed,) = doctor.attachments(runtime)
    assert missed.state == "FAIL" and "share one home" in missed.remedy
    place = runtime.files.path(stored.sha256)
    place.parent.mkdir(parents=True)
    place.write_bytes(b"pdf")
    assert [finding.state for finding in doctor.attachments(runtime)] == ["ok"]


@pytest.mark.skipif(not ON_POSTGRES, reason="an embedded installation has one node")
def test_the_doctor_names_the_nodes_and_warns_where_each_may_have_a_key_of_its_own(
    settings: Settings, database: Database, clock: ManualClock
) -> None:
    here, elsewhere = Lease(database.writer, nodes.new_name()), Lease(database.writer, "elsewhere-1-abc")
    alone = open_runtime(replace(settings, secret_key=""), database, clock)
    try:
        here.keep()
        assert [str(one) for one in doctor.cluster(alone)] == ["ok   nodes: 1 on 1 machines"]
        elsewhere.keep()
        said = [*doctor.cluster(alone), *doctor.cluster(open_runtime(settings, database, clock))]
        assert [one.state for one in said] == ["ok", "warn", "ok"]
        assert "LIENTHONG_SECRET_KEY" in said[1].remedy
    finally:
        here.give_back()
        elsewhere.give_back()

"""Migration at the doors: the page with its dry run, programs, and the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import make_url

from engine import jobs
from engine.audit import Fact
from engine.migration import many
from models.instances import Instance
from tests.engine.diagrams import bundle, chain, end, process, start, user
from tests.engine.migrating import deploy, versions
from tests.engine.operating import REASON, THREE, begin
from tests.play import Story
from tests.webapp.browser import Browser, soup
from tests.webapp.doors import Program, app, signed_in, story
from tests.webapp.operating import follow
from webapp.cli import main
from webapp.definitions import migration as page

pytestmark = pytest.mark.once

__all__ = ["app", "story"]

RENAMED = bundle(process(start(), user("first"), user("three"), end(), chain("start", "first", "three", "end")))
RIGHT = {"map-one": "first"}


@pytest.fixture
def running(story: Story) -> list[str]:
    """Three instances of the first version, of which one is at its second step; and a second version."""
    found = [begin(story, THREE) for _ in range(3)]
    story.answer("thietke", "one")
    deploy(story, RENAMED)
    return found


def address(story: Story, **said: str) -> str:
    return f"/definitions/{versions(story)[0]}/migration?{urlencode(said)}"


def under(story: Story) -> list[int]:
    """Return how many instances run under each version."""
    pins = [one.definition_id for one in story.rows(Instance, process_id="p")]
    return [pins.count(id) for id in versions(story)]


def confirm(browser: Browser, story: Story, at: str, **said: str) -> Any:
    """Send the form that the dry run shows, as it stands there."""
    form = browser.read(at).select_one("form[action$='/migration']")
    assert form is not None
    fields = {one["name"]: one.get("value", "") for one in form.select("input")}
    return browser.client.post(
        str(form["action"]), data={**fields, "reason": REASON, **said}, headers={"Origin": "http://localhost"}
    )


def test_the_page_proposes_what_takes_the_place_of_what(app: Flask, story: Story, running: list[str]) -> None:
    browser = signed_in(app, "quantri")
    shown = browser.read(address(story))
    assert shown.select_one("select[name=map-three] option[selected]")["value"] == "three"  # type: ignore[index]
    assert shown.select_one("select[name=map-one] option[selected]") is None
    assert "Cần xem lại" in shown.get_text(" ")
    linked = browser.read(f"/definitions/{versions(story)[0]}").select_one("a[href$='/migration']")
    assert linked is not None


def test_a_dry_run_says_how_many_would_be_stuck_where_and_why(app: Flask, story: Story, running: list[str]) -> None:
    said = signed_in(app, "quantri").read(address(story, tried="1", **RIGHT))
    text = said.get_text(" ")
    assert ("2 trên 3 quy trình chuyển được" in text, "1 trên 3 quy trình không chuyển được" in text) == (True, True)
    assert "«Two»" in text
    assert said.select_one("[data-current=two]") is not None
    assert under(story) == [3, 0]


def test_what_can_go_goes_and_the_rest_is_said(app: Flask, story: Story, running: list[str]) -> None:
    browser = signed_in(app, "quantri")
    after = follow(browser, confirm(browser, story, address(story, tried="1", **RIGHT)))
    assert "Đã chuyển 2 quy trình; 1 chưa chuyển được." in after.get_text(" ")
    assert "1 trên 1 quy trình không chuyển được" in after.get_text(" ")
    assert under(story) == [1, 2]
    assert {one.facts["reason"] for one in story.facts(Fact.INSTANCE_MIGRATED)} == {REASON}
    again = follow(browser, confirm(browser, story, address(story, tried="1", **RIGHT | {"map-two": "three"}),
                                    **{"map-three": ""}))  # fmt: skip
    assert "Đã chuyển 1 quy trình; 0 chưa chuyển được." in again.get_text(" ")
    assert under(story) == [0, 3]


def test_a_reason_is_asked_for_and_nothing_goes_without(app: Flask, story: Story, running: list[str]) -> None:
    answer = confirm(signed_in(app, "quantri"), story, address(story, tried="1", **RIGHT), reason=" ")
    assert (answer.status_code, under(story)) == (422, [3, 0])
    assert soup(answer).select_one("#wrong-migration") is not None


def test_only_operators_see_the_page(app: Flask, story: Story, running: list[str]) -> None:
    assert signed_in(app, "thietke").client.get(address(story)).status_code == 403


def test_more_than_a_few_go_behind_the_scenes(
    app: Flask, story: Story, running: list[str], monkeypatch: pytest.MonkeyPatch, queued: list[Any]
) -> None:
    monkeypatch.setattr(page, "MOST_AT_ONCE", 1)
    browser = signed_in(app, "quantri")
    shown = follow(browser, confirm(browser, story, address(story, tried="1", **RIGHT)))
    assert "2 quy trình ở nền" in shown.get_text(" ")
    assert (under(story), len(queued)) == ([3, 0], 2)
    for payload in queued:
        with story.doing() as session:
            many.run(session, payload)
    assert under(story) == [1, 2]


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is put into the queue, instead of the job engine's tables."""
    found: list[Any] = []
    put: Callable[..., None] = lambda session, name, key, payload: found.append(payload)  # noqa: E731
    monkeypatch.setattr(jobs, "enqueue", put)
    return found


def test_a_program_tries_and_queues_a_migration(
    app: Flask, story: Story, running: list[str], queued: list[Any]
) -> None:
    program = Program(app, story, "quantri")
    old, new = versions(story)
    body = {"to": new, "mapping": {"one": "first"}, "reason": REASON}
    tried = program.post(f"/definitions/{old}/migration", body).json
    assert (tried["total"], len(tried["going"]), tried["queued"], queued) == (3, 2, 0, [])
    assert [(one["reason"], one["element"], len(one["instances"])) for one in tried["obstacles"]] == [
        ("migration_no_target", "two", 1)
    ]
    assert tried["mapping"] | {"one": "first", "two": None} == tried["mapping"]
    done = program.post(f"/definitions/{old}/migration", {**body, "dry_run": False, "instances": tried["going"][:1]})
    assert (done.json["queued"], [one["instance"] for one in queued]) == (1, tried["going"][:1])
    wrong = program.post(f"/definitions/{old}/migration", {**body, "mapping": {"one": "nowhere"}})
    assert (wrong.status_code, list(wrong.json["fields"])) == (422, ["mapping.one"])


def test_the_command_line_tries_migrates_and_goes_on_where_it_stopped(
    story: Story, running: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    if not story.database.is_sqlite:
        monkeypatch.setenv("LIENTHONG_DATABASE_URL", story.database.url)
    else:
        (tmp_path / "lienthong.db").symlink_to(str(make_url(story.database.url).database))
    command = ["migrate-instances", "p:1", "p:2", "--home", str(tmp_path), "--user", "quantri", "--reason", REASON]
    assert main([*command, "--map", "one=first", "--dry-run"]) == 1
    said = capsys.readouterr().out
    assert "2 of 3 would go from p:1 to p:2, 1 would not" in said
    assert "1: migration_no_target (element two" in said
    assert under(story) == [3, 0]
    assert main([*command, "--map", "one=first"]) == 1
    assert "2 migrated, 1 stay" in capsys.readouterr().out
    assert under(story) == [1, 2]
    assert main([*command, "--map", "one=first", "--map", "two=three", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["total"], told["migrated"], told["failed"]) == (1, 1, {})
    assert {one.channel for one in story.facts(Fact.INSTANCE_MIGRATED)} == {"cli"}


def test_the_command_line_lets_only_operators_migrate(story: Story, running: list[str], tmp_path: Path) -> None:
    (tmp_path / "lienthong.db").symlink_to(str(make_url(story.database.url).database))
    command = ["migrate-instances", "p:1", "p:2", "--home", str(tmp_path), "--user", "thietke", "--reason", REASON]
    assert main([*command, "--map", "one=first"]) == 1
    assert under(story) == [3, 0]

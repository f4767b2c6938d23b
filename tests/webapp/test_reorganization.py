"""Reorganizing in the browser, without scripts: choose, try, hand over once; for administrators only."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from models.organizations import Lineage, Organization
from models.tasks import Task
from tests.play import Story
from tests.processes.test_reorganizations import BASIS, add_body
from tests.webapp.browser import Browser, soup, text_of, values_of
from tests.webapp.doors import app, signed_in, story

__all__ = ["app", "story"]

pytestmark = pytest.mark.once

PAGE = "/organizations/reorganization"


def chosen(story: Story, new: str, **more: str) -> str:
    """Return the address at which the commune's body and its successor are chosen."""
    said = {"kind": "merge", "bodies": story.world.commune_front, "successors": new, **more}
    return f"{PAGE}?{'&'.join(f'{name}={value}' for name, value in said.items() if value)}"


def choice(page: BeautifulSoup) -> dict[str, Any]:
    """Return what the form holds in which bodies are chosen."""
    form = page.select_one("main form[method=get]")
    assert form is not None
    return values_of(form)


@pytest.fixture
def running(story: Story) -> str:
    """An order that waits for the communes."""
    return story.until("accept_locality")


def test_bodies_are_found_chosen_and_dropped_by_the_buttons_of_one_form(app: Flask, story: Story, running: str) -> None:
    browser, old = signed_in(app, "quantri"), story.world.commune_front
    page = browser.read(f"{PAGE}?q=cong hoa")
    found = page.find("button", attrs={"name": "add_bodies", "value": old})
    assert found is not None and story.get(Organization, old).name in found.get_text()
    page = browser.read(f"{PAGE}?add_bodies={old}&add_successors={story.world.women}")
    form = choice(page)
    assert (form["bodies"], form["successors"]) == (old, story.world.women)
    page = browser.read(f"{PAGE}?bodies={old}&drop_bodies={old}&tried=1")
    assert "bodies" not in choice(page)
    assert "Chọn ít nhất một đơn vị" in text_of(page)


def test_the_dry_run_shows_open_work_and_successor_and_changes_nothing(app: Flask, story: Story, running: str) -> None:
    new = add_body(story, "Ủy ban MTTQ xã Hải Hòa", login="haihoa")
    page = signed_in(app, "quantri").read(chosen(story, new, tried="1"))
    (line,) = page.select("[aria-labelledby=survey] tbody tr")
    said = " ".join(line.get_text(" ").split())
    assert "ĐH-2018-01" in said and said.endswith("1 1 Ủy ban MTTQ xã Hải Hòa")
    assert story.rows(Lineage, from_id=story.world.commune_front) == []


def test_one_button_hands_over_what_is_open_once_and_the_log_says_so(app: Flask, story: Story, running: str) -> None:
    new = add_body(story, "Ủy ban MTTQ xã Hải Hòa", login="haihoa")
    browser, old = signed_in(app, "quantri"), story.world.commune_front
    page = browser.read(chosen(story, new, tried="1"))
    for _ in range(2):  # a double click
        answer = browser.submit(page, PAGE, document=BASIS, day="11/10/2018")
        assert answer.status_code == 303
    (lineage,) = story.rows(Lineage, from_id=old)
    assert (lineage.to_id, lineage.kind, lineage.document) == (new, "merge", BASIS)
    assert lineage.at.isoformat() == "2018-10-10T17:00:00+00:00"
    (task,) = story.rows(Task, organization_id=new, state="open")
    assert task.element == "accept_locality"
    (entry,) = story.facts("task:handed_over", order_id=running)
    assert entry.facts["document"] == BASIS
    assert "bàn giao 1 phần việc" in text_of(browser.read(answer.location))


def test_work_without_a_single_successor_waits_for_the_administrator(app: Flask, story: Story, running: str) -> None:
    browser = signed_in(app, "quantri")
    page = browser.read(chosen(story, "", kind="abolish", tried="1"))
    assert "Quý vị chọn trong một việc riêng" in text_of(page)
    answer = browser.submit(page, PAGE, document=BASIS)
    assert "1 phần chờ quý vị chọn đơn vị nhận" in text_of(browser.read(answer.location))
    assert story.task("choose_successor", order=running)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"document": " "}, "Cần điền ô này"),
        ({"document": BASIS, "day": "01/01/2019"}, "Ngày này chưa đến"),
        ({"document": BASIS, "day": "hôm kia"}, "Ngày không đọc được"),
        ({"document": BASIS, "kind": "split"}, "Chia tách cần ít nhất hai đơn vị kế tục"),
        ({"document": BASIS, "kind": "abolish"}, "Giải thể thì không có đơn vị kế tục"),
        ({"document": BASIS, "kind": "vanish"}, "Giá trị không có trong danh sách"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field_and_nothing_is_written(
    app: Flask, story: Story, running: str, said: dict[str, Any], wrong: str
) -> None:
    new = add_body(story, "Ủy ban MTTQ xã Hải Hòa", login="haihoa")
    browser: Browser = signed_in(app, "quantri")
    answer = browser.submit(browser.read(chosen(story, new, tried="1")), PAGE, **said)
    assert answer.status_code == 422
    assert wrong in text_of(soup(answer))
    assert story.rows(Lineage, from_id=story.world.commune_front) == []


def test_only_who_keeps_the_register_reorganizes(app: Flask, story: Story, running: str) -> None:
    browser = signed_in(app, "phunu")
    assert browser.get(PAGE).status_code == 403
    said = {"kind": "abolish", "bodies": story.world.commune_front, "document": BASIS}
    assert browser.post(PAGE, **said).status_code == 403
    assert PAGE not in browser.get("/organizations").text
    assert PAGE in signed_in(app, "quantri").get("/organizations").text
    assert story.rows(Lineage, from_id=story.world.commune_front) == []

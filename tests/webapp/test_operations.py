"""The way to operations is shown to operators alone, and no parameter breaks a page."""

import pytest
from flask import Flask

from tests.engine.operating import TIMED, begin
from tests.play import Story
from tests.webapp.browser import text_of
from tests.webapp.doors import app, signed_in, story
from tests.webapp.operating import operator, stuck

pytestmark = pytest.mark.once

__all__ = ["app", "story"]

PAGES = ("/incidents", "/timers", "/jobs")


def test_the_way_to_operations_is_shown_to_operators_alone(app: Flask) -> None:
    assert operator(app).read("/tasks").select_one('nav a[href="/incidents"]')
    for login in ("phunu", "thietke", "thanhtra"):
        browser = signed_in(app, login)
        assert not browser.read("/tasks").select('nav a[href="/incidents"]')
        assert [browser.get(path).status_code for path in PAGES] == [403] * 3


def test_where_nothing_is_wrong_the_pages_say_so_in_both_languages(app: Flask) -> None:
    browser = operator(app)
    words = ("Không có sự cố nào", "Không có hẹn giờ nào ở đây", "Hàng đợi trống")
    assert [said in text_of(browser.read(path)) for path, said in zip(PAGES, words, strict=True)] == [True] * 3
    browser.post("/language", language="en")
    english = ("No incidents", "No timers here", "The queue is empty")
    assert [said in text_of(browser.read(path)) for path, said in zip(PAGES, english, strict=True)] == [True] * 3


@pytest.mark.parametrize("nasty", ["'", "%", "\\", "\ud83d", "1e999", "2018-10-12/x", "9" * 400, "1.", "~", "\x00"])
def test_no_parameter_breaks_a_page(app: Flask, story: Story, nasty: str) -> None:
    stuck(story)
    begin(story, TIMED)
    browser = operator(app)
    text = nasty.encode("utf-8", "replace").decode()
    said = dict.fromkeys(("after", "incident", "state", "kind", "process", "late"), text)
    assert [path for path in PAGES if browser.get(path, query_string=said).status_code >= 500] == []

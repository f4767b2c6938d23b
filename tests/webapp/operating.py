"""Processes that stand still, seen and mended at the doors."""

from typing import Any

from bs4 import BeautifulSoup
from flask import Flask

from models.instances import Incident
from tests.engine.diagrams import (
    bundle,
    end,
    flows,
    process,
    start,
    user,
    xor,
)
from tests.engine.operating import begin
from tests.play import Story
from tests.webapp.browser import Browser, soup
from tests.webapp.doors import signed_in

ASKS = bundle(
    process(
        start(), user("ask"), xor("which"), user("big"), user("small"), end(), end("end2"),
        flows(("start", "ask"), ("ask", "which"), ("which", "big", "size > 5"), ("which", "small", "size <= 5"),
              ("big", "end"), ("small", "end2")),
        name="Hỏi số lượng",
    )
)  # fmt: skip


def stuck(story: Story, **answers: Any) -> tuple[str, str]:
    """Begin a process that gets stuck at its decision; return it and the incident."""
    found = begin(story, ASKS)
    story.answer("thietke", "ask", **answers)
    return found, story.rows(Incident, instance_id=found)[-1].id


def operator(app: Flask) -> Browser:
    return signed_in(app, "quantri")


def follow(browser: Browser, answer: Any) -> BeautifulSoup:
    """Go where an act leads, and read what is said there."""
    assert answer.status_code == 303, soup(answer).get_text(" ")
    return browser.read(answer.headers["Location"])

"""What is printed bears the newest checkpoint of the log, as a code for people and whole for machines."""

import re
from collections.abc import Callable

import pytest
import segno
from bs4 import BeautifulSoup
from flask import Flask

from engine.audit.notes import Note
from tests.play import Story
from tests.webapp.browser import text_of
from tests.webapp.doors import app, signed_in, story
from webapp.runtime import Runtime

pytestmark = pytest.mark.once

__all__ = ["app", "story"]


@pytest.fixture
def put(app: Flask) -> Callable[[], Note]:
    """Sign the log as it stands."""
    world: Runtime = app.extensions["lienthong"]

    def signed() -> Note:
        note = world.seal.put(world.database, world.clock, always=True)
        assert note is not None
        return note

    return signed


def modules(page: BeautifulSoup) -> set[tuple[int, int]]:
    """Return the dark modules of the drawing on a page, by column and row: what a telephone sees of it."""
    (path,) = page.select("svg path.qrline")
    dark, x, y = set[tuple[int, int]](), 0, 0.0
    for verb, said in re.findall(r"([Mmh])([^Mmh]*)", str(path["d"])):
        numbers = [float(one) for one in re.findall(r"-?[\d.]+", said)]
        if verb == "h":
            dark |= {(x + n, int(y)) for n in range(int(numbers[0]))}
            x += int(numbers[0])
        else:
            x, y = (int(numbers[0]), numbers[1]) if verb == "M" else (x + int(numbers[0]), y + numbers[1])
    return dark


def shown(note: Note) -> set[tuple[int, int]]:
    """Return the dark modules of the code that says name, size and root of a checkpoint."""
    rows = segno.make("".join(f"{line}\n" for line in note.text.split("\n")[:3]), error="m", micro=False).matrix
    return {(x + 4, y + 4) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}


def test_the_print_of_an_order_bears_the_newest_checkpoint(app: Flask, story: Story, put: Callable[[], Note]) -> None:
    page = f"/orders/{story.until('draft_plan')}/print"
    browser = signed_in(app, "vp.ubnd")
    assert "chưa có điểm kiểm tra nào" in text_of(browser.read(page))
    put()
    signed_in(app, "phunu")  # which is an entry
    note = put()
    printed = browser.read(page)
    assert note.checkpoint.code in text_of(printed)
    assert modules(printed) == shown(note)


def test_a_case_file_bears_the_newest_checkpoint(app: Flask, story: Story, put: Callable[[], Note]) -> None:
    browser = signed_in(app, "thanhtra")
    address = browser.post("/audit/case-files", title="Kiểm tra quý II").headers["Location"]
    note = put()
    printed = browser.read(address)
    assert note.checkpoint.code in text_of(printed)
    assert modules(printed) == shown(note)

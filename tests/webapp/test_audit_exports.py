"""Exports of lists of the log: one page offers them and shows how far the file is that is being written."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from models.audit import AuditEntry
from tests.play import Story
from tests.webapp.browser import Browser, text_of
from tests.webapp.doors import app, signed_in, story

pytestmark = pytest.mark.once

__all__ = ["app", "story"]


def offered(inspector: Browser, query: str) -> tuple[dict[str, str], str]:
    """Open the page of exports; return the addresses of the files by format, and that of their progress."""
    page = inspector.read(f"/audit/exports?{query}")
    links = {str(link["href"]).partition("?")[0].rpartition("/")[2]: str(link["href"]) for link in page.select("dt a")}
    return links, str(page.select_one("[data-poll]")["hx-get"])


def test_the_page_says_how_many_entries_the_files_have(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    inspector = signed_in(app, "thanhtra")
    (link,) = (one for one in inspector.read(f"/audit?order={order}").select("a") if "/audit/exports" in one["href"])
    entries = story.rows(AuditEntry, order_id=order)
    assert f"{len(entries)} mục khớp điều kiện" in text_of(inspector.read(str(link["href"])))
    links, progress = offered(inspector, f"order={order}")
    assert set(links) == {"csv", "jsonl", "xes", "ocel"} and "Chưa bắt đầu" in text_of(inspector.read(progress))
    rows = csv.DictReader(io.StringIO(inspector.get(links["csv"]).get_data(as_text=True).removeprefix("\ufeff")))
    assert [row["seq"] for row in rows] == [str(one.seq) for one in entries]
    assert f"Đã ghi xong {len(entries)} mục" in text_of(inspector.read(progress))


def parts_of(app: Flask, inspector: Browser, address: str) -> Iterator[bytes]:
    """Take a file part by part, as the network does."""
    with closing(inspector.client.get(address, buffered=False)) as answer:
        yield from answer.response


def test_a_file_that_is_being_written_says_how_far_it_is(
    app: Flask, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.audit.meters.PAUSE", 0)
    order = story.until("draft_plan")
    inspector, reader = signed_in(app, "thanhtra"), signed_in(app, "thanhtra")
    links, progress = offered(inspector, f"order={order}")
    parts = parts_of(app, inspector, links["jsonl"])
    for _ in range(10):
        next(parts)
    told = re.search(r"Đã ghi (\d+) trên (\d+) mục", text_of(reader.read(progress)))
    assert told is not None and 1 <= int(told[1]) <= 10
    assert int(told[2]) == len(story.rows(AuditEntry, order_id=order))
    assert len(list(parts)) == int(told[2]) - 10
    bar = BeautifulSoup(reader.get(progress).get_data(), "lxml").progress
    assert bar is not None and bar["value"] == bar["max"] == told[2]


def test_a_progress_that_nobody_began_is_no_file_of_somebody_else(app: Flask, story: Story) -> None:
    inspector = signed_in(app, "thanhtra")
    for meter in ("", "../keys/audit", "0" * 32, "x" * 32):
        assert "Chưa bắt đầu" in text_of(inspector.read(f"/audit/export-progress?meter={meter}"))
    home = app.extensions["lienthong"].settings.home
    home.joinpath("exports").mkdir(exist_ok=True)
    assert inspector.get("/audit/exports/csv?meter=../x&fact=order:signed").status_code == 200
    assert not home.joinpath("x").exists()

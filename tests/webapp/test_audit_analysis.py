"""The analysis of the log: an inspector sees how work flowed, and counts what the export for mining says."""

from collections import Counter
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from lxml import etree

from tests.play import Story
from tests.webapp.browser import text_of
from tests.webapp.doors import app, signed_in, story

pytestmark = pytest.mark.once

__all__ = ["app", "story"]
XES = {"x": "http://www.xes-standard.org/"}
COUNTED = ("schedule", "start", "complete")


def rows(page: BeautifulSoup, id: str) -> dict[str, list[str]]:
    table = page.select_one(f"table[aria-labelledby={id}]")
    assert table is not None, id
    lines = table.select("tbody tr")
    return {line.th.get_text().strip(): [cell.get_text().strip() for cell in line.select("td")] for line in lines}


def exported(app: Flask, query: str = "") -> Counter[tuple[str, str]]:
    """Count the events about steps in the export by name and transition."""
    answer = signed_in(app, "thanhtra").get(f"/audit/exports/xes?{query}")
    counts: Counter[tuple[str, str]] = Counter()
    for event in etree.fromstring(answer.get_data()).iterfind(".//x:event", XES):
        said = {one.get("key"): one.get("value") for one in event}
        if said["concept:name"] != said["lienthong:fact"]:
            counts[said["concept:name"], said["lifecycle:transition"]] += 1
    return counts


def test_the_counts_are_those_of_the_export(app: Flask, story: Story) -> None:
    first = story.until("approve_plan")
    assert signed_in(app, "truong.khoi").post(f"/tasks/{story.task('approve_plan').id}/claim").status_code == 303
    story.answer("truong.khoi", "approve_plan", first, decision="return", reason="Thiếu mốc thời gian")
    story.pass_time()
    assert {kind for _, kind in exported(app)} >= {*COUNTED}
    for query in ("", "since=01/10/2018", "until=01/01/2001", "since=01/01/2040"):
        page = signed_in(app, "thanhtra").read(f"/audit/analysis?{query}")
        told = exported(app, query)
        if not told:
            assert "không có việc nào khớp" in text_of(page)
            continue
        shown = {name: tuple(map(int, cells[:3])) for name, cells in rows(page, "steps-1").items()}
        names = {name for name, _ in told}
        assert shown == {name: tuple(told[name, kind] for kind in COUNTED) for name in names}


def test_a_body_is_shown_alone_and_beside_another(app: Flask, story: Story) -> None:
    story.until("approve_plan")
    inspector = signed_in(app, "thanhtra")
    whole = rows(inspector.read("/audit/analysis"), "bodies-1")
    (name, cells), *_ = ((name, cells) for name, cells in whole.items() if "Phụ nữ" in name or "LHPN" in name)
    page = inspector.read(f"/audit/analysis?organization={quote(name)}&place2=ha+long")
    assert rows(page, "bodies-1") == {name: cells}
    assert rows(page, "beside")["Xong"] == [cells[2], rows(page, "beside")["Xong"][1]]


def test_the_diagram_marks_steps_of_the_process_and_the_table_says_the_same(app: Flask, story: Story) -> None:
    story.until("approve_plan")
    page = signed_in(app, "thanhtra").read("/audit/analysis?process=lead")
    frame = page.select_one("[data-diagram]")
    assert frame is not None and "draft_plan" in str(frame["data-done"]).split(",")
    assert any("kế hoạch" in name for name in rows(page, "steps-1"))
    assert len(page.select("svg[role=img]")) == 2


def test_what_cannot_be_read_in_the_address_is_said(app: Flask, story: Story) -> None:
    inspector = signed_in(app, "thanhtra")
    assert "Không có quy trình nào như vậy" in text_of(inspector.read("/audit/analysis?process=khong"))
    assert "không đọc được" in text_of(inspector.read("/audit/analysis?since=xyz"))
    assert "tên như đã ghi" in text_of(inspector.read("/audit/analysis?organization=hoi+khong+co"))
    assert signed_in(app, "phunu").get("/audit/analysis").status_code == 403


def test_a_period_with_too_many_entries_says_that_it_was_cut(
    app: Flask, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.until("draft_plan")
    inspector = signed_in(app, "thanhtra")
    assert "chỉ tính phần mới nhất" not in text_of(inspector.read("/audit/analysis"))
    monkeypatch.setattr("webapp.audit.tracing.MOST", 5)
    assert "chỉ tính phần mới nhất" in text_of(inspector.read("/audit/analysis"))

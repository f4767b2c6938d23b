"""The analysis of the log: an inspector sees how work flowed, and counts what the export for mining says."""

from collections import Counter
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from lxml import etree
from sqlalchemy import select

from engine import definitions
from engine.audit import Fact
from engine.designs.pictures import INK, WASH
from models.audit import AuditEntry
from tests.play import Story, bundle
from tests.webapp.browser import text_of
from tests.webapp.doors import app, signed_in, story
from webapp.audit.colours import FREQUENCY, PASSED, PRESENT, TIME

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
    assert rows(page, "beside")["Xong"][0] == cells[2]


def marks(page: BeautifulSoup, element: str) -> tuple[str, str]:
    """Return the colour of an element in the drawn diagram, and the sign that stands over its upper right corner."""
    shape = page.select_one(f'.drawn g[data-element="{element}"] > rect')
    assert shape is not None
    right, top = float(shape["x"]) + float(shape["width"]), float(shape["y"])
    signs = [one for one in page.select('.drawn text[font-weight="bold"]') if near(one, right, top)]
    return str(shape["fill"]), signs[0].get_text() if signs else ""


def near(sign: Tag, x: float, y: float) -> bool:
    return abs(float(sign["x"]) - x) < 40 and abs(float(sign["y"]) - y) < 20


def test_the_diagram_says_where_time_went_in_colours_and_numbers(app: Flask, story: Story) -> None:
    order = story.until("accept_lead")
    story.later(hours=4)
    story.play(order, frm="accept_lead", to="draft_plan")
    story.later(hours=20)
    story.answer("phunu", "draft_plan", content="Kế hoạch", milestones="Hằng tuần")
    story.pass_time()
    page = signed_in(app, "thanhtra").read("/audit/analysis?process=lead")
    assert not page.select("script:not([src])")
    plan, accepted = marks(page, "draft_plan"), marks(page, "accept_lead")
    assert plan[1] == rows(page, "steps-1")["Lập kế hoạch thực hiện"][-1] == "20 giờ"
    assert accepted[1] == rows(page, "steps-1")["Tiếp nhận việc chủ trì"][-1] == "4 giờ"
    assert (plan[0], accepted[0]) == (TIME[-1], TIME[1])
    assert marks(page, "make_plan") == plan  # the subprocess, which stands for it in the diagram above
    assert TIME[-1] in {one["fill"] for one in page.select("ul.legend rect")}
    assert "20 giờ" in page.select_one("ul.legend").get_text()


def light(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", [*TIME, *FREQUENCY, PASSED.fill, PRESENT.fill])
def test_words_are_read_on_every_colour(colour: str) -> None:
    assert (light(colour) + 0.05) / (light(INK) + 0.05) >= 4.5


def test_the_diagram_counts_how_often_each_element_was_passed(app: Flask, story: Story) -> None:
    story.until("approve_plan")
    with story.database.read() as session:
        moves = session.scalars(select(AuditEntry).where(AuditEntry.fact == Fact.INSTANCE_MOVED)).all()
    passed = Counter(element for one in moves for element in one.facts.get("passed", ()))
    page = signed_in(app, "thanhtra").read("/audit/analysis?process=lead&colour=frequency")
    assert (
        marks(page, "draft_plan")[1]
        == str(passed["draft_plan"])
        == rows(page, "diagram-1")["Lập kế hoạch thực hiện"][0]
    )
    assert marks(page, "consolidate_result") == (WASH, "")
    assert "not_passed" not in passed


def test_one_version_is_analysed_alone(app: Flask, story: Story) -> None:
    story.until("draft_plan")
    with story.doing() as session:
        files = bundle("lead")
        changed = files["lead.bpmn"].replace("Lập kế hoạch thực hiện".encode(), "Lập kế hoạch mới".encode())
        definitions.deploy(session, files | {"lead.bpmn": changed}, actor=story.actor("quantri"))
    second = story.order()
    story.play(second, to="sign_order")
    story.answer("vp.ubnd", "resolve_overlap", second, decision="keep_both", reason="Khác đợt")
    story.play(second, frm="sign_order", to="draft_plan")
    inspector = signed_in(app, "thanhtra")
    whole, first, last = (
        rows(inspector.read(f"/audit/analysis?process=lead&version={n}"), "bodies-1") for n in ("", "1", "2")
    )
    (women,) = whole
    assert [int(side[women][0]) for side in (whole, first, last)] == [4, 2, 2]
    page = inspector.read("/audit/analysis?process=lead")
    assert "phiên bản 2" in text_of(page) and "Tính mọi phiên bản" in text_of(page)
    assert "không có phiên bản như vậy" in text_of(inspector.read("/audit/analysis?process=lead&version=7"))


def test_a_period_beside_another_is_a_period_of_its_own(app: Flask, story: Story) -> None:
    story.until("accept_lead")
    story.to_day("2018-10-20")
    story.answer("phunu", "accept_lead", decision="accept")
    story.pass_time()
    page = signed_in(app, "thanhtra").read("/audit/analysis?until=15/10/2018&since2=16/10/2018")
    assert rows(page, "beside")["Xong"][1] == "1"
    (step,) = (cells for name, cells in rows(page, "beside-steps").items() if name == "Tiếp nhận việc chủ trì")
    assert step[:3] == ["0", "1", "+1"]
    (same,) = (cells for name, cells in rows(page, "beside-steps").items() if name == "Tiếp nhận đặt hàng")
    assert same[:3] == ["1", "0", "−1 (−100%)"]


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

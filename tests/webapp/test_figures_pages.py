"""The pages of figures: totals with their words, who is missing, and the way down to the record."""

from decimal import Decimal

import pytest
from flask import Flask

from models.reports import Figure
from tests.play import Story, event, report
from tests.webapp.browser import soup, text_of
from tests.webapp.doors import app, signed_in, story
from webapp.orders.lines import bar_of, split

pytestmark = pytest.mark.once

__all__ = ["app", "story"]


@pytest.fixture
def order(story: Story) -> str:
    """An order on which one quarter has reported 58 and nearly 40 person-times in two weeks."""
    order = story.until("carry_out")
    weeks = [event("30/09/2018", green_turns="gần 40"), event("07/10/2018", green_turns="58")]
    story.do("truong.khu", "carry_out", {"records": weeks}, order=order)
    story.fold()
    return order


def test_every_total_has_its_word_and_unit_and_missing_figures_are_said(app: Flask, order: str) -> None:
    said = text_of(signed_in(app, "phunu").read("/figures"))
    assert "gần 98 lượt người" in said
    assert "2 tuần" in said
    assert "chưa có số liệu" in said


def test_somebody_without_a_part_sees_no_figures(app: Flask, order: str) -> None:
    browser = signed_in(app, "nongdan")
    assert "98 lượt người" not in text_of(browser.read("/figures"))
    for path in (f"/figures/{order}", f"/orders/{order}/figures/green_turns"):
        assert browser.get(path).status_code == 404


def test_the_table_shows_each_area_and_who_is_missing_there(app: Flask, order: str, story: Story) -> None:
    page = signed_in(app, "vp.ubnd").read(f"/figures/{order}?series=green-sunday")
    rows = {row.get_text(" ").split()[1]: " ".join(row.get_text(" ").split()) for row in page.select("tbody tr")}
    ward = next(text for text in rows.values() if "Cẩm Thịnh" in text)
    assert "gần 98" in ward
    assert "thiếu 2" in ward
    commune = next(text for text in rows.values() if "Cộng Hòa" in text)
    assert "chưa có" in commune
    foot = page.select_one("tfoot")
    assert foot is not None
    assert "0/2 đủ" in " ".join(foot.get_text(" ").split())


def test_a_period_counts_only_what_was_held_in_it(app: Flask, order: str) -> None:
    browser = signed_in(app, "vp.ubnd")
    assert "gần 40 lượt người" in text_of(browser.read(f"/figures/{order}?period=2018-09"))
    october = text_of(browser.read(f"/figures/{order}?since=01/10/2018&until=31/10/2018"))
    assert "58 lượt người" in october
    assert "gần" not in october.split("Bảng số liệu")[0].split("Lượt")[0]


def test_a_date_that_cannot_be_read_is_said_and_nothing_breaks(app: Flask, order: str) -> None:
    assert "Ngày không đọc được" in text_of(signed_in(app, "vp.ubnd").read(f"/figures/{order}?since=hôm qua"))


def test_the_weeks_are_drawn_and_written(app: Flask, order: str) -> None:
    page = signed_in(app, "vp.ubnd").read(f"/figures/{order}?series=green-sunday")
    assert len(page.select("svg.weeks rect.got")) == 2
    assert "Tuần 39" in text_of(page)


def test_a_week_in_which_nothing_was_held_is_told_with_its_reason(app: Flask, story: Story) -> None:
    order = story.until("carry_out")
    weeks = [event("07/10/2018", green_turns="58"), {"held_on": "30/09/2018", "not_held_reason": "Mưa bão"}]
    story.do("truong.khu", "carry_out", {"records": weeks}, order=order)
    story.fold()
    page = signed_in(app, "vp.ubnd").read(f"/figures/{order}?series=green-sunday")
    assert "Không tổ chức: Mưa bão" in text_of(page)
    assert len(page.select("svg.weeks rect.skip-week")) == 1


def test_a_total_opens_to_the_areas_and_the_records_that_make_it(app: Flask, order: str, story: Story) -> None:
    browser = signed_in(app, "vp.ubnd")
    top = browser.read(f"/orders/{order}/figures/green_turns")
    ward = next(a for a in top.select("table a") if "Cẩm Thịnh" in a.get_text())
    quarter = next(a for a in browser.read(str(ward["href"])).select("table a") if "Khu 1" in a.get_text())
    page = browser.read(str(quarter["href"]))
    records = [a for a in page.select("table a") if str(a["href"]).startswith("/figures/records/")]
    assert [" ".join(a.get_text(" ").split()) for a in records] == ["58 lượt người", "gần 40 lượt người"]
    record = text_of(browser.read(str(records[0]["href"])))
    for said in ("Trưởng khu", "Khu 1", "07/10/2018", "58 lượt người"):
        assert said in record


def test_the_records_of_a_total_add_up_to_it(app: Flask, order: str, story: Story) -> None:
    assert sum((figure.value for figure in story.rows(Figure, indicator_code="green_turns")), Decimal(0)) == 98


def test_a_correction_keeps_the_old_number_in_sight(app: Flask, order: str, story: Story) -> None:
    figure = next(one for one in story.rows(Figure) if one.value == 58)
    browser = signed_in(app, "truong.khu")
    page = browser.read(f"/figures/records/{figure.id}")
    answer = browser.submit(page, "/correction", value="61", reason="Đếm lại danh sách")
    assert answer.status_code == 303
    now = text_of(browser.read(answer.headers["Location"]))
    assert "61 lượt người" in now
    assert "Đếm lại danh sách" in now
    assert "58 lượt người" in now
    assert "đã được thay bằng" in text_of(browser.read(f"/figures/records/{figure.id}"))


def test_a_number_with_two_readings_is_asked_back_and_stays_typed(app: Flask, order: str, story: Story) -> None:
    figure = next(one for one in story.rows(Figure) if one.value == 58)
    browser = signed_in(app, "truong.khu")
    answer = browser.submit(browser.read(f"/figures/records/{figure.id}"), "/correction", value="1.5", reason="Đếm lại")
    assert answer.status_code == 422
    assert 'value="1.5"' in answer.text
    assert "Đếm lại" in text_of(soup(answer))


def test_only_who_entered_a_figure_corrects_it(app: Flask, order: str, story: Story) -> None:
    figure = next(one for one in story.rows(Figure) if one.value == 58)
    browser = signed_in(app, "phunu")
    assert "Gửi đính chính" not in text_of(browser.read(f"/figures/records/{figure.id}"))
    assert browser.post(f"/figures/records/{figure.id}/correction", value="1", reason="x").status_code == 403


def test_nothing_to_report_is_a_report_and_not_a_gap(app: Flask, story: Story) -> None:
    order = story.until("carry_out")
    for who in ("truong.khu", "truong.khu2", "truong.khu3", "truong.thon", "truong.thon2"):
        story.do(who, "carry_out", {"nothing": True}, order=order)
    for who in ("mttq.phuong", "mttq.xa"):
        story.do(who, "consolidate_locality", {"decision": "ok", **report(env_people="5")}, order=order)
    story.fold()
    assert "Đủ 2/2 địa bàn đã báo cáo" in text_of(signed_in(app, "vp.ubnd").read(f"/figures/{order}"))


def test_a_bar_ends_where_its_value_does() -> None:
    half = bar_of(Decimal(50), Decimal(100), reached=False)
    assert (float(half.got), half.reached) == (pytest.approx(98.0, abs=0.1), False)
    over = bar_of(Decimal(120), Decimal(100), reached=True)
    assert float(over.got) < 200
    assert float(over.aim) < float(over.got)


@pytest.mark.parametrize(
    ("display", "unit", "parts"),
    [
        ("gần 19.000 lượt người", "lượt người", ("gần 19.000", "lượt người")),
        ("373/1.086 vườn mẫu (34,35%)", "vườn mẫu", ("373/1.086 vườn mẫu (34,35%)", "")),
        ("109 triệu đồng", "đồng", ("109 triệu", "đồng")),
    ],
)
def test_a_figure_is_parted_from_its_unit(display: str, unit: str, parts: tuple[str, str]) -> None:
    assert split(display, unit) == parts

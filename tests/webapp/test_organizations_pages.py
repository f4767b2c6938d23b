"""The pages of the register: who is who, as of a day, and what each has open as far as one may see it."""

import pytest
from flask import Flask

from tests.play import Story
from tests.webapp.browser import Browser, text_of
from tests.webapp.doors import app, signed_in, story

pytestmark = pytest.mark.once

__all__ = ["app", "story"]


def row_of(browser: Browser, path: str, name: str) -> str:
    page = browser.read(path)
    return next(" ".join(r.get_text(" ").split()) for r in page.select("tbody tr") if name in r.get_text())


def test_the_register_shows_bodies_of_ones_area_and_below_with_their_heads(app: Flask) -> None:
    browser = signed_in(app, "phunu")
    said = text_of(browser.read("/organizations"))
    for name in ("UBND thành phố Cẩm Phả", "Hội Nông dân thành phố Cẩm Phả", "Ủy ban MTTQ phường Cẩm Thịnh"):
        assert name in said
    assert "Phó Chủ tịch UBND" in row_of(browser, "/organizations", "UBND thành phố")


def test_bodies_are_found_without_diacritics(app: Flask) -> None:
    browser = signed_in(app, "phunu")
    found = text_of(browser.read("/organizations?q=phu nu cam thinh")) + text_of(browser.read("/organizations?q=lhpn"))
    assert "Hội LHPN phường Cẩm Thịnh" in found
    assert "Không tìm thấy đơn vị nào" in text_of(browser.read("/organizations?q=khong co dau"))


def test_before_it_began_a_body_is_not_there(app: Flask) -> None:
    browser = signed_in(app, "phunu")
    assert "Ngày «hôm qua» không đọc được" in text_of(browser.read("/organizations?at=hôm qua"))
    assert browser.get("/organizations?at=01/01/2000").status_code == 200


def test_only_work_one_may_see_is_counted(app: Flask, story: Story) -> None:
    story.until("accept_lead")
    of_women = "Hội LHPN thành phố Cẩm Phả"
    assert " 1 " in row_of(signed_in(app, "truong.khoi"), "/organizations", of_women) + " "
    assert " 1 " not in row_of(signed_in(app, "nongdan"), "/organizations", of_women) + " "


def test_one_body_shows_posts_lines_work_and_orders(app: Flask, story: Story) -> None:
    story.until("accept_lead")
    browser = signed_in(app, "phunu")
    said = text_of(browser.read(f"/organizations/{story.world.women}"))
    for words in ("Cán bộ phụ trách", "đứng đầu", "Thành viên của", "Cơ quan khối", "ĐH-2018-01", "chủ trì"):
        assert words in said
    assert story.task("accept_lead").title in said


def test_the_work_of_others_is_not_shown_on_their_page(app: Flask, story: Story) -> None:
    story.until("accept_lead")
    said = text_of(signed_in(app, "nongdan").read(f"/organizations/{story.world.women}"))
    assert "Không có việc đang mở nào mà quý vị được xem" in said
    assert "ĐH-2018-01" not in said


def test_a_body_that_does_not_exist_is_not_there(app: Flask) -> None:
    assert signed_in(app, "phunu").get(f"/organizations/{'0' * 32}").status_code == 404


def test_people_are_named_by_their_posts_only(app: Flask, story: Story) -> None:
    said = text_of(signed_in(app, "thanhtra").read(f"/organizations/{story.world.women}"))
    assert "phunu.2" not in said

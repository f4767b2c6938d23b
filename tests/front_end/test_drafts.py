"""What is typed is kept on the server before anybody sends it."""

import pytest
from playwright.sync_api import Page, expect

from tests.front_end.site import Site

pytestmark = pytest.mark.browser


def test_leaving_a_field_keeps_what_was_typed(page: Page, site: Site) -> None:
    page.locator("#note").fill("suối Ngô Quyền")
    page.locator("#search").focus()
    expect(page.locator("[data-draft-status]")).to_contain_text("Đã lưu nháp lúc")
    assert site.drafts == [{"note": "suối Ngô Quyền"}]


def test_a_pause_keeps_what_was_typed_though_the_field_is_not_left(page: Page, site: Site) -> None:
    page.clock.install()
    page.locator("#note").fill("đang gõ")
    page.clock.run_for(9_000)
    assert site.drafts == []
    page.clock.run_for(1_500)
    expect(page.locator("[data-draft-status]")).to_contain_text("Đã lưu nháp")
    assert site.drafts == [{"note": "đang gõ"}]


def test_nothing_typed_sends_nothing(page: Page, site: Site) -> None:
    page.locator("#note").focus()
    page.locator("#search").focus()
    page.wait_for_timeout(100)
    assert site.drafts == []


def test_a_refused_draft_is_said_and_tried_again(page: Page, site: Site) -> None:
    site.refuse_drafts = True
    page.locator("#note").fill("mất mạng")
    page.locator("#search").focus()
    expect(page.locator("[data-draft-status]")).to_contain_text("Chưa lưu được nháp")
    site.refuse_drafts = False
    page.locator("#note").focus()
    page.locator("#search").focus()
    expect(page.locator("[data-draft-status]")).to_contain_text("Đã lưu nháp lúc")


def test_going_on_to_send_saves_no_draft_that_would_come_too_late(page: Page, site: Site) -> None:
    page.locator("#note").fill("xong rồi")
    page.get_by_role("button", name="Gửi").focus()
    page.wait_for_timeout(100)
    assert site.drafts == []

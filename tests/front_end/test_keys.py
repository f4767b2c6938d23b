"""Single keys move and act, and never while somebody types."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def watch_clicks(page: Page) -> None:
    page.evaluate("document.addEventListener('click', (event) => { window.clicked = event.target.id; })")


def test_j_and_k_walk_the_rows_and_x_selects(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#two")).to_be_checked()
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="Việc một")).to_be_focused()
    expect(page.locator("#one")).not_to_be_checked()


def test_a_verb_acts_on_the_row_one_is_in(page: Page) -> None:
    watch_clicks(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("c")
    assert page.evaluate("window.clicked") == "claim-two"


def test_o_opens_and_g_i_goes_to_the_list(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url("**/elsewhere?one")
    page.go_back()
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/elsewhere")


def test_a_slash_goes_to_the_search_field_where_keys_are_letters(page: Page) -> None:
    watch_clicks(page)
    page.keyboard.press("/")
    page.keyboard.type("cjx")
    expect(page.locator("#search")).to_have_value("cjx")
    assert page.evaluate("window.clicked") is None


def test_keys_can_be_switched_off_and_stay_off(page: Page) -> None:
    page.locator("#keys").uncheck()
    page.reload()
    page.keyboard.press("j")
    expect(page.locator("#keys")).not_to_be_checked()
    expect(page.get_by_role("link", name="Việc một")).not_to_be_focused()

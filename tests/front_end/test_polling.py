"""Polling costs nothing when there is nothing new, and stops where nobody looks."""

import pytest
from playwright.sync_api import Page, expect

from tests.front_end.site import Site

pytestmark = pytest.mark.browser


def test_nothing_new_is_not_swapped_and_news_is(page: Page, site: Site) -> None:
    expect(page.locator("#news")).to_have_text("Chưa có gì")
    expect(page.locator("#news")).to_have_text("Có việc mới")
    assert site.tags[:3] == ['"v1"'] * 3


def test_a_hidden_tab_asks_for_nothing(page: Page, site: Site) -> None:
    expect(page.locator("#news")).to_have_text("Có việc mới")
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true })")
    page.wait_for_timeout(300)
    asked = len(site.tags)
    page.wait_for_timeout(800)
    assert len(site.tags) == asked

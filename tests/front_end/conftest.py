"""Serves the page of `site.py`, and opens it in a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.front_end.site import Site, page_app
from tests.served import answering


@pytest.fixture
def site() -> Iterator[Site]:
    seen = Site()
    with answering(page_app(seen)) as seen.address:
        yield seen


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """Open the page, and fail if the browser complained about anything but the answers we refuse on purpose."""
    context = browser.new_context(viewport={"width": 1200, "height": 1400})
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(site.address)
    yield page
    context.close()
    assert [text for text in complaints if "Failed to load resource" not in text] == []

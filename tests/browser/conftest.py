"""One demo world, built and served once for all tests here, and the browser that looks at it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.demo import Demo, serving
from tests.chromium import launch


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo, served; LIENTHONG_TEST_HOME names a folder that keeps its world from one run to the next."""
    kept = os.environ.get("LIENTHONG_TEST_HOME")
    with serving(Path(kept) if kept else tmp_path_factory.mktemp("demo")) as served:
        yield served


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()

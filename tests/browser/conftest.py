"""One demo world, built and served once for all tests here."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.demo import Demo, serving


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo, served; LIENTHONG_TEST_HOME names a folder that keeps its world from one run to the next."""
    kept = os.environ.get("LIENTHONG_TEST_HOME")
    with serving(Path(kept) if kept else tmp_path_factory.mktemp("demo")) as served:
        yield served

"""One demo world, served for all tests here."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.served import Demo, serving


@pytest.fixture(scope="session")
def demo(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A copy of the demo to work in, started a second time and served."""
    home = tmp_path_factory.mktemp("served") / "home"
    shutil.copytree(demo_home, home)
    with serving(home) as served:
        yield served

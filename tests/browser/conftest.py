"""One demo world, served for all tests here."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.served import Demo, serving_copy


@pytest.fixture(scope="session")
def demo(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A copy of the demo to work in, started a second time and served."""
    with serving_copy(demo_home, tmp_path_factory.mktemp("served")) as served:
        yield served

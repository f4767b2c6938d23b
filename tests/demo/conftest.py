"""The demo world, built once for all tests that look at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from webapp.config import Settings
from webapp.runtime import Runtime, open_runtime


@pytest.fixture(scope="session")
def world_2018(demo_home: Path) -> Iterator[Runtime]:
    """The world of 2018 as `lienthong demo` leaves it, at its own time."""
    runtime = open_runtime(Settings(home=demo_home, secret_key="k" * 32, secure=False, testing=True))
    yield runtime
    runtime.database.close()


@pytest.fixture(scope="session")
def figures() -> Path:
    """The figures of the two articles."""
    return Path(__file__).parent.parent / "data" / "figures.json"

"""The demo world, built once for all tests that look at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.migrations import upgrade
from webapp import demo
from webapp.config import Settings
from webapp.runtime import Runtime, open_runtime


@pytest.fixture(scope="session")
def world_2018(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """The world of 2018 as `lienthong demo` leaves it, at its own time."""
    settings = Settings(home=tmp_path_factory.mktemp("demo"), secret_key="k" * 32, secure=False, testing=True)
    building = open_runtime(settings)
    upgrade(building.database)
    demo.build(building)
    building.database.close()
    runtime = open_runtime(settings)
    yield runtime
    runtime.database.close()


@pytest.fixture(scope="session")
def figures() -> Path:
    """The figures of the two articles."""
    return Path(__file__).parent.parent / "data" / "figures.json"

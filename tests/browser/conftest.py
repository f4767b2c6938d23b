"""One demo world and one designer, served for all tests here."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from engine.clock import ManualClock
from tests.browser.designer import Place
from tests.browser.person import Person, Window, nothing_wrong, sign_in
from tests.play import Story
from tests.served import Demo, answering, serving_copy
from tests.stock import Stock
from tests.world import NOW, PASSWORD
from webapp import create_app
from webapp.config import Settings


@pytest.fixture(scope="session")
def demo(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A copy of the demo to work in, started a second time and served."""
    with serving_copy(demo_home, tmp_path_factory.mktemp("served")) as served:
        yield served


@pytest.fixture(scope="session")
def place(stock: Stock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The designer over a world of its own; its server can refuse to save."""
    database = stock.copy("story")
    assert stock.world is not None
    clock = ManualClock(at=NOW)
    home = tmp_path_factory.mktemp("designer")
    app = create_app(
        Settings(home=home, secret_key="k" * 32, secure=False, testing=True), database=database, clock=clock
    )
    served: list[Place] = []

    def or_down(environ: Any, start: Any) -> Iterable[bytes]:
        if served[0].is_down and environ["REQUEST_METHOD"] == "PUT":
            start("503 Service Unavailable", [("Content-Length", "0")])
            return []
        return app(environ, start)

    with answering(or_down) as address:
        served.append(Place(Story(database, clock, stock.world), Demo(address, PASSWORD, home)))
        yield served[0]
    stock.discard(database)


@pytest.fixture
def designer(browser: Browser, place: Place) -> Iterator[Person]:
    """Let somebody who may design sign in; fail with whatever the browser complained about."""
    person = sign_in(browser, place.demo, "thietke", Window(1280))
    person.complaints.clear()
    yield person
    person.context.close()
    nothing_wrong(person.complaints)

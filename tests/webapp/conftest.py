"""Fixtures for the web floor: the application over the small world, and browsers that are signed in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import make_url

from engine.clock import ManualClock
from models.database import Database
from tests.stock import Stock
from tests.webapp.browser import Browser
from tests.webapp.played import play
from tests.world import World
from webapp import create_app
from webapp.config import Settings

KEY = "k" * 32


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, secret_key=KEY, secure=False, testing=True)


@pytest.fixture
def app(settings: Settings, database: Database, world: World, clock: ManualClock) -> Flask:
    """The application over the world, at the world's time."""
    return create_app(settings, database=database, clock=clock)


@pytest.fixture
def browse(app: Flask) -> Callable[[str], Browser]:
    """Give a browser in which somebody is signed in: `browse("phunu")`."""

    def signed_in(login: str) -> Browser:
        browser = Browser(app)
        assert browser.sign_in(login).status_code == 303
        return browser

    return signed_in


@pytest.fixture
def anonymous(app: Flask) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(app)


@pytest.fixture
def played(stock: Stock, settings: Settings, clock: ManualClock) -> Iterator[Flask]:
    """The application over a world in which an order has come down to the quarters; played once, then copied."""
    if "played" not in stock.templates:
        made = stock.copy("story")
        assert stock.world is not None
        play(made, stock.world)
        if made.is_sqlite:
            with made.writer.connect() as connection:
                connection.commit()
                connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        made.close()
        stock.templates["played"] = make_url(made.url).database or ""
    database = stock.copy("played")
    yield create_app(settings, database=database, clock=clock)
    stock.discard(database)

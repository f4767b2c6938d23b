"""Opens the database and hands out sessions; the only place that knows which database it is."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from models import tables
from models.storage import OwnFile, StorageDoubted, storage_failure

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
# Seconds (the last: milliseconds) until either side knows that the other's machine is gone: where nothing is said the
# system waits two hours, and the locks of a node that lost its power would be held as long.
_SILENCE = {"keepalives_idle": 3, "keepalives_interval": 1, "keepalives_count": 3}
KEEPALIVE: Final[Mapping[str, Any]] = {
    "connect_timeout": 5,
    **_SILENCE,
    "tcp_user_timeout": 6000,
    "options": " ".join(f"-c tcp_{name}={value}" for name, value in _SILENCE.items()),
}
POSTGRES_OPTIONS = "-c lock_timeout=2s -c statement_timeout=15s -c idle_in_transaction_session_timeout=15s"
OLDEST_POSTGRES = 15
# As the database says them when it is asked: what `WRITER` and a safe PostgreSQL come to.
_WANTED_OF_SQLITE = {
    "busy_timeout": "5000",
    "journal_mode": "wal",
    "synchronous": "2",
    "foreign_keys": "1",
    "trusted_schema": "0",
    "mmap_size": "0",
    "secure_delete": "1",
}
_WANTED_OF_POSTGRES = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "data_sync_retry": "off"}
_WAITING = ("FOR UPDATE", "FOR NO KEY UPDATE", "FOR SHARE", "FOR KEY SHARE", "pg_advisory_xact_lock")


@dataclass(frozen=True, slots=True)
class InForce:
    """A setting as one kind of connection really has it, and as it has to be."""

    connection: str
    name: str
    value: str
    wanted: str

    @property
    def is_right(self) -> bool:
        return self.value == self.wanted


def _ignore(seconds: float) -> None:
    """Tell nobody how long a lock was waited for."""


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
        # Called with the seconds each lock was waited for; whoever measures puts itself here.
        self.on_wait: Callable[[float], None] = _ignore
        self.own_file = OwnFile(self.path) if self.path else None
        self.is_doubted = self.own_file is not None and self.own_file.doubt.exists()

    @property
    def is_sqlite(self) -> bool:
        return self.writer.dialect.name == "sqlite"

    @property
    def path(self) -> Path | None:
        """Return the file of an embedded database."""
        name = make_url(self.url).database if self.is_sqlite else None
        return Path(name) if name else None

    def library(self) -> tuple[str, bool]:
        """Return which database it is in which version, and whether that version can be relied on."""
        if self.is_sqlite:
            return f"SQLite {sqlite.sqlite_version}", sqlite.sqlite_version_info >= OLDEST_SQLITE
        with self.reader.connect() as connection:
            version = str(connection.scalar(text("SHOW server_version")))
        return f"PostgreSQL {version}", int(version.split(".")[0]) >= OLDEST_POSTGRES

    def in_force(self) -> list[InForce]:
        """Read back what the connections really have: a pragma that was refused says nothing when it is set."""
        if not self.is_sqlite:
            with self.writer.connect() as connection:
                read = {name: str(connection.scalar(text(f"SHOW {name}"))) for name in _WANTED_OF_POSTGRES}
            return [InForce("server", name, value, _WANTED_OF_POSTGRES[name]) for name, value in read.items()]
        return [*_read_back(self.reader, "reader", query_only="1"), *_read_back(self.writer, "writer", query_only="0")]

    def wal_bytes(self) -> int:
        """Return how long the write-ahead log is; 0 where the server keeps it."""
        wal = self.path.with_name(f"{self.path.name}-wal") if self.path else None
        return wal.stat().st_size if wal is not None and wal.exists() else 0

    def checkpoint(self) -> bool:
        """Bring the write-ahead log into the file, so that the file alone is whole; False if somebody still reads."""
        if self.path is None:
            return True
        with _autocommit(self.path) as connection:
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def copy_to(self, path: Path) -> None:
        """Copy an embedded database as it is at one instant, by the backup API: a copy of the files would be torn.

        In one step: in several, every commit of a writer would begin the copy anew.
        """
        if self.path is None:
            raise ValueError("only an embedded database can be copied to a file")
        with _autocommit(self.path) as source, _autocommit(path) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE").close()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Yield a session for one transaction; the caller commits, an exception or a return without commit undoes.

        Errors: StorageDoubted after an I/O error, until `trust`.
        """
        if self.is_doubted:
            raise StorageDoubted
        with Session(self.writer, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Yield a session that sees one state and refuses to write."""
        with Session(self.reader, expire_on_commit=False, autoflush=False) as session:
            yield session

    def doubt(self) -> None:
        """After an I/O error: forget what connections believe, and write nothing until somebody has verified.

        A file says it to who opens the database after a restart; a disk that takes no file says it again by itself.
        """
        self.is_doubted = True
        if self.own_file is not None:
            with suppress(OSError):
                self.own_file.doubt.touch()
        self.close()

    def trust(self) -> None:
        """Let writing go on: what is stored was verified."""
        if self.own_file is not None:
            self.own_file.doubt.unlink(missing_ok=True)
        self.is_doubted = False

    def close(self) -> None:
        """Close every connection; another file may then stand under the name."""
        self.writer.dispose()
        self.reader.dispose()
        if self.own_file is not None:
            self.own_file.forget()


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
    tables.Base.registry.configure()  # a first question would do it, while somebody waits
    if make_url(url).get_backend_name() == "sqlite":
        return _open_sqlite(url)
    connecting = {**KEEPALIVE, "options": f"{KEEPALIVE['options']} {POSTGRES_OPTIONS}"}
    args: dict[str, Any] = {"connect_args": connecting, "pool_pre_ping": True, "pool_size": 10}
    writer = create_engine(url, hide_parameters=True, **args)
    database = Database(url, writer, writer.execution_options(postgresql_readonly=True))
    _measure_locks(database)
    return database


def _measure_locks(database: Database) -> None:
    """Say how long statements that lock rows took: the wait for whoever holds them is nearly all of it."""

    @event.listens_for(database.writer, "before_cursor_execute")
    def before(connection: Connection, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> None:
        context.began = time.perf_counter()

    @event.listens_for(database.writer, "after_cursor_execute")
    def after(connection: Connection, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> None:
        if any(word in statement for word in _WAITING) and "SKIP LOCKED" not in statement:
            database.on_wait(time.perf_counter() - context.began)


def _open_sqlite(url: str) -> Database:
    if sqlite.sqlite_version_info < OLDEST_SQLITE:
        raise RuntimeError(
            f"SQLite {sqlite.sqlite_version} can corrupt a WAL database; install pysqlite3 with 3.51.3 or later."
        )
    path = make_url(url).database
    if path:
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Errors would quote what people typed, and errors are logged.
    args: dict[str, Any] = {"module": sqlite, "max_overflow": 64, "hide_parameters": True}
    writer, reader = (create_engine(url, pool_size=pool, **args) for pool in (4, 8))
    _prepare(writer, WRITER)
    _prepare(reader, (*WRITER, "query_only=ON"))
    database = Database(url, writer, reader)
    _serialize_writes(database)
    _doubt_after_faults(database)
    event.listen(reader, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return database


@contextmanager
def _autocommit(path: Path) -> Iterator[Any]:
    """Open a file beside the pools, for what is done outside transactions."""
    connection = sqlite.connect(str(path), isolation_level=None)
    try:
        connection.execute("PRAGMA busy_timeout=5000").close()
        yield connection
    finally:
        connection.close()


def _read_back(engine: Engine, kind: str, **more: str) -> Iterator[InForce]:
    with engine.connect() as connection:
        for name, wanted in {**_WANTED_OF_SQLITE, **more}.items():
            # Past SQLAlchemy: a statement of its own would begin a transaction, the writer's with the lock of all.
            cursor = connection.connection.cursor()
            value = str(cursor.execute(f"PRAGMA {name}").fetchone()[0])
            cursor.close()
            yield InForce(kind, name, value, wanted)


def _prepare(engine: Engine, pragmas: tuple[str, ...]) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: object) -> None:
        connection.isolation_level = None  # we emit BEGIN ourselves
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").close()


def _doubt_after_faults(database: Database) -> None:
    # SQLite can swallow what a disk says of a later write once one has failed (trust.md, P9, measured).
    def failed(context: ExceptionContext) -> None:
        if storage_failure(context.original_exception) == "failed":
            database.doubt()

    for engine in (database.writer, database.reader):
        event.listen(engine, "handle_error", failed)


def _serialize_writes(database: Database) -> None:
    lock, engine = FairLock(), database.writer

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not connection.info.get("holds_write_lock"):
            began = time.perf_counter()
            lock.acquire()
            database.on_wait(time.perf_counter() - began)
            connection.info["holds_write_lock"] = True
        if database.own_file is not None:  # SQLite would go on writing into a file that has no name any more
            database.own_file.require()
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    # Not at commit: the lock may go only when the transaction has really ended, and then the connection goes home.
    @event.listens_for(engine, "checkin")
    def checkin(connection: Any, record: ConnectionPoolEntry) -> None:
        if record.info.pop("holds_write_lock", False):
            lock.release()

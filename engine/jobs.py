"""The work behind the requests: the sweep over business rows, and the seam to the job engine (DBOS)."""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, cast

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import Connection, Engine, column, create_engine, event, func, inspect, select, table, text
from sqlalchemy.orm import Session

from engine import notifications
from engine.chores import Failures, batches, chores, tidy
from engine.clock import Clock, begin
from engine.mail import Sender
from engine.retry import again
from engine.touched import touched
from engine.unit import finish, unit
from models.database import Database

log = logging.getLogger(__name__)

Job = Callable[[Session, Mapping[str, Any]], None]
Post = Callable[[], AbstractContextManager[Sender]]

QUEUE, WORKFLOW, TIDYING = "jobs", "lienthong.job", "lienthong.tidy"
# A constant: computed from the code it would leave the jobs of the previous release lying for ever.
VERSION = "1"
EMBEDDED = "embedded"
BATCH = 50
EVERY = 1.0
_PATIENCE = 30.0
FINISHED_KEPT = timedelta(days=7)
_jobs: dict[str, Job] = {}


def job(name: str) -> Callable[[Job], Job]:
    """Register what a queued job does: `(session, payload)`; it may run twice, and must then do nothing new."""

    def register(body: Job) -> Job:
        _jobs[name] = body
        return body

    return register


@contextmanager
def committing(database: Database, clock: Clock) -> Iterator[Session]:
    with unit(database, clock) as session:
        yield session
        finish(session)
        session.commit()


def sweep(database: Database, clock: Clock, *, post: Post | None = None, failures: Failures | None = None) -> int:
    """Do once what is due: messages, timers, reminders, totals, letters; returns how much was done.

    What fails is logged and left for a later sweep; the rest goes on. `post` opens the way letters leave.
    """
    failed = failures or Failures()
    done = 0
    for chore in chores():
        with database.read() as session:
            due = chore.find(begin(session, clock), BATCH + failed.count)
        for key in due:
            done += _try(failed, f"{chore.name} {key}", database, clock, partial(_do_one, do=chore.do, key=key))
    for batch in batches():
        done += _try(failed, batch.name, database, clock, batch.do)
    if post is not None:
        done += _send(database, clock, post, failed)
    return done


def drain(database: Database, clock: Clock, *, rounds: int = 10_000) -> int:
    """Sweep until nothing is due: for worlds being built, and for tests."""
    failed, done = Failures(), 0
    for _ in range(rounds):
        now_done = sweep(database, clock, failures=failed)
        if now_done == 0:
            return done
        done += now_done
    raise RuntimeError("the work behind the requests does not come to an end")


def _once(database: Database, clock: Clock, do: Callable[[Session], int]) -> tuple[int, dict[str, list[str]]]:
    with committing(database, clock) as session:
        count = do(session)
    return count, touched(session)


def _do_one(session: Session, *, do: Callable[[Session, str], None], key: str) -> int:
    do(session, key)
    return 1


def _try(failed: Failures, key: str, database: Database, clock: Clock, do: Callable[[Session], int]) -> int:
    if failed.rests(key):
        return 0
    began = time.perf_counter()
    try:
        count, about = again(partial(_once, database, clock, do))
    except Exception:
        failed.add(key)
        return 0
    failed.clear(key)
    if count:
        _say(key, began, count=count, **about)
    return count


def _say(key: str, began: float, **about: Any) -> None:
    """Write the one line of a job: what it was, on what, and how long it took."""
    name, _, subject = key.partition(" ")
    taken = {"job": name, "ms": round((time.perf_counter() - began) * 1000, 1), **about}
    log.info("job", extra={**taken, "subject": subject} if subject else taken)


def _send(database: Database, clock: Clock, post: Post, failed: Failures) -> int:
    """Send letters that are due, each between two transactions, never inside one."""
    if failed.rests("mail"):
        return 0
    with committing(database, clock) as session:
        letters = notifications.claim_mails(session)
    if not letters:
        return 0
    with post() as send:
        for letter in letters:
            try:
                send(letter)
            except Exception as error:
                log.warning("letter %s was not taken: %s", letter.id, type(error).__name__)
                with committing(database, clock) as session:
                    notifications.record_failure(session, letter.id, f"{type(error).__name__}: {error}")
            else:
                with committing(database, clock) as session:
                    notifications.record_sent(session, letter.id)
    return len(letters)


class Jobs:
    """The workers of one process: a thread that sweeps every second, and the queue of the job engine."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        post: Post | None = None,
        queue: bool = True,
        queue_after: float = 0.0,
    ) -> None:
        self.database, self.clock, self.post = database, clock, post
        self.beat: float | None = None
        self._queue_after = queue_after
        self._queue = Queue(database, clock) if queue else None
        self._awake, self._ending = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="lienthong-sweep", daemon=True)

    def start(self) -> None:
        """Begin to work; returns at once."""
        self._thread.start()

    def wake(self) -> None:
        """Sweep now instead of within a second: something was just committed."""
        self._awake.set()

    def is_alive(self, *, within: float = 30.0) -> bool:
        """Tell whether a sweep came to its end within so many seconds (for readiness)."""
        return self.beat is not None and time.monotonic() - self.beat < within

    def stop(self, *, patience: float = _PATIENCE) -> bool:
        """Let what is being done come to its end; tells whether it did in time."""
        until = time.monotonic() + patience
        self._ending.set()
        self._awake.set()
        if self._thread.ident is not None:
            self._thread.join(patience)
        if self._queue is not None:
            self._queue.stop(patience=max(0, int(until - time.monotonic())))
        return not self._thread.is_alive()

    def _run(self) -> None:
        queue, queue_from = self._queue, time.monotonic() + self._queue_after
        failed = Failures()
        jitter = secrets.SystemRandom()
        while not self._ending.is_set():
            if queue is not None and time.monotonic() >= queue_from:
                queue.start_or_log()
                queue = None
            self._awake.clear()
            try:
                done = sweep(self.database, self.clock, post=self.post, failures=failed)
                self.beat = time.monotonic()
            except Exception:
                log.exception("the sweep failed; tried again in a second")
                done = 0
            if done == 0:
                self._awake.wait(EVERY * jitter.uniform(0.8, 1.2))


class Queue:
    """Jobs of the job engine: enqueued in our transaction, run at least once, recovered after a crash."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock
        # Embedded there is one executor, which takes up its own unfinished jobs; nodes of a cluster come and go.
        self.executor = (
            EMBEDDED if database.is_sqlite else f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        )
        self._engine: Engine | None = None
        self._lease: Connection | None = None
        self._ending = threading.Event()
        self._janitor = threading.Thread(target=self._take_over, name="lienthong-janitor", daemon=True)

    def start_or_log(self) -> None:
        """Start the job engine; without it the sweep still does what people wait for."""
        try:
            self.start()
        except Exception:
            log.exception("the job engine did not start")

    def start(self) -> None:
        """Start the job engine in this process (there is one in a process)."""
        from dbos import DBOS

        self._engine = _own_engine(self.database)
        DBOS(config={
            "name": "lienthong",
            "system_database_url": self.database.url,
            "system_database_engine": self._engine,
            "application_version": VERSION,
            "executor_id": self.executor,
            "serializer": _serializer(),
            "notification_listener_polling_interval_sec": 1.0,
            "log_level": "WARNING",
        })  # fmt: skip
        tidying = self._register()
        if not self.database.is_sqlite:
            # Autocommit: an open transaction would hold up index building and vacuum for as long as the node lives.
            self._lease = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._lease.execute(text("SELECT pg_advisory_lock(hashtextextended(:id, 0))"), {"id": self.executor})
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=100)
        schedule = {"schedule_name": TIDYING, "workflow_fn": tidying, "schedule": "0 17 * * * *", "context": None}
        DBOS.apply_schedules([cast(Any, schedule)])
        if self._lease is not None:
            self._janitor.start()

    def stop(self, *, patience: int) -> None:
        """Finish what runs and leave the rest in the queue."""
        if self._engine is None:
            return
        from dbos import DBOS

        self._ending.set()
        if self._janitor.ident is not None:
            self._janitor.join(patience)
        DBOS.destroy(workflow_completion_timeout_sec=patience, destroy_registry=True)
        if self._lease is not None:
            self._lease.close()
        self._engine.dispose()
        self._engine = None

    def _register(self) -> Callable[..., None]:
        """Tell the job engine what it runs; returns the hourly one."""
        from dbos import DBOS

        @DBOS.step(name=f"{WORKFLOW}.body", retries_allowed=True, max_attempts=6, backoff_rate=3)
        def body(name: str, payload: dict[str, Any]) -> None:
            began = time.perf_counter()
            with committing(self.database, self.clock) as session:
                _jobs[name](session, payload)
            _say(name, began, **touched(session))

        @DBOS.workflow(name=WORKFLOW)
        def run(name: str, payload: dict[str, Any]) -> None:
            body(name, payload)

        @DBOS.workflow(name=TIDYING)
        def tidying(at: Any, context: Any) -> None:
            with committing(self.database, self.clock) as session:
                tidy(session)
            before = (datetime.now(UTC) - FINISHED_KEPT).isoformat()
            finished = DBOS.list_workflows(completed_before=before, limit=1000, load_input=False, load_output=False)
            DBOS.delete_workflows([workflow.workflow_id for workflow in finished])

        return cast(Callable[..., None], tidying)

    def _take_over(self) -> None:
        """Resume the unfinished jobs of nodes that are gone: whoever gets a node's lock knows it is."""
        while not self._ending.wait(3):
            try:
                self._resume_orphans()
            except Exception:
                log.exception("looking for jobs of nodes that are gone failed")

    def _resume_orphans(self) -> None:
        from dbos import DBOS

        engine = cast(Engine, self._engine)
        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        for executor in {workflow.executor_id for workflow in pending} - {self.executor, None}:
            with engine.connect() as connection:
                free = connection.execute(
                    text("SELECT pg_try_advisory_xact_lock(hashtextextended(:id, 0))"), {"id": executor}
                ).scalar()
                if free:
                    for workflow in pending:
                        if workflow.executor_id == executor:
                            DBOS.resume_workflow(workflow.workflow_id)


def enqueue(session: Session, name: str, key: str, payload: Mapping[str, Any]) -> None:
    """Queue a job in the session's transaction; the same key again is the same job and queues nothing."""
    if name not in _jobs:
        raise LookupError(f"no job is called {name!r}")
    options = {"workflow_name": WORKFLOW, "queue_name": QUEUE, "workflow_id": f"{name}:{key}", "app_version": VERSION}
    _client(session.get_bind()).enqueue_in_transaction(session, options, name, dict(payload))


def waiting(session: Session) -> int:
    """Count the jobs that are queued or run; none before the job engine has made its tables."""
    connection = session.connection()
    schema = None if connection.dialect.name == "sqlite" else "dbos"
    if not inspect(connection).has_table("workflow_status", schema=schema):
        return 0
    jobs = table("workflow_status", column("status"), schema=schema)
    unfinished = select(func.count()).select_from(jobs).where(jobs.c.status.in_(("ENQUEUED", "PENDING", "DELAYED")))
    return session.scalar(unfinished) or 0


_clients: dict[str, Any] = {}
_clients_lock = threading.Lock()


def _client(bind: Any) -> Any:
    """Return what enqueues for a database, made once: importing the job engine costs a second."""
    url = bind.engine.url.render_as_string(hide_password=False)
    with _clients_lock:
        if url not in _clients:
            from dbos import DBOSClient

            _clients[url] = DBOSClient(
                system_database_url=url, system_database_engine=bind.engine, serializer=_serializer(), lazy=True
            )
        return _clients[url]


def _serializer() -> Any:
    """Return JSON: the job engine's default is pickle, which must not be read from a database."""
    from dbos import DBOSPortableJSONSerializer

    return DBOSPortableJSONSerializer()


def _own_engine(database: Database) -> Engine:
    """Return an engine for the job engine's own short transactions; ours would take the write lock for its reads."""
    if not database.is_sqlite:
        return create_engine(database.url, pool_size=5, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(database.url, module=sqlite, pool_size=5, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: object) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "mmap_size=0"):
            connection.execute(f"PRAGMA {pragma}").close()

    return engine

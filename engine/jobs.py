"""The work behind the requests: the sweep over business rows, and the seam to the job engine (DBOS)."""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, cast

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import Engine, column, create_engine, event, func, inspect, select, table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine import nodes, notifications, verification
from engine.chores import Failures, batches, chores, tidy
from engine.clock import Clock, begin
from engine.mail import Sender
from engine.retry import again
from engine.touched import touched
from engine.unit import finish, unit
from models.database import KEEPALIVE, Database

log = logging.getLogger(__name__)

Job = Callable[[Session, Mapping[str, Any]], None]
Post = Callable[[], AbstractContextManager[Sender]]

QUEUE, WORKFLOW, TIDYING = "jobs", "lienthong.job", "lienthong.tidy"
# A constant: computed from the code it would leave the jobs of the previous release lying for ever.
VERSION = "1"
EMBEDDED = "embedded"
_SCHEMA = "dbos"  # of the job engine's tables on PostgreSQL
BATCH = 50
EVERY = 1.0
# Seconds until the job engine is tried again where it did not start.
_QUEUE_AGAIN = 5.0
_PATIENCE = 30.0
# Seconds from one verification that found something, or could not read, to the next.
_DOUBTING = 60.0
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
        done = self._queue is None or self._queue.stop(patience=max(0, int(until - time.monotonic())))
        return done and not self._thread.is_alive()

    def _run(self) -> None:
        queue, queue_from = self._queue, time.monotonic() + self._queue_after
        failed = Failures()
        jitter = secrets.SystemRandom()
        while not self._ending.is_set():
            if queue is not None and time.monotonic() >= queue_from:
                queue_from = time.monotonic() + _QUEUE_AGAIN
                queue = None if queue.start_or_log() else queue
            self._awake.clear()
            if self.database.is_doubted and not self._regain_trust():
                self._ending.wait(_DOUBTING)
                continue
            try:
                done = sweep(self.database, self.clock, post=self.post, failures=failed)
                self.beat = time.monotonic()
            except Exception:
                log.exception("the sweep failed; tried again in a second")
                done = 0
            if done == 0:
                self._awake.wait(EVERY * jitter.uniform(0.8, 1.2))

    def _regain_trust(self) -> bool:
        try:
            return verification.regain_trust(self.database, self.clock)
        except Exception:
            log.exception("the database could not be verified; nothing is written")
            return False


class Queue:
    """Jobs of the job engine: enqueued in our transaction, run at least once, recovered after a crash."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock
        # Embedded there is one executor, which takes up its own unfinished jobs; nodes of a cluster come and go.
        self.executor = EMBEDDED if database.is_sqlite else nodes.new_name()
        self._engine: Engine | None = None
        self._lease: nodes.Lease | None = None
        self._in_hand, self._strayed = set[str](), nodes.Lasting()
        self._ending = threading.Event()
        self._janitor = threading.Thread(target=self._take_over, name="lienthong-janitor", daemon=True)

    def start_or_log(self) -> bool:
        """Start the job engine, or say in the log why not: without it the sweep still does what people wait for."""
        try:
            self.start()
        except Exception:
            log.exception("the job engine did not start; tried again in %d s", _QUEUE_AGAIN)
            self._quit(patience=0)
            self._let_go()
            return False
        return True

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
            self._lease = nodes.Lease(self._engine, self.executor)
            self._lease.keep()
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=100)
        schedule = {"schedule_name": TIDYING, "workflow_fn": tidying, "schedule": "0 17 * * * *", "context": None}
        DBOS.apply_schedules([cast(Any, schedule)])
        if self._lease is not None:
            self._janitor.start()

    def stop(self, *, patience: int) -> bool:
        """Finish what runs and leave the rest in the queue; tells whether all that ran came to its end.

        If not, this node keeps its lock: its jobs are nobody else's before the process has ended.
        """
        if self._engine is None:
            return True
        until = time.monotonic() + patience
        self._ending.set()
        if self._janitor.ident is not None:
            self._janitor.join(patience)
        self._quit(patience=max(0, int(until - time.monotonic())))
        try:
            if self.executor in self._running().values():
                return False
        except DBAPIError:
            return False  # the database is away, and with it the end of what runs
        self._let_go()
        return True

    def _quit(self, *, patience: int) -> None:
        from dbos import DBOS

        DBOS.destroy(workflow_completion_timeout_sec=patience, destroy_registry=True)

    def _let_go(self) -> None:
        if self._lease is not None:
            self._lease.give_back()
        if self._engine is not None:
            self._engine.dispose()
        self._engine = self._lease = None

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
            with self._held():
                body(name, payload)

        @DBOS.workflow(name=TIDYING)
        def tidying(at: Any, context: Any) -> None:
            with self._held():
                with committing(self.database, self.clock) as session:
                    tidy(session)
                before = (datetime.now(UTC) - FINISHED_KEPT).isoformat()
                finished = DBOS.list_workflows(completed_before=before, limit=1000, load_input=False, load_output=False)
                DBOS.delete_workflows([workflow.workflow_id for workflow in finished])

        return cast(Callable[..., None], tidying)

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Know that a job was begun here, until it ends."""
        from dbos import DBOS

        job = str(DBOS.workflow_id)
        self._in_hand.add(job)
        try:
            yield
        finally:
            self._in_hand.discard(job)

    def _take_over(self) -> None:
        """Keep the lock of this node, and resume the unfinished jobs of nodes that are gone."""
        lease = cast(nodes.Lease, self._lease)
        while not self._ending.wait(nodes.LOOK):
            try:
                lease.keep()
                running = self._running()
                for node in lease.gone(set(running.values())):
                    self._resume_jobs_of(node)
                self._resume_strays({job for job, node in running.items() if node == self.executor})
            except Exception:
                lease.forget()
                log.exception("looking for jobs of nodes that are gone failed")

    def _running(self) -> dict[str, str]:
        """Return the jobs that run, each with its node; past the job engine, which waits for a lost database."""
        schema = None if self.database.is_sqlite else _SCHEMA
        jobs = table("workflow_status", column("workflow_uuid"), column("status"), column("executor_id"), schema=schema)
        running = select(jobs.c.workflow_uuid, jobs.c.executor_id).where(jobs.c.status == "PENDING")
        with cast(Engine, self._engine).connect() as connection:
            return {job: node for job, node in connection.execute(running) if node is not None}

    def _resume_strays(self, ours: set[str]) -> None:
        """Resume jobs that this node took without knowing: the database went away after it had written that down."""
        from dbos import DBOS

        for job in self._strayed.seen(ours - self._in_hand):
            DBOS.resume_workflow(job)
            log.warning("a job was taken and not begun; it goes back to the queue")

    def _resume_jobs_of(self, node: str) -> None:
        from dbos import DBOS

        with cast(nodes.Lease, self._lease).in_place_of(node) as is_ours:
            if not is_ours:
                return
            # Listed under the lock: what another node resumed a moment ago runs there.
            left = DBOS.list_workflows(status="PENDING", executor_id=node, load_input=False, load_output=False)
            for workflow in left:
                DBOS.resume_workflow(workflow.workflow_id)
            log.warning("a node is gone; its jobs go on here", extra={"count": len(left)})


def enqueue(session: Session, name: str, key: str, payload: Mapping[str, Any]) -> None:
    """Queue a job in the session's transaction; the same key again is the same job and queues nothing."""
    if name not in _jobs:
        raise LookupError(f"no job is called {name!r}")
    options = {"workflow_name": WORKFLOW, "queue_name": QUEUE, "workflow_id": f"{name}:{key}", "app_version": VERSION}
    _client(session.get_bind()).enqueue_in_transaction(session, options, name, dict(payload))


def waiting(session: Session) -> int:
    """Count the jobs that are queued or run; none before the job engine has made its tables."""
    connection = session.connection()
    schema = None if connection.dialect.name == "sqlite" else _SCHEMA
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
        alive = {"pool_pre_ping": True, "connect_args": dict(KEEPALIVE)}
        return create_engine(database.url, pool_size=5, hide_parameters=True, **alive)
    engine = create_engine(database.url, module=sqlite, pool_size=5, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: object) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "mmap_size=0"):
            connection.execute(f"PRAGMA {pragma}").close()

    return engine

"""The seam to the job engine (DBOS): this process takes queued jobs, and those of nodes that are gone."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import Engine, column, create_engine, event, select, table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from engine import nodes
from engine.chores import tidy
from engine.clock import Clock
from engine.jobs.registry import QUEUE, SCHEMA, VERSION, WORKFLOW, registered, serializer
from engine.jobs.sweeping import committing, say
from engine.touched import touched
from models.database import KEEPALIVE, Database

log = logging.getLogger("engine.jobs")

TIDYING = "lienthong.tidy"
EMBEDDED = "embedded"
FINISHED_KEPT = timedelta(days=7)
LAST_ANSWERS = 2.0  # seconds


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
            log.exception("the job engine did not start; it is tried again")
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
            "serializer": serializer(),
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
            # A thread of the job engine may be asking still; what it gives back after this nobody would close.
            until, pool = time.monotonic() + LAST_ANSWERS, cast(QueuePool, self._engine.pool)
            while pool.checkedout() and time.monotonic() < until:
                time.sleep(0.01)
            self._engine.dispose()
        self._engine = self._lease = None

    def _register(self) -> Callable[..., None]:
        """Tell the job engine what it runs; returns the hourly one."""
        from dbos import DBOS

        @DBOS.step(name=f"{WORKFLOW}.body", retries_allowed=True, max_attempts=6, backoff_rate=3)
        def body(name: str, payload: dict[str, Any]) -> None:
            began = time.perf_counter()
            with committing(self.database, self.clock) as session:
                registered[name](session, payload)
            say(name, began, **touched(session))

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
        schema = None if self.database.is_sqlite else SCHEMA
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

"""What jobs are called, and how they are queued for the job engine in the transaction that wants them done."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import column, func, inspect, select, table
from sqlalchemy.orm import Session

Job = Callable[[Session, Mapping[str, Any]], None]

QUEUE, WORKFLOW = "jobs", "lienthong.job"
# A constant: computed from the code it would leave the jobs of the previous release lying for ever.
VERSION = "1"
SCHEMA = "dbos"  # of the job engine's tables on PostgreSQL
registered: dict[str, Job] = {}
clients: dict[str, Any] = {}
_clients_lock = threading.Lock()


def job(name: str) -> Callable[[Job], Job]:
    """Register what a queued job does: `(session, payload)`; it may run twice, and must then do nothing new."""

    def register(body: Job) -> Job:
        registered[name] = body
        return body

    return register


def enqueue(session: Session, name: str, key: str, payload: Mapping[str, Any]) -> None:
    """Queue a job in the session's transaction; the same key again is the same job and queues nothing."""
    if name not in registered:
        raise LookupError(f"no job is called {name!r}")
    options = {"workflow_name": WORKFLOW, "queue_name": QUEUE, "workflow_id": f"{name}:{key}", "app_version": VERSION}
    _client(session.get_bind()).enqueue_in_transaction(session, options, name, dict(payload))


def waiting(session: Session) -> int:
    """Count the jobs that are queued or run; none before the job engine has made its tables."""
    connection = session.connection()
    schema = None if connection.dialect.name == "sqlite" else SCHEMA
    if not inspect(connection).has_table("workflow_status", schema=schema):
        return 0
    jobs = table("workflow_status", column("status"), schema=schema)
    unfinished = select(func.count()).select_from(jobs).where(jobs.c.status.in_(("ENQUEUED", "PENDING", "DELAYED")))
    return session.scalar(unfinished) or 0


def _client(bind: Any) -> Any:
    """Return what enqueues for a database, made once: importing the job engine costs a second."""
    url = bind.engine.url.render_as_string(hide_password=False)
    with _clients_lock:
        if url not in clients:
            from dbos import DBOSClient

            clients[url] = DBOSClient(
                system_database_url=url, system_database_engine=bind.engine, serializer=serializer(), lazy=True
            )
        return clients[url]


def serializer() -> Any:
    """Return JSON: the job engine's default is pickle, which must not be read from a database."""
    from dbos import DBOSPortableJSONSerializer

    return DBOSPortableJSONSerializer()

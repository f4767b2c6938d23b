"""The work behind the requests as an operator sees it: what waits, runs or failed, and another try of what failed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    TableClause,
    and_,
    column,
    inspect,
    or_,
    select,
    table,
)
from sqlalchemy.orm import Session

from engine import audit, jobs, operations
from engine.audit import Fact
from engine.clock import now
from engine.reasons import require_reason
from models.errors import NotFound, WrongState
from models.notifications import Mail
from models.permissions import Actor

# Our words for the states the job engine stores; what succeeded needs nobody's attention.
STATES = {
    "waiting": ("ENQUEUED", "DELAYED"),
    "running": ("PENDING",),
    "failed": ("ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"),
}
_STATE_OF = {stored: state for state, all_stored in STATES.items() for stored in all_stored}
_STATUS = ("workflow_uuid", "status", "name", "created_at", "started_at_epoch_ms", "completed_at", "recovery_attempts")
# Another try is another job, whose id says of which: the same try twice is the same job and queues nothing.
_AGAIN = "+"
MOST_FAILED = 1000


@dataclass(frozen=True, slots=True)
class QueuedJob:
    """One job of the queue; times are those of this world, `cursor` says where the list goes on."""

    id: str
    title: str
    state: str
    queued_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    tries: int
    error: str | None
    is_ours: bool
    cursor: str


def _tables(session: Session) -> tuple[TableClause, TableClause, TableClause] | None:
    """Return the job engine's tables of jobs, inputs and outputs; None where it never started."""
    connection = session.connection()
    schema = "dbos" if connection.dialect.name == "postgresql" else None
    if not inspect(connection).has_table("workflow_status", schema=schema):
        return None
    return (
        table("workflow_status", *(column(name) for name in _STATUS), schema=schema),
        table("workflow_input", column("workflow_uuid"), column("inputs"), schema=schema),
        table("workflow_output", column("workflow_uuid"), column("error"), schema=schema),
    )


def listed(session: Session, *, state: str = "", after: str = "", limit: int = 50) -> list[QueuedJob]:
    """Return jobs that wait, run or failed and were not tried again, the newest first."""
    found = _tables(session)
    if found is None:
        return []
    status, _, output = found
    query = _unfinished(status, output, STATES.get(state, tuple(_STATE_OF)))
    if beyond := _beyond(status, after):
        query = query.where(*beyond)
    ordered = query.order_by(status.c.created_at.desc(), status.c.workflow_uuid.desc()).limit(limit)
    return [_job(session, row) for row in session.execute(ordered).mappings()]


def _unfinished(status: TableClause, output: TableClause, stored: Sequence[str]) -> Select[Any]:
    later = status.alias("later")
    tried = select(later.c.workflow_uuid).where(later.c.workflow_uuid == status.c.workflow_uuid + _AGAIN).exists()
    failed = status.c.status.in_(STATES["failed"])
    return (
        select(status, output.c.error)
        .outerjoin(output, output.c.workflow_uuid == status.c.workflow_uuid)
        .where(status.c.status.in_(stored), ~and_(failed, tried))
    )


def _beyond(status: TableClause, after: str) -> list[ColumnElement[bool]]:
    created, _, uuid = after.partition(".")
    if not created.isdecimal() or len(created) > 15:
        return []
    earlier = status.c.created_at < int(created)
    return [or_(earlier, and_(status.c.created_at == int(created), status.c.workflow_uuid < uuid))]


def _job(session: Session, row: Mapping[Any, Any]) -> QueuedJob:
    return QueuedJob(
        id=_key(row["workflow_uuid"]),
        title=row["workflow_uuid"].rstrip(_AGAIN),
        state=_STATE_OF[row["status"]],
        queued_at=_here(session, row["created_at"]),
        started_at=_here(session, row["started_at_epoch_ms"]) if row["started_at_epoch_ms"] else None,
        ended_at=_here(session, row["completed_at"]) if row["completed_at"] else None,
        tries=int(row["recovery_attempts"] or 0),
        error=_error(row["error"]),
        is_ours=row["name"] == jobs.WORKFLOW,
        cursor=f"{row['created_at']}.{row['workflow_uuid']}",
    )


def _key(uuid: str) -> str:
    return hashlib.sha256(uuid.encode()).hexdigest()[:32]


def _here(session: Session, milliseconds: int) -> datetime:
    # The job engine has the machine's clock; this world may have another.
    return now(session) - (datetime.now(UTC) - datetime.fromtimestamp(milliseconds / 1000, UTC))


def _error(written: str | None) -> str | None:
    try:
        said = json.loads(written) if written else None
    except ValueError:
        return written
    return f"{said.get('name')}: {said.get('message')}" if isinstance(said, dict) else written


def retry(session: Session, job_id: str, *, actor: Actor, reason: str) -> str:
    """Queue a failed job once more with what it was given, from the commit on; return the id of the new job.

    Errors: NotAllowed; Invalid without a reason; NotFound; WrongState for what comes again by itself.
    """
    operations.require_operator(actor)
    require_reason(reason)
    found = _tables(session)
    failed = (
        () if found is None else session.execute(_unfinished(found[0], found[2], STATES["failed"]).limit(MOST_FAILED))
    )
    row = next((dict(one._mapping) for one in failed if _key(one.workflow_uuid) == job_id), None)
    if found is None or row is None:
        raise NotFound("no_such_job")
    job, uuid = _job(session, row), row["workflow_uuid"]
    if not job.is_ours:
        raise WrongState("job_comes_again", name=job.title)
    written = session.scalar(select(found[1].c.inputs).where(found[1].c.workflow_uuid == uuid))
    name, payload = json.loads(str(written))["positionalArgs"]
    try:
        jobs.enqueue(session, name, uuid.removeprefix(f"{name}:") + _AGAIN, payload)
    except LookupError:
        raise WrongState("job_unknown", name=job.title) from None
    audit.record(
        session,
        actor,
        Fact.JOB_RETRIED,
        reason=reason,
        job=job.title,
        before={"state": "failed"},
        after={"state": "waiting"},
    )
    return _key(uuid + _AGAIN)


def failed_letters() -> Select[Mail]:
    """Select the letters the mail server did not take, the newest first."""
    return select(Mail).where(Mail.sent_at.is_(None), Mail.last_error.is_not(None)).order_by(Mail.id.desc())


def retry_letter(session: Session, mail: Mail, *, actor: Actor, reason: str) -> None:
    """Let a letter that was not taken be sent at once, with all its tries before it; WrongState when it has left."""
    operations.require_operator(actor)
    require_reason(reason)
    session.refresh(mail, with_for_update=True)
    if mail.sent_at is not None:
        raise WrongState("letter_sent", subject=mail, at=mail.sent_at)
    before, after = {"tries": mail.tries}, {"tries": 0}
    mail.tries, mail.next_try_at = 0, None
    audit.record(session, actor, Fact.LETTER_RETRIED, mail, reason=reason, before=before, after=after)

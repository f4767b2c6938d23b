"""The job queue over the API: what waits, runs or failed, and another try of what failed."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy.orm import Session

from engine import jobs_board, operations
from engine.jobs_board import QueuedJob
from models.permissions import Actor
from webapp.api.operations import In, Out, Part, Reason, Text, table

JobState = Literal["waiting", "running", "failed"]


class JobQuery(In):
    """How the list of jobs is narrowed."""

    state: JobState | None = None
    limit: Annotated[int, Field(ge=1, le=100, description="How many at most.")] = 50
    cursor: Annotated[Text | None, Field(max_length=300, description="`next` of the part before.")] = None


class JobOut(Out):
    """One job of the queue."""

    id: str
    title: str
    state: JobState
    queued_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    tries: int
    error: str | None

    @classmethod
    def of(cls, job: QueuedJob) -> "JobOut":
        """Write a job down."""
        return cls(**{name: getattr(job, name) for name in cls.model_fields})


@table.get("/jobs", answer=Part[JobOut], query=JobQuery, errors=(403,))
def list_jobs(session: Session, actor: Actor, *, query: JobQuery) -> Part[JobOut]:
    """List jobs that are not done, the newest first."""
    operations.require_operator(actor)
    found = jobs_board.listed(session, state=query.state or "", after=query.cursor or "", limit=query.limit + 1)
    shown = found[: query.limit]
    after = shown[-1].cursor if len(found) > query.limit else None
    return Part[JobOut](items=[JobOut.of(job) for job in shown], next=after)


class Again(In):
    """Why it is tried again."""

    reason: Reason


class Queued(Out):
    """A job that waits in the queue again."""

    id: str
    state: JobState


@table.post("/jobs/<key:id>/retry", answer=Queued, body=Again)
def retry_job(session: Session, actor: Actor, id: str, *, body: Again) -> Queued:
    """Queue a failed job once more, as a job of its own."""
    again = jobs_board.retry(session, id, actor=actor, reason=body.reason)
    return Queued(id=again, state="waiting")

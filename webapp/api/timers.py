"""Timers over the API: what is still to fire, another instant for one, or now."""

from datetime import datetime
from typing import Annotated

from pydantic import Field
from sqlalchemy.orm import Session, joinedload

from engine import operations, timers
from models.permissions import Actor
from models.timers import Timer
from webapp.api.instances import InstanceWhole, whole
from webapp.api.operations import In, Instant, Key, Out, Part, Reason, Slice, table
from webapp.api.reading import one, sliced

Seen = Annotated[Instant | None, Field(description="`due_at` as you saw it; 409 when it changed.")]


class TimerQuery(Slice):
    """How the list of timers is narrowed."""

    instance: Key | None = None
    due_before: Annotated[Instant | None, Field(description="Only what is due before this instant.")] = None


class TimerOut(Out):
    """One thing due: a timer event of a diagram, or the cut-off of a join."""

    id: str
    instance: str
    process: str
    order: str | None
    kind: str = Field(description="event or cutoff")
    element: str
    due_at: datetime
    fired_at: datetime | None

    @classmethod
    def of(cls, timer: Timer) -> "TimerOut":
        """Write a timer down."""
        same = ("id", "kind", "element", "due_at", "fired_at")
        about = timer.instance
        return cls(
            instance=about.id, process=about.process_id, order=about.order_id,
            **{name: getattr(timer, name) for name in same},
        )  # fmt: skip


@table.get("/timers", answer=Part[TimerOut], query=TimerQuery, errors=(403,))
def list_timers(session: Session, actor: Actor, *, query: TimerQuery) -> Part[TimerOut]:
    """List the timers that are still to fire, the oldest first."""
    operations.require_operator(actor)
    chosen = Timer.visible_to(actor).where(Timer.is_pending()).options(joinedload(Timer.instance))
    if query.instance is not None:
        chosen = chosen.where(Timer.instance_id == query.instance)
    if query.due_before is not None:
        chosen = chosen.where(Timer.due_at < query.due_before)
    found, after = sliced(session, chosen, Timer.id, query)
    return Part[TimerOut](items=[TimerOut.of(timer) for timer in found], next=after)


class Reschedule(In):
    """The new instant, and why."""

    due_at: Instant
    reason: Reason
    seen: Seen = None


@table.post("/timers/<key:id>/reschedule", answer=TimerOut, body=Reschedule)
def reschedule_timer(session: Session, actor: Actor, id: str, *, body: Reschedule) -> TimerOut:
    """Give a timer that waits another instant in the future."""
    timer = one(session, Timer.visible_to(actor), Timer.id, id)
    changed = timers.reschedule(session, timer, due_at=body.due_at, actor=actor, reason=body.reason, seen=body.seen)
    return TimerOut.of(changed)


class Fire(In):
    """Why it fires before its time."""

    reason: Reason
    seen: Seen = None


@table.post("/timers/<key:id>/fire", answer=InstanceWhole, body=Fire)
def fire_timer(session: Session, actor: Actor, id: str, *, body: Fire) -> InstanceWhole:
    """Let a timer ring now, as if it were due."""
    timer = one(session, Timer.visible_to(actor), Timer.id, id)
    moved = timers.fire_now(session, timer, actor=actor, reason=body.reason, seen=body.seen)
    return whole(session, actor, moved)

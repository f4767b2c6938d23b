"""Processes that begin by themselves: at a time their diagram names, or when a signal is thrown."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine import instances, runner
from engine.bpmn import Node
from engine.calendar import Calendar
from engine.clock import now
from engine.schedules import Schedule, schedule
from models.definitions import Definition
from models.permissions import SYSTEM, Actor
from models.starts import StartEvent


def arm(session: Session, definition: Definition, bundle: runner.Bundle, *, actor: Actor) -> None:
    """Let the start events of a version now in use wait, and those of the versions before no longer."""
    versions = select(Definition.id).where(Definition.process_id == definition.process_id)
    session.execute(delete(StartEvent).where(StartEvent.definition_id.in_(versions)))
    for node in bundle.processes[definition.process_id].scope(None):
        if node.type == "startEvent" and node.event.kind in ("timer", "signal"):
            session.add(_armed(session, definition, node, actor))


def _armed(session: Session, definition: Definition, node: Node, actor: Actor) -> StartEvent:
    start = StartEvent(
        definition_id=definition.id,
        element=node.id,
        kind=node.event.kind,
        name=node.event.name if node.event.kind == "signal" else None,
        starter_id=actor.person_id,
        organization_id=actor.organization_id,
    )
    if node.event.timer is not None:
        times = schedule(node.event.timer, now=now(session), calendar=Calendar.of(session))
        start.due_at, start.every, start.left = times
    return start


def due(session: Session, limit: int) -> list[str]:
    """Return the ids of starts whose time has come, the oldest first; suspended definitions wait."""
    query = (
        select(StartEvent.id)
        .join(Definition, Definition.id == StartEvent.definition_id)
        .where(StartEvent.due_at <= now(session), Definition.suspended_at.is_(None))
        .order_by(StartEvent.due_at)
        .limit(limit)
    )
    return list(session.scalars(query))


def fire(session: Session, start_id: str) -> None:
    """Begin one instance and set the next time: one transaction, so it begins once whoever claims it."""
    query = select(StartEvent).where(StartEvent.id == start_id).with_for_update(skip_locked=True)
    start = session.scalar(query)
    if start is None or start.due_at is None or start.due_at > now(session):
        return
    times = Schedule(start.due_at, start.every, start.left)
    start.due_at, start.every, start.left = times.following(now(session))
    begin(session, start)


def begin(session: Session, start: StartEvent) -> None:
    """Start an instance at a start event."""
    definition = session.get_one(Definition, start.definition_id)
    instances.start(
        session,
        definition,
        actor=SYSTEM,
        organization_id=start.organization_id,
        starter=(start.starter_id, start.organization_id),
        at=start.element,
    )


def waiting_for(session: Session, signal: str) -> list[StartEvent]:
    """Return the starts that a signal begins."""
    query = select(StartEvent).where(StartEvent.kind == "signal", StartEvent.name == signal).order_by(StartEvent.id)
    return list(session.scalars(query))

"""Processes that begin by themselves: at a time their diagram names, or when a signal is thrown."""

from collections.abc import Iterator

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine import definitions, instances, uses
from engine.bpmn import Event, Node
from engine.calendar import Calendar
from engine.clock import now
from engine.schedules import Schedule, schedule
from models.definitions import Definition, DefinitionUse
from models.organizations import Organization
from models.permissions import SYSTEM
from models.starts import StartEvent


def arm(session: Session, process_id: str, *, anew: bool) -> None:
    """Let the start events of a process wait: once, at the organization that brought it into use, as the version in
    use there has them. What waits already under that version goes on, unless it was brought into use `anew`.
    """
    owner = session.scalar(DefinitionUse.of(process_id).limit(1))
    place = session.get(Organization, owner.organization_id) if owner and owner.organization_id else None
    definition = uses.find(session, process_id, area_id=place.area_id if place else None)
    versions = select(Definition.id).where(Definition.process_id == process_id)
    waiting = select(StartEvent.definition_id).where(StartEvent.definition_id.in_(versions)).limit(1)
    if definition is not None and not anew and session.scalar(waiting) == definition.id:
        return
    session.execute(delete(StartEvent).where(StartEvent.definition_id.in_(versions)))
    if definition is not None and owner is not None:
        session.add_all(_starts(session, definition, owner))


def _starts(session: Session, definition: Definition, owner: DefinitionUse) -> Iterator[StartEvent]:
    bundle = definitions.bundle_of(session, definition.id)
    for node in bundle.processes[definition.process_id].scope(None):
        for event in node.event.each if node.type == "startEvent" else ():
            if event.kind in ("timer", "signal"):
                yield _armed(session, definition, node, event, owner)


def _armed(session: Session, definition: Definition, node: Node, event: Event, owner: DefinitionUse) -> StartEvent:
    start = StartEvent(
        definition_id=definition.id,
        element=node.id,
        kind=event.kind,
        name=event.name if event.kind == "signal" else None,
        starter_id=owner.person_id,
        organization_id=owner.organization_id,
    )
    if event.timer is not None:
        times = schedule(event.timer, now=now(session), calendar=Calendar.of(session))
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

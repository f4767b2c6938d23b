"""Incidents: where a process is stuck with the input it was given, tried again as it was or past the failing step."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import definitions, instances, messages, operations
from engine.audit import Fact
from engine.clock import now
from models.base import update_versioned
from models.errors import WrongState
from models.instances import Incident, Instance
from models.permissions import Actor

# Where each kind of kept input carries its values; the start of an instance has no kind, and its data.
_VALUES = {"Complete": "answers", "Deliver": "payload", "SetData": "data"}


def open_of(session: Session, instance: Instance) -> Incident | None:
    """Return what an instance is stuck at, if it is."""
    query = select(Incident).where(Incident.instance_id == instance.id, Incident.resolved_at.is_(None))
    return session.scalar(query.order_by(Incident.id.desc()).limit(1)) if instance.state == "incident" else None


def input_of(held: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the values of a kept input."""
    values: Mapping[str, Any] = held.get(_values_in(held)) or {}
    return values


def _values_in(held: Mapping[str, Any]) -> str:
    return _VALUES.get(held["input"], "") if "input" in held else "data"


def amend(session: Session, instance: Instance, incident: Incident, news: Mapping[str, Any]) -> None:
    """Change the kept input too: what it says of a name would else overwrite what an operator set."""
    where, known = _values_in(incident.held), input_of(incident.held)
    taken = news if not instance.rest else {name: value for name, value in news.items() if name in known}
    if taken:
        incident.held = {**incident.held, where: {**known, **taken}}
        update_versioned(session, instance, state=instance.state)


def retry(session: Session, incident: Incident, *, actor: Actor, reason: str, version: int | None = None) -> Instance:
    """Try the kept input again, for instance after a role was filled or data was edited.

    Errors: NotAllowed; Invalid without a reason; WrongState when it was resolved. Stuck again, it is a new incident.
    """
    instance = _take(session, incident, actor=actor, reason=reason, version=version)
    resolve(session, instance, incident, actor=actor, reason=reason)
    return _try(session, instance, incident, actor=actor)


def can_skip(session: Session, instance: Instance, incident: Incident) -> bool:
    """Tell whether the process can go on past the step at which it is stuck."""
    element = definitions.bundle_of(session, instance.definition_id).elements(instance.process_id)
    found = element.get(incident.element or "")
    return found is not None and (found.type in operations.TASKS or found.condition is not None)


def skip(session: Session, incident: Incident, *, actor: Actor, reason: str, version: int | None = None) -> Instance:
    """Try the kept input again and let the failing step pass without its work: a script, a rule, a command, a person.

    An event whose condition fails passes where a token stands at it; beside the flow it does not happen.

    Errors: as `retry`, and WrongState where the element cannot be skipped: then edit data or move the token.
    """
    instance = _take(session, incident, actor=actor, reason=reason, version=version)
    if not can_skip(session, instance, incident):
        raise WrongState("element_not_skippable", subject=instance, element=incident.element)
    resolve(session, instance, incident, actor=actor, reason=reason)
    elements = definitions.bundle_of(session, instance.definition_id).elements(instance.process_id)
    step = elements[incident.element or ""]
    operations.record_skip(session, instance, step.id, step.name or step.id, actor=actor, reason=reason)
    return _try(session, instance, incident, actor=actor, skipping=frozenset({step.id}))


def _take(session: Session, incident: Incident, *, actor: Actor, reason: str, version: int | None) -> Instance:
    stuck = session.get_one(Instance, incident.instance_id)
    instance = operations.take(session, stuck, actor=actor, reason=reason, version=version)
    session.refresh(incident)
    if incident.resolved_at is not None or instance.state != "incident":
        raise WrongState("incident_resolved", subject=incident, at=incident.resolved_at)
    instances.require_in_use(session, instance.definition_id)
    return instance


def resolve(session: Session, instance: Instance, incident: Incident, *, actor: Actor, reason: str) -> None:
    """Close an incident of a locked instance, which may move again."""
    incident.resolved_at, incident.resolved_by = now(session), actor.person_id
    update_versioned(session, instance, state="running")
    instances.log(
        session,
        actor,
        Fact.INCIDENT_RESOLVED,
        instance,
        reason=reason,
        incident=incident.id,
        before={"state": "incident"},
        after={"state": "running"},
    )


def _try(
    session: Session,
    instance: Instance,
    incident: Incident,
    *,
    actor: Actor,
    skipping: frozenset[str] = frozenset(),
) -> Instance:
    instances.try_again(session, instance, incident.held, actor=actor, skipping=skipping)
    if instance.state == "running":
        messages.requeue(session, instance)
    return instance

"""Incidents over the API: what is stuck, where and why, with its data; tried again or past the step."""

from datetime import datetime
from typing import Any

from pydantic import Field
from sqlalchemy.orm import Session

from engine import incidents, operations
from models.instances import Incident
from models.permissions import Actor
from webapp.api.instances import InstanceWhole, jsonable, whole
from webapp.api.operating import Act
from webapp.api.operations import Key, Out, Part, Slice, table
from webapp.api.reading import one, sliced


class IncidentQuery(Slice):
    """How the list of incidents is narrowed."""

    instance: Key | None = None


class IncidentOut(Out):
    """A place where a process cannot go on."""

    id: str
    instance: str
    process: str
    order: str | None
    element: str | None = Field(description="The id of the element in the diagram.")
    message: str = Field(description="What the engine says, for the designer.")
    opened_at: datetime
    resolved_at: datetime | None

    @classmethod
    def values(cls, incident: Incident) -> dict[str, Any]:
        """Give the plain values of an incident."""
        same = ("id", "element", "message", "opened_at", "resolved_at")
        return {name: getattr(incident, name) for name in same} | {
            "instance": incident.instance_id,
            "process": incident.instance.process_id,
            "order": incident.instance.order_id,
        }


class IncidentWhole(IncidentOut):
    """An incident with the routing data, and what can be done about it."""

    data: dict[str, Any]
    version: int = Field(description="The version of the instance, for the acts on it.")
    can_skip: bool


@table.get("/incidents", answer=Part[IncidentOut], query=IncidentQuery, errors=(403,))
def list_incidents(session: Session, actor: Actor, *, query: IncidentQuery) -> Part[IncidentOut]:
    """List what is stuck, the oldest first."""
    operations.require_operator(actor)
    chosen = Incident.visible_to(actor).where(Incident.resolved_at.is_(None))
    if query.instance is not None:
        chosen = chosen.where(Incident.instance_id == query.instance)
    found, after = sliced(session, chosen, Incident.id, query)
    return Part[IncidentOut](items=[IncidentOut(**IncidentOut.values(one)) for one in found], next=after)


@table.get("/incidents/<key:id>", answer=IncidentWhole, errors=(403,))
def read_incident(session: Session, actor: Actor, id: str) -> IncidentWhole:
    """Read one incident with the data of its instance."""
    incident = one(session, Incident.visible_to(actor), Incident.id, id)
    operations.require_operator(actor)
    is_open = incident.resolved_at is None
    return IncidentWhole(
        **IncidentOut.values(incident),
        data=jsonable(operations.data_of(session, incident.instance)),
        version=incident.instance.version,
        can_skip=is_open and incidents.can_skip(session, incident.instance, incident),
    )


@table.post("/incidents/<key:id>/retry", answer=InstanceWhole, body=Act)
def retry_incident(session: Session, actor: Actor, id: str, *, body: Act) -> InstanceWhole:
    """Try the kept input again."""
    incident = one(session, Incident.visible_to(actor), Incident.id, id)
    tried = incidents.retry(session, incident, actor=actor, reason=body.reason, version=body.version)
    return whole(session, actor, tried)


@table.post("/incidents/<key:id>/skip", answer=InstanceWhole, body=Act)
def skip_incident(session: Session, actor: Actor, id: str, *, body: Act) -> InstanceWhole:
    """Try the kept input again and let the failing step pass without its work."""
    incident = one(session, Incident.visible_to(actor), Incident.id, id)
    tried = incidents.skip(session, incident, actor=actor, reason=body.reason, version=body.version)
    return whole(session, actor, tried)

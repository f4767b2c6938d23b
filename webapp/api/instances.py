"""Process instances over the API: list, start, read with the open tasks, and the history."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, FiniteFloat
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine import instances, starts
from models.audit import AuditEntry
from models.instances import Instance
from models.permissions import Actor, Permission, may
from models.tasks import Task
from webapp.api.audit import Entry, EntryOut
from webapp.api.operations import In, Key, Out, Part, Slice, Text, table
from webapp.api.reading import one, sliced

State = Literal["running", "incident", "suspended", "finished", "failed", "cancelled", "handed_over"]


class InstanceQuery(Slice):
    """How the list of instances is narrowed."""

    process: Annotated[Text | None, Field(max_length=100)] = None
    state: State | None = None
    order: Key | None = None


class InstanceOut(Out):
    """One participant's running process."""

    id: str
    process: str
    definition: str
    state: State
    order: str | None
    assignment: str | None
    organization: str | None
    started_at: datetime
    ended_at: datetime | None
    error: str | None

    @classmethod
    def values(cls, instance: Instance) -> dict[str, Any]:
        """Give the plain values of an instance."""
        return {name: getattr(instance, name) for name in ("id", "state", "started_at", "ended_at", "error")} | {
            "process": instance.process_id,
            "definition": instance.definition_id,
            "order": instance.order_id,
            "assignment": instance.assignment_id,
            "organization": instance.organization_id,
        }


class OpenTask(Out):
    """A task an instance waits for."""

    id: str
    element: str
    title: str
    role: str | None
    holder: str | None
    due_at: datetime | None


class Place(Out):
    """Where a token of an instance stands."""

    key: str = Field(description="Names the place for `skip` and `move`.")
    element: str
    name: str
    kind: str


class InstanceWhole(InstanceOut):
    """An instance with what it waits for; operators also see where its tokens stand."""

    version: int = Field(description="Grows with every change; acts of operators may name the one they saw.")
    tasks: list[OpenTask]
    places: list[Place]


@table.get("/instances", answer=Part[InstanceOut], query=InstanceQuery)
def list_instances(session: Session, actor: Actor, *, query: InstanceQuery) -> Part[InstanceOut]:
    """List the instances you may see, oldest first."""
    chosen = Instance.visible_to(actor)
    if query.process is not None:
        chosen = chosen.where(Instance.process_id == query.process)
    if query.state is not None:
        chosen = chosen.where(Instance.state == query.state)
    if query.order is not None:
        chosen = chosen.where(Instance.order_id == query.order)
    found, after = sliced(session, chosen, Instance.id, query)
    return Part[InstanceOut](items=[InstanceOut(**InstanceOut.values(one)) for one in found], next=after)


Short = Annotated[Text, Field(max_length=200)]
Plain = Short | bool | int | FiniteFloat | None
Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,59}$")]
# What may route a process: plain values under names, and lists of texts.
Routing = Annotated[
    dict[Name, Plain | list[Short]], Field(max_length=50, json_schema_extra={"additionalProperties": False})
]


class Start(In):
    """Which process to start, and its routing data."""

    process: Annotated[Text, Field(min_length=1, max_length=100, description="The process id in the diagram.")]
    data: Routing = Field(default_factory=dict)


@table.post("/instances", answer=InstanceWhole, body=Start, status=201, errors=(404,))
def start_instance(session: Session, actor: Actor, *, body: Start) -> InstanceWhole:
    """Start a process by hand and move it to where it first waits."""
    return whole(session, actor, starts.start_by_hand(session, body.process, actor=actor, data=body.data))


@table.get("/instances/<key:id>", answer=InstanceWhole)
def read_instance(session: Session, actor: Actor, id: str) -> InstanceWhole:
    """Read one instance with its open tasks."""
    return whole(session, actor, one(session, Instance.visible_to(actor), Instance.id, id))


def whole(session: Session, actor: Actor, instance: Instance) -> InstanceWhole:
    """Write an instance down with what it waits for."""
    waiting = select(Task).where(Task.instance_id == instance.id, Task.state == "open").order_by(Task.id)
    tasks = [
        OpenTask(
            id=task.id, element=task.element, title=task.title, role=task.role, holder=task.holder_title,
            due_at=task.due_at,
        )
        for task in session.scalars(waiting)
    ]  # fmt: skip
    operates = may(actor, Permission.INSTANCE_OPERATE)
    places = [
        Place(key=place.key, element=place.element, name=place.name, kind=place.kind)
        for place in (instances.look(session, instance) if operates else ())
    ]
    return InstanceWhole(**InstanceOut.values(instance), version=instance.version, tasks=tasks, places=places)


def jsonable(data: Mapping[str, Any]) -> dict[str, Any]:
    """Write routing data as JSON has it: dates and decimals become texts."""
    written: dict[str, Any] = json.loads(json.dumps(dict(data), default=str))
    return written


@table.get("/instances/<key:id>/history", answer=Part[EntryOut], query=Entry)
def read_history(session: Session, actor: Actor, id: str, *, query: Entry) -> Part[EntryOut]:
    """Read what happened in one instance, oldest first."""
    instance = one(session, Instance.visible_to(actor), Instance.id, id)
    of_tasks = select(Task.id).where(Task.instance_id == instance.id)
    about = or_(AuditEntry.subject_id == instance.id, AuditEntry.subject_id.in_(of_tasks))
    if instance.order_id is not None:
        # The index goes by order; within it the instance is a filter.
        about = or_(about, (AuditEntry.order_id == instance.order_id) & (AuditEntry.instance_id == instance.id))
    readable = about, AuditEntry.refused.is_(False), ~Task.hides(AuditEntry.subject_id, actor)
    return EntryOut.part(session, select(AuditEntry).where(*readable), query)

"""What operators do to instances and definitions over the API: data, skipping, moving, ending, stopping, resuming."""

from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import operations, suspensions, undoing
from models.definitions import Definition
from models.instances import Instance
from models.permissions import Actor
from webapp.api.definitions import DefinitionOut, outs_of
from webapp.api.instances import InstanceWhole, whole
from webapp.api.operations import In, Reason, Text, Values, table
from webapp.api.reading import one

Version = Annotated[
    int | None, Field(ge=0, le=2**31 - 1, description="`version` of the instance as you saw it; 409 when it changed.")
]
WaitingKey = Annotated[Text, Field(min_length=1, max_length=200, description="`key` of one of the instance's places.")]


class Act(In):
    """Why it is done, and what was seen before."""

    reason: Reason
    version: Version = None


class Changes(Act):
    """The values to set, by the names the diagram uses."""

    data: Annotated[Values, Field(min_length=1, max_length=50)]


class Skip(Act):
    """What to pass over."""

    key: WaitingKey


class Move(Skip):
    """What to take away, and where to go on."""

    element: Annotated[Text, Field(min_length=1, max_length=200, description="The id of an element of the diagram.")]


def _by(actor: Actor, body: Act) -> dict[str, Any]:
    return {"actor": actor, "reason": body.reason, "version": body.version}


def _found(session: Session, actor: Actor, id: str) -> Instance:
    return one(session, Instance.visible_to(actor), Instance.id, id)


@table.post("/instances/<key:id>/data", answer=InstanceWhole, body=Changes)
def edit_data(session: Session, actor: Actor, id: str, *, body: Changes) -> InstanceWhole:
    """Change routing data of a live instance, and of the input it is stuck at."""
    instance = _found(session, actor, id)
    return whole(session, actor, operations.edit_data(session, instance, changes=dict(body.data), **_by(actor, body)))


@table.post("/instances/<key:id>/skip", answer=InstanceWhole, body=Skip)
def skip_step(session: Session, actor: Actor, id: str, *, body: Skip) -> InstanceWhole:
    """Let what waits under a key pass without its work."""
    instance = _found(session, actor, id)
    return whole(session, actor, operations.skip(session, instance, key=body.key, **_by(actor, body)))


@table.post("/instances/<key:id>/move", answer=InstanceWhole, body=Move)
def move_token(session: Session, actor: Actor, id: str, *, body: Move) -> InstanceWhole:
    """Take away what waits under a key and go on at another element of the same part of the diagram."""
    instance = _found(session, actor, id)
    moved = operations.move_token(session, instance, key=body.key, element=body.element, **_by(actor, body))
    return whole(session, actor, moved)


@table.post("/instances/<key:id>/cancellation", answer=InstanceWhole, body=Act)
def cancel_instance(session: Session, actor: Actor, id: str, *, body: Act) -> InstanceWhole:
    """End a live instance for good; nothing is deleted."""
    instance = _found(session, actor, id)
    ended = operations.cancel(session, instance, **_by(actor, body))
    return whole(session, actor, ended)


@table.post("/instances/<key:id>/suspension", answer=InstanceWhole, body=Act)
def suspend_instance(session: Session, actor: Actor, id: str, *, body: Act) -> InstanceWhole:
    """Stop an instance: its tasks cannot be completed, messages are kept, timers wait."""
    instance = _found(session, actor, id)
    stopped = suspensions.suspend(session, instance, **_by(actor, body))
    return whole(session, actor, stopped)


@table.post("/instances/<key:id>/resumption", answer=InstanceWhole, body=Act)
def resume_instance(session: Session, actor: Actor, id: str, *, body: Act) -> InstanceWhole:
    """Let a suspended instance move again, with what was kept meanwhile."""
    instance = _found(session, actor, id)
    running = suspensions.resume(session, instance, **_by(actor, body))
    return whole(session, actor, running)


class Undo(In):
    """Which act to take back."""

    entry: Annotated[int, Field(ge=1, le=2**53, description="`seq` of its entry in the instance's history.")]
    reason: Reason


@table.post("/instances/<key:id>/undo", answer=InstanceWhole, body=Undo)
def undo_act(session: Session, actor: Actor, id: str, *, body: Undo) -> InstanceWhole:
    """Take back edited data, a moved token or a rescheduled timer by the opposite act, while it stands as left."""
    instance = _found(session, actor, id)
    undoing.undo(session, instance, seq=body.entry, actor=actor, reason=body.reason)
    return whole(session, actor, instance)


class Why(In):
    """Why it is done."""

    reason: Reason


@table.post("/definitions/<key:id>/suspension", answer=DefinitionOut, body=Why)
def suspend_definition(session: Session, actor: Actor, id: str, *, body: Why) -> DefinitionOut:
    """Let nothing of one version of a process begin or go on."""
    definition = one(session, select(Definition), Definition.id, id)
    suspensions.suspend_definition(session, definition, actor=actor, reason=body.reason)
    return outs_of(session, [definition])[0]


@table.post("/definitions/<key:id>/resumption", answer=DefinitionOut, body=Why)
def resume_definition(session: Session, actor: Actor, id: str, *, body: Why) -> DefinitionOut:
    """Let a suspended version begin and go on again."""
    definition = one(session, select(Definition), Definition.id, id)
    suspensions.resume_definition(session, definition, actor=actor, reason=body.reason)
    return outs_of(session, [definition])[0]

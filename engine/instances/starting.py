"""How an instance starts: its row, what it knows of itself, and its first move; anew where that one got stuck."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from engine import definitions, routing, runner
from engine.audit import Fact
from engine.clock import ZONE, now
from engine.instances import moving
from engine.instances.standing import log, require_in_use
from engine.instances.writing import Move
from models.assignments import Assignment
from models.definitions import Definition
from models.instances import Instance
from models.orders import Order
from models.organizations import Area
from models.permissions import Actor
from models.tasks import Task


def start(
    session: Session,
    definition: Definition,
    *,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    order: Order | None = None,
    assignment: Assignment | None = None,
    organization_id: str | None = None,
    message: str | None = None,
    at: str | None = None,
    starter: tuple[str | None, str | None] | None = None,
    place: str | None = None,
) -> Instance:
    """Start an instance of a definition for one participant and move it to where it first waits.

    It begins at its plain start event, that of a message, or the one named by `at`; `starter` (person, organization)
    gets the steps without a role where not the actor does. `place` is what lists show; else it is the participant's.

    Errors: WrongState while the definition is suspended.
    """
    order = order or (assignment.order if assignment else None)
    instance = Instance(
        definition_id=definition.id,
        process_id=definition.process_id,
        order_id=order.id if order else None,
        assignment_id=assignment.id if assignment else None,
        organization_id=assignment.organization_id if assignment else organization_id or actor.organization_id,
        area_id=assignment.area_id if assignment else order.area_id if order else actor.area_id,
        place=place or _place(session, assignment, order, actor),
        starter_id=starter[0] if starter else actor.person_id,
        starter_organization_id=starter[1] if starter else actor.organization_id,
        started_at=now(session),
        passed={},
        version=0,
        state="running",
    )
    session.add(instance)
    session.flush()
    require_in_use(session, definition.id)
    if assignment is not None and assignment.instance_id is None:
        assignment.instance_id = instance.id
    elif order is not None and order.instance_id is None:
        order.instance_id = instance.id
    session.flush()
    log(
        session,
        actor,
        Fact.INSTANCE_STARTED,
        instance,
        process=definition.process_id,
        by_message=message,
        organization=instance.organization_id,
        assignment=instance.assignment_id,
    )
    bundle = definitions.bundle_of(session, definition.id)
    values = {**_facts(session, instance, assignment, order), **(data or {})}

    _begin(Move(session, instance, bundle, actor), data=values, message=message, at=at)
    return instance


def _place(session: Session, assignment: Assignment | None, order: Order | None, actor: Actor) -> str:
    area_id = assignment.area_id if assignment else order.area_id if order else actor.area_id
    area = session.get(Area, area_id) if area_id else None
    return area.name if area else ""


def _facts(session: Session, instance: Instance, assignment: Assignment | None, order: Order | None) -> dict[str, Any]:
    """Return what an instance knows of itself: routing values, fixed at its start."""
    return {
        "order": instance.order_id,
        "assignment": instance.assignment_id,
        "organization": instance.organization_id,
        "area": instance.area_id,
        "topic_code": order.topic_code if order else None,
        "is_leaf": routing.is_leaf(session, instance.area_id),
        "locality_code": routing.locality_code(session, instance.area_id),
        "today": now(session).astimezone(ZONE).date().isoformat(),
        "plan_approved": False,
        "accepted": False,
        "rework": 0,
    }


def try_again(
    session: Session,
    instance: Instance,
    held: Mapping[str, Any],
    *,
    actor: Actor,
    skipping: frozenset[str] = frozenset(),
) -> None:
    """Give a locked instance the input at which it got stuck; one that got stuck at its start starts anew."""
    known = dict(held)
    task = session.get(Task, known.pop("task", None) or "-")
    if instance.rest:
        moving.move(session, instance, _input_of(known), actor=actor, completing=task, skipping=skipping)
        return
    move = Move(
        session, instance, definitions.bundle_of(session, instance.definition_id), actor, task, skipping=skipping
    )
    _begin(move, data=known["data"], message=known["message"], at=known.get("at"))


def _input_of(held: dict[str, Any]) -> runner.Input:
    made: runner.Input = getattr(runner, held.pop("input"))(**held)
    return made


def _begin(move: Move, *, data: dict[str, Any], message: str | None, at: str | None) -> None:
    def first() -> runner.Step:
        return runner.start(
            move.bundle,
            move.instance.process_id,
            data=data,
            now=now(move.session),
            message=message,
            at=at,
            skipping=move.skipping,
        )

    moving.run(move, first, held={"message": message, "at": at, "data": data})

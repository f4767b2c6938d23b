"""What an operator sees of an instance: why it is stuck, its data, where its tokens stand, what was done to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine import definitions, incidents, instances, operations, runner, undoing
from engine.audit import Fact
from models.instances import Incident, Instance
from webapp.audit import Line
from webapp.audit.words import lines_of
from webapp.instances import queries
from webapp.instances.troubles import Trouble, trouble_of
from webapp.instances.typed import Field, fields_of
from webapp.text import say

MOST_PLACES = 20
MOST_DONE = 20
TRIGGERS = {"timer": "hẹn giờ", "conditional": "điều kiện"}  # messages and signals have names
INTERVENTIONS = (
    Fact.DATA_EDITED, Fact.TOKEN_MOVED, Fact.STEP_SKIPPED, Fact.INCIDENT_RESOLVED, Fact.INSTANCE_SUSPENDED,
    Fact.INSTANCE_RESUMED, Fact.INSTANCE_CANCELLED, Fact.INSTANCE_MIGRATED, Fact.TIMER_RESCHEDULED,
    Fact.TIMER_FIRED_EARLY,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where a token stands: what it waits for, whether that can be skipped, where the token can be moved."""

    key: str
    name: str
    can_skip: bool
    targets: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Intervention:
    """One thing operators did, as the log tells it, whether it changed data, whether it can still be undone."""

    line: Line
    is_data: bool
    can_undo: bool


@dataclass(frozen=True, slots=True)
class Operating:
    """Everything in the operator's part of the page."""

    incident: Incident | None
    trouble: Trouble | None
    can_skip: bool
    data: Sequence[Field]
    places: Sequence[Place]
    interventions: Sequence[Intervention]


def read(session: Session, instance: Instance) -> Operating:
    """Gather the operator's part."""
    incident = incidents.open_of(session, instance)
    return Operating(
        incident=incident,
        trouble=trouble_of(session, incident, instance) if incident is not None else None,
        can_skip=incident is not None and incidents.can_skip(session, instance, incident),
        data=fields_of(operations.data_of(session, instance)) if instance.is_live else (),
        places=_places(session, instance) if instance.state in ("running", "incident") else (),
        interventions=_interventions(session, instance),
    )


def _places(session: Session, instance: Instance) -> list[Place]:
    bundle = definitions.bundle_of(session, instance.definition_id)
    places = instances.look(session, instance)[:MOST_PLACES]
    return [_place(session, instance, bundle, place) for place in places]


def _place(session: Session, instance: Instance, bundle: runner.Bundle, place: runner.Waiting) -> Place:
    runs = instance.state == "running"
    return Place(
        key=place.key,
        name=_name(place),
        can_skip=runs and operations.can_skip(bundle, instance.process_id, place),
        targets=_named(operations.targets(session, instance, place)),
    )


def _name(place: runner.Waiting) -> str:
    """Name a place; one of several things that an event waits for says which."""
    if "#" not in place.key:
        return place.name
    return f"{place.name}: {place.message or say(TRIGGERS[place.kind])}"


def _named(targets: Sequence[runner.Element]) -> list[tuple[str, str]]:
    """Name elements as the diagram does; ends, which often have no name, by what they are."""
    ends = [one.id for one in targets if one.type == "endEvent" and one.name in ("", one.id)]
    words = {
        id: say("Kết thúc {n}", n=number) if len(ends) > 1 else say("Kết thúc") for number, id in enumerate(ends, 1)
    }
    return [(one.id, words.get(one.id) or one.name or one.id) for one in targets]


def _interventions(session: Session, instance: Instance) -> list[Intervention]:
    entries = session.scalars(queries.interventions(instance.id, INTERVENTIONS).limit(MOST_DONE)).all()
    undone = {entry.facts.get("undoes") for entry in entries}
    lines = lines_of(session, entries)
    return [
        Intervention(
            line,
            is_data=entry.fact == Fact.DATA_EDITED,
            can_undo=instance.is_live and entry.fact in undoing.UNDONE and entry.seq not in undone,
        )
        for entry, line in zip(entries, lines, strict=True)
    ]

"""Who would get a step of a design on running work: the routing of the engine, asked without anything being moved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from engine import assigning, instances, routing
from engine.bpmn import Node
from models.instances import LIVE, Instance
from models.organizations import Organization
from models.permissions import Actor
from models.users import Person

MOST = 50
# Whoever a message addressed: known only when the step is reached, by the data of that place.
_BY_DATA = "assignee"


@dataclass(frozen=True, slots=True)
class Receiver:
    """To whom a step would be offered; `organization` is empty where nobody holds the role.

    `role` is by which role they get it, None for whoever began the work; `people` are (name, post with organization).
    Who is given it at once stands in `given`, by name; `reason` says why it goes where it goes.
    """

    organization: str
    role: str | None
    people: tuple[tuple[str, str], ...]
    by_data: bool = False
    given: str = ""
    reason: Mapping[str, Any] = field(default_factory=dict)


def grounds(process_id: str | None, *, actor: Actor) -> Select[Instance]:
    """Select the running work of a process an actor may see, newest first: on which a step can be previewed."""
    live = Instance.visible_to(actor).where(Instance.process_id == process_id, Instance.state.in_(LIVE))
    return live.order_by(Instance.started_at.desc(), Instance.id).limit(MOST)


def receiver(session: Session, instance: Instance, step: Node) -> Receiver:
    """Return who would get a step, as it is drawn, on running work now; nothing is written."""
    data, role = instances.data_of(session, instance), step.ext.get("role") or step.lane_role
    found = assigning.offered(session, instance, step, data=data)
    if found is None:
        return Receiver("", role, (), by_data=role == _BY_DATA and _BY_DATA not in data)
    found = assigning.given(session, instance, step, found)
    body = session.get(Organization, found.organization_id) if found.organization_id else None
    persons = [found.person_id] if found.person_id else _holders(session, found)
    return Receiver(
        body.name if body else "",
        found.role,
        tuple(_titled(session, one, found) for one in persons),
        given=session.get_one(Person, found.holder_id).name if found.holder_id else "",
        reason=found.reason,
    )


def _holders(session: Session, found: routing.Candidates) -> list[str]:
    return routing.holders_of(session, found.organization_id, found.role, found.posts)


def _titled(session: Session, person_id: str, found: routing.Candidates) -> tuple[str, str]:
    person = session.get_one(Person, person_id)
    return person.name, routing.title_of(session, person_id, organization_id=found.organization_id) or ""

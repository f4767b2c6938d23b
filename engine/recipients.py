"""To whom a thrown message goes: the named sets of diagrams, which also make the shares they address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import audit, routing, runner
from engine.audit import Fact
from engine.calendar import Calendar
from engine.clock import now
from models.assignments import Assignment, Part, Progress
from models.definitions import StartMessage
from models.errors import ProcessStuck
from models.instances import LIVE, Instance
from models.messages import Message, Subscription
from models.orders import Order
from models.organizations import Organization
from models.permissions import Actor

TO_CONSOLIDATE = 2


@dataclass(frozen=True, slots=True)
class Recipient:
    """One addressee: a share of the order, an instance that has none, or whatever process begins with the message."""

    assignment_id: str | None
    instance_id: str | None


def of(
    session: Session, instance: Instance, thrown: runner.Thrown, *, data: Mapping[str, Any], actor: Actor
) -> list[Recipient]:
    """Return the addressees of a thrown message; ProcessStuck where the set cannot be found."""
    if thrown.recipients is None and instance.order_id is None:
        return [_partner(session, instance, thrown)]
    wanted = thrown.recipients or "parent"
    if wanted == "parent":
        return [_parent(session, instance)]
    if wanted == "order":
        return _everyone_else(session, instance)
    if wanted in SHARES:
        return [_recipient(share) for share in _shares(session, instance, wanted, data, actor)]
    ids = data.get(wanted)
    if not isinstance(ids, list):
        raise ProcessStuck(f"no recipients are known under the name {wanted}", element=thrown.element)
    found = session.scalars(select(Assignment).where(Assignment.id.in_([str(i) for i in ids])))
    return [_recipient(share) for share in found if share.order_id == instance.order_id]


def _recipient(assignment: Assignment) -> Recipient:
    return Recipient(assignment.id, assignment.instance_id)


def _parent(session: Session, instance: Instance) -> Recipient:
    assignment = session.get(Assignment, instance.assignment_id) if instance.assignment_id else None
    if assignment is None:
        raise ProcessStuck("an instance without an assignment has nobody above it")
    if assignment.parent_id is None:
        return Recipient(None, session.get_one(Order, assignment.order_id).instance_id)
    return _recipient(session.get_one(Assignment, assignment.parent_id))


def _partner(session: Session, instance: Instance, thrown: runner.Thrown) -> Recipient:
    """Return whom a message outside of an order is for: whoever it was talking with, if they wait for it; then what
    begins with it; then the one instance of the organization that waits for it; then the last it was talking with,
    who will find it kept.
    """
    heard = select(Message.sender_id).where(Message.instance_id == instance.id, Message.sender_id.is_not(None))
    told = select(Message.instance_id).where(Message.sender_id == instance.id, Message.instance_id.is_not(None))
    partners = {one for one in session.scalars(heard.union(told)) if one is not None}
    waiting = set(
        session.scalars(
            select(Instance.id)
            .join(Subscription, Subscription.instance_id == Instance.id)
            .where(Subscription.kind == "message", Subscription.name == thrown.name, Instance.order_id.is_(None))
            .where(Instance.organization_id == instance.organization_id, Instance.state.in_(LIVE))
            .where(Instance.id != instance.id)
        )
    )
    if found := sorted(waiting & partners):
        return Recipient(None, found[-1])
    if session.get(StartMessage, thrown.name) is not None:
        return Recipient(None, None)
    if len(waiting) > 1:
        raise ProcessStuck(
            f"{len(waiting)} instances wait for “{thrown.name}”: whose it is cannot be said", element=thrown.element
        )
    if found := sorted(waiting) or sorted(partners):
        return Recipient(None, found[-1])
    raise ProcessStuck(f"nothing begins with “{thrown.name}”, and nobody waits for it", element=thrown.element)


def _everyone_else(session: Session, instance: Instance) -> list[Recipient]:
    query = (
        select(Instance.assignment_id, Instance.id)
        .where(Instance.order_id == instance.order_id, Instance.state.in_(LIVE), Instance.id != instance.id)
        .order_by(Instance.id)
    )
    return [Recipient(assignment, other) for assignment, other in session.execute(query)]


# set name -> (part of the shares, field of the data with the organizations)
SHARES = {
    "bloc": (Part.ACCOUNTABLE, None),
    "lead": (Part.LEAD, "lead"),
    "coordinators": (Part.COORDINATING, "coordinators"),
    "localities": (Part.LOCAL, "localities"),
}


def _shares(
    session: Session, instance: Instance, wanted: str, data: Mapping[str, Any], actor: Actor
) -> list[Assignment]:
    part, _ = SHARES[wanted]
    if instance.order_id is None:
        raise ProcessStuck(f"an instance without an order has no {wanted}")
    given = select(Assignment).where(Assignment.order_id == instance.order_id, Assignment.part == part)
    if part is not Part.LEAD:
        # A lead is looked for in the whole order; the others are the shares given by this one.
        given = given.where(Assignment.parent_id == instance.assignment_id)
    known = list(session.scalars(given.order_by(Assignment.id)))
    shares = {share.organization_id: share for share in known if share.is_open}
    if part is Part.LEAD and shares:
        return list(shares.values())
    if part is Part.LEAD and any(share.progress == Progress.DONE for share in known):
        raise ProcessStuck("the lead of this order has done its share: nobody leads it a second time")
    # Who declined to coordinate is not asked twice; refused localities are given again only by a decision.
    asked = {share.organization_id for share in known} if part in (Part.COORDINATING, Part.LOCAL) else set(shares)
    chosen = [one for one in _organizations(session, instance, wanted, data) if one.id not in asked]
    made = make_shares(session, instance, chosen, part, data, actor)
    return sorted([*shares.values(), *made], key=lambda share: share.id)


def make_shares(
    session: Session,
    instance: Instance,
    organizations: Sequence[Organization],
    part: Part,
    data: Mapping[str, Any],
    actor: Actor,
) -> list[Assignment]:
    """Give each organization a share of the order under that of the instance."""
    made = [_make(session, instance, organization, part, data) for organization in organizations]
    session.add_all(made)
    session.flush()
    for share in made:
        audit.record(
            session,
            actor,
            Fact.ASSIGNMENT_CREATED,
            share,
            order_id=share.order_id,
            instance_id=instance.id,
            part=share.part,
            organization=share.organization_id,
            parent=share.parent_id,
            due=share.due_at,
        )
    return made


def _organizations(session: Session, instance: Instance, wanted: str, data: Mapping[str, Any]) -> list[Organization]:
    order = session.get_one(Order, instance.order_id)
    field = SHARES[wanted][1]
    if field is None:
        return [session.get_one(Organization, order.focal_id)]
    chosen = data.get(field)
    if wanted == "localities" and not chosen:
        chosen = [organization for _, organization in routing.areas_below(session, instance.area_id or order.area_id)]
    ids = [chosen] if isinstance(chosen, str) else list(chosen or [])
    found = routing.organizations_by_id(session, ids)
    return [found[key] for key in ids if key in found]


def _make(
    session: Session, instance: Instance, organization: Organization, part: Part, data: Mapping[str, Any]
) -> Assignment:
    order = session.get_one(Order, instance.order_id)
    above = session.get(Assignment, instance.assignment_id) if instance.assignment_id else None
    return Assignment(
        order_id=order.id,
        parent_id=above.id if above else None,
        organization_id=organization.id,
        area_id=organization.area_id,
        part=part,
        due_at=due_below(session, above, order, data),
        created_at=now(session),
        order=order,
    )


def due_below(session: Session, above: Assignment | None, order: Order, data: Mapping[str, Any]) -> datetime | None:
    """Return the due of what an instance gives out, which is also when it stops waiting for it.

    What its form set; else two working days before its own due, so that there is time to consolidate.
    """
    if data.get("share_due") and datetime.fromisoformat(data["share_due"]) > now(session):
        return datetime.fromisoformat(data["share_due"])
    own = above.due_at if above is not None and above.due_at is not None else order.due_at
    if own is None or above is None:
        return own
    calendar = Calendar.of(session)
    if own <= now(session):
        # Given or returned after the due: two working days at least (X-RETURN).
        return calendar.add_working_days(now(session), TO_CONSOLIDATE)
    earlier = calendar.shift_working_days(own, -TO_CONSOLIDATE)
    return earlier if earlier > now(session) else own

"""The selects of the incident pages, named by what they find; none runs itself."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from models.instances import Incident, Instance
from models.orders import Order
from models.organizations import Organization
from models.permissions import Actor
from models.tasks import Task


def one(actor: Actor, incident_id: str) -> Select[Incident]:
    """Select one incident the actor may see."""
    return Incident.visible_to(actor).where(Incident.id == incident_id)


def unresolved(*, after: str = "") -> Select[Incident, Instance, str | None, str | None]:
    """Select (incident, instance, number of the order, name of the participant) of what is stuck, oldest first."""
    query = (
        select(Incident, Instance, Order.number, Organization.name)
        .join(Instance, Incident.instance_id == Instance.id)
        .outerjoin(Order, Instance.order_id == Order.id)
        .outerjoin(Organization, Instance.organization_id == Organization.id)
        .options(joinedload(Instance.definition))
        .where(Incident.resolved_at.is_(None))
        .order_by(Incident.id)
    )
    return query.where(Incident.id > after) if after else query


def count() -> Select[int]:
    """Count what is stuck."""
    return select(func.count()).select_from(Incident).where(Incident.resolved_at.is_(None))


def stopped(instances: Sequence[str]) -> Select[str, int]:
    """Select (instance, how many open tasks it holds up)."""
    return (
        select(Task.instance_id, func.count())
        .where(Task.instance_id.in_(instances), Task.state == "open")
        .group_by(Task.instance_id)
    )

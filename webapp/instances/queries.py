"""The selects of the instance and incident pages, named by what they find; none runs itself."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from models.instances import Incident, Instance
from models.messages import Subscription
from models.orders import Order
from models.organizations import Organization
from models.permissions import Actor
from models.tasks import Task
from models.timers import Timer


def listed(actor: Actor, *, process: str, state: str, after: str) -> Select[Instance, str | None, str | None]:
    """Select (instance, number of its order, name of its participant), newest first."""
    query = (
        Instance.visible_to(actor)
        .outerjoin(Order, Instance.order_id == Order.id)
        .outerjoin(Organization, Instance.organization_id == Organization.id)
        .options(joinedload(Instance.definition))
    )
    if process:
        query = query.where(Instance.process_id == process)
    if state:
        query = query.where(Instance.state == state)
    if after:
        query = query.where(Instance.id < after)
    return query.add_columns(Order.number, Organization.name).order_by(Instance.id.desc())


def whole(actor: Actor, instance_id: str) -> Select[Instance]:
    """Select one instance with its definition."""
    return Instance.visible_to(actor).where(Instance.id == instance_id).options(joinedload(Instance.definition))


def tasks_of(instance_id: str) -> Select[Task]:
    """Select the tasks of an instance, the open ones first."""
    return select(Task).where(Task.instance_id == instance_id).order_by(Task.closed_at.is_not(None), Task.id.desc())


def awaited(instance_id: str) -> Select[Subscription]:
    """Select the messages an instance waits for."""
    return select(Subscription).where(Subscription.instance_id == instance_id).order_by(Subscription.id)


def timers_of(instance_id: str) -> Select[Timer]:
    """Select the timers of an instance that are still to fire."""
    pending = (Timer.fired_at.is_(None), Timer.cancelled_at.is_(None))
    return select(Timer).where(Timer.instance_id == instance_id, *pending).order_by(Timer.due_at)


def incidents_of(instance_id: str) -> Select[Incident]:
    """Select the incidents of an instance, newest first."""
    return select(Incident).where(Incident.instance_id == instance_id).order_by(Incident.id.desc())


def unresolved() -> Select[Incident, Instance, str | None, str | None]:
    """Select (incident, instance, number of the order, name of the participant) of what is stuck, oldest first."""
    return (
        select(Incident, Instance, Order.number, Organization.name)
        .join(Instance, Incident.instance_id == Instance.id)
        .outerjoin(Order, Instance.order_id == Order.id)
        .outerjoin(Organization, Instance.organization_id == Organization.id)
        .where(Incident.resolved_at.is_(None))
        .order_by(Incident.id)
    )


def stopped(instances: Sequence[str]) -> Select[str, int]:
    """Select (instance, how many open tasks it holds up)."""
    return (
        select(Task.instance_id, func.count())
        .where(Task.instance_id.in_(instances), Task.state == "open")
        .group_by(Task.instance_id)
    )

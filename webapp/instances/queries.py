"""The selects of the instance pages, named by what they find; none runs itself."""

from collections.abc import Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from models.audit import AuditEntry
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
    return select(Timer).where(Timer.instance_id == instance_id, Timer.is_pending()).order_by(Timer.due_at)


def incidents_of(instance_id: str) -> Select[Incident]:
    """Select the incidents of an instance, newest first."""
    return select(Incident).where(Incident.instance_id == instance_id).order_by(Incident.id.desc())


def interventions(instance_id: str, facts: Sequence[str]) -> Select[AuditEntry]:
    """Select what operators did to an instance and its timers, newest first."""
    # By the subject, which the log has an index for.
    timers = select(Timer.id).where(Timer.instance_id == instance_id)
    about = or_(AuditEntry.subject_id == instance_id, AuditEntry.subject_id.in_(timers))
    done = select(AuditEntry).where(about, AuditEntry.fact.in_(facts), AuditEntry.refused.is_(False))
    return done.order_by(AuditEntry.seq.desc())

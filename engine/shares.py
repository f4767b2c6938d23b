"""What an instance works for: its share and the order of it, read once per transaction."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.assignments import Assignment
from models.instances import Instance
from models.orders import Order

_WITH_ORDER_AND_PARENT = (joinedload(Assignment.order), joinedload(Assignment.parent))


def context_of(session: Session, instance: Instance) -> tuple[Order | None, Assignment | None]:
    """Return the order and the share an instance works for, with the share above, in one query at most."""
    if instance.assignment_id is None:
        return (session.get(Order, instance.order_id) if instance.order_id else None), None
    known = session.identity_map.get(session.identity_key(Assignment, instance.assignment_id))
    if known is None or not {"order", "parent"} <= known.__dict__.keys():
        query = select(Assignment).where(Assignment.id == instance.assignment_id).options(*_WITH_ORDER_AND_PARENT)
        known = session.scalar(query)
    return (known.order if known else None), known

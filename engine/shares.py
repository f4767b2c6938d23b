"""What an instance works for: its share and the order of it, read once per transaction."""

from typing import TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from models.assignments import Assignment
from models.instances import Instance
from models.orders import Order

T = TypeVar("T")
_SHARE = (
    select(Assignment)
    .where(Assignment.id == bindparam("id"))
    .options(joinedload(Assignment.order), joinedload(Assignment.parent))
)


def context_of(session: Session, instance: Instance) -> tuple[Order | None, Assignment | None]:
    """Return the order and the share an instance works for, with the share above, in one query at most."""
    if instance.assignment_id is None:
        order = session.get(Order, instance.order_id) if instance.order_id else None
        return _held(session, order), None
    known = session.identity_map.get(session.identity_key(Assignment, instance.assignment_id))
    if known is None or not {"order", "parent"} <= known.__dict__.keys():
        known = session.scalar(_SHARE, {"id": instance.assignment_id})
    return (known.order if known else None), _held(session, known)


def _held(session: Session, row: T) -> T:
    # A session forgets what nobody holds, and forms, operators, progress and messages each ask for it again.
    session.info.setdefault("context", set()).add(row)
    return row

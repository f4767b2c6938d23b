"""Following an order without a part in it (theo dõi)."""

from sqlalchemy.orm import Session

from engine import audit
from engine.audit import Fact
from models.errors import NotAllowed
from models.orders import Order, Watch
from models.permissions import Actor


def add(session: Session, order: Order, *, actor: Actor) -> None:
    """Let the person follow an order it can see; twice is harmless."""
    if actor.person_id is None:
        raise NotAllowed("only_a_person_watches", subject=order)
    if session.get(Watch, (actor.person_id, order.id)) is None:
        session.add(Watch(person_id=actor.person_id, order_id=order.id))
        audit.record(session, actor, Fact.WATCH_ADDED, order, order_id=order.id)


def remove(session: Session, order: Order, *, actor: Actor) -> None:
    """Stop following an order; twice is harmless."""
    watch = session.get(Watch, (actor.person_id, order.id))
    if watch is not None:
        session.delete(watch)
        audit.record(session, actor, Fact.WATCH_REMOVED, order, order_id=order.id)

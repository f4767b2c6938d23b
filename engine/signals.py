"""Signals between instances: heard by all who wait for them at the moment, begun by start events, never kept."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import instances, runner, start_events
from engine.clock import now
from models.definitions import Definition
from models.instances import LIVE, Instance
from models.messages import Message, Subscription
from models.permissions import SYSTEM
from models.starts import StartEvent


def send(session: Session, instance: Instance, element: runner.Element, thrown: runner.Thrown) -> None:
    """Write one row for each instance that listens, and for each start event; delivery comes after the commit.

    What listens inside the thrower has heard it already.
    """
    listening = (
        select(Subscription.instance_id)
        .where(
            Subscription.kind == "signal",
            Subscription.name == thrown.name,
            Subscription.instance_id != instance.id,
        )
        .distinct()
    )
    heard: list[tuple[str | None, dict[str, str]]] = [(receiver, {}) for receiver in session.scalars(listening)]
    begun = [(None, {"start": start.id}) for start in start_events.waiting_for(session, thrown.name)]
    session.add_all(
        Message(
            kind="signal",
            name=thrown.name,
            title=element.name[:200] or None,
            sender_id=instance.id,
            instance_id=receiver,
            order_id=instance.order_id,
            payload=payload,
            sent_at=now(session),
        )
        for receiver, payload in (*heard, *begun)
    )


def deliver(session: Session, signal: Message) -> str:
    """Let an instance hear a signal, or begin one; return the state of the row: delivered, kept, or dead."""
    if signal.instance_id is None:
        return _begin(session, signal)
    instance = instances.lock(session, signal.instance_id)
    if instance.state not in LIVE:
        return "missed"
    if instance.state != "running":
        return "kept"  # it was listening when the signal came: it hears it when it goes on
    mine = Subscription.instance_id == instance.id, Subscription.kind == "signal", Subscription.name == signal.name
    listening = list(session.scalars(select(Subscription.key).where(*mine).order_by(Subscription.id)))
    for key in listening:
        # What one catch does may have ended another.
        if session.scalar(select(Subscription.id).where(*mine, Subscription.key == key)) is not None:
            instances.move(session, instance, runner.Deliver(key), actor=SYSTEM)
            session.flush()
    return "delivered" if listening else "missed"


def _begin(session: Session, signal: Message) -> str:
    start = session.get(StartEvent, signal.payload.get("start", ""))
    if start is None:
        return "missed"  # another version has taken its place
    if session.get_one(Definition, start.definition_id).suspended_at is not None:
        return "kept"
    start_events.begin(session, start)
    return "delivered"

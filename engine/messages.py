"""Messages between instances: written when thrown, delivered by jobs, kept until caught, counted at joins."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from engine import audit, definitions, instances, recipients, runner
from engine.audit import Fact
from engine.clock import now
from models.assignments import Assignment
from models.definitions import StartMessage
from models.instances import LIVE, Instance
from models.messages import Message, Subscription
from models.permissions import SYSTEM, Actor

PARTS = {"localities": "local", "coordinators": "coordinating"}


def send(
    session: Session,
    instance: Instance,
    element: runner.Element,
    thrown: runner.Thrown,
    *,
    data: Mapping[str, Any],
    actor: Actor,
) -> None:
    """Write one row per recipient of a thrown message; delivery comes after the commit."""
    # Only what the diagram names travels: a sender's decision must not become the receiver's.
    carried = element.ext.get("payload", "").replace(",", " ").split()
    starts = session.get(StartMessage, thrown.name) is not None
    for target in recipients.of(session, instance, thrown, data=data, actor=actor):
        if starts and target.instance_id is not None:
            continue  # a share that works already is not started again (a plan drafted anew, a lead that took over)
        session.add(
            Message(
                name=thrown.name,
                sender_id=instance.id,
                sender_assignment_id=instance.assignment_id,
                assignment_id=target.assignment_id,
                instance_id=target.instance_id,
                order_id=instance.order_id,
                payload={name: data[name] for name in carried if name in data},
                sent_at=now(session),
            )
        )
    if thrown.name.endswith(".returned"):
        _mark_returned(session, instance, thrown, data=data)


def _mark_returned(session: Session, instance: Instance, thrown: runner.Thrown, *, data: Mapping[str, Any]) -> None:
    # What was reported before the return no longer counts at a join.
    session.flush()
    sent = select(Message.assignment_id).where(
        Message.sender_id == instance.id, Message.name == thrown.name, Message.sent_at == now(session)
    )
    session.execute(
        update(Assignment)
        .where(Assignment.id.in_(sent))
        .values(returned_at=now(session), returns=Assignment.returns + 1)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def pending(session: Session, limit: int) -> list[str]:
    """Return the ids of messages not yet tried, oldest first."""
    return list(session.scalars(select(Message.id).where(Message.state == "pending").order_by(Message.id).limit(limit)))


def deliver(session: Session, message_id: str) -> None:
    """Hand one message to its receiver: the waiting catch, a new instance, a join, or the keeping for later."""
    query = select(Message).where(Message.id == message_id, Message.state == "pending")
    message = session.scalar(query.with_for_update(skip_locked=True))
    if message is None:
        return
    receiver = _receiver(session, message)
    if receiver is None:
        _start(session, message)
        return
    instance = instances.lock(session, receiver)
    if instance.state not in LIVE:
        _close(session, message, "dead")
    elif instance.state == "suspended" or not _hand_over(session, instance, message):
        _close(session, message, "kept")


def _receiver(session: Session, message: Message) -> str | None:
    if message.instance_id is None and message.assignment_id is not None:
        message.instance_id = session.get_one(Assignment, message.assignment_id).instance_id
    return message.instance_id


def _start(session: Session, message: Message) -> None:
    start = session.get(StartMessage, message.name)
    assignment = session.get(Assignment, message.assignment_id) if message.assignment_id else None
    if start is None or assignment is None or not assignment.is_open:
        _close(session, message, "dead")
        return
    instance = instances.start(
        session,
        definitions.active(session, start.process_id),
        actor=SYSTEM,
        assignment=assignment,
        data=message.payload,
        message=message.name,
    )
    message.instance_id = instance.id
    _close(session, message, "delivered")


def _close(session: Session, message: Message, state: str) -> None:
    message.state = state
    message.delivered_at = now(session)
    facts = {"delivered": Fact.MESSAGE_DELIVERED, "kept": Fact.MESSAGE_KEPT, "dead": Fact.MESSAGE_DEAD}
    if state in facts and state != "kept":
        audit.record(
            session,
            SYSTEM,
            facts[state],
            message,
            order_id=message.order_id,
            instance_id=message.instance_id,
            name=message.name,
        )


def _hand_over(session: Session, instance: Instance, message: Message) -> bool:
    """Give a message to the subscription it fits, or to the join it is counted by; False if nobody waits for it."""
    waiting = list(session.scalars(select(Subscription).where(Subscription.instance_id == instance.id)))
    exact = next((s for s in waiting if s.name == message.name and s.collect is None), None)
    if exact is not None:
        _close(session, message, "delivered")
        instances.move(session, instance, runner.Deliver(exact.key, dict(message.payload)), actor=SYSTEM)
        return True
    join = next((s for s in waiting if s.collect and _is_counted(session, message, s)), None)
    if join is None:
        return False
    _close(session, message, "delivered")
    session.flush()
    try_join(session, instance, join)
    return True


def _is_counted(session: Session, message: Message, join: Subscription) -> bool:
    if message.name == join.name:
        return True
    sender = session.get(Assignment, message.sender_assignment_id) if message.sender_assignment_id else None
    return sender is not None and sender.part == PARTS[join.collect or ""] and message.name.endswith(".refused")


def awaited(session: Session, assignment_id: str, *, collect: str, name: str) -> tuple[int, list[Assignment]]:
    """Return how many children take part in a join, and those whose report has not come since it was returned."""
    answered = (
        select(Message.id)
        .where(
            Message.sender_assignment_id == Assignment.id,
            Message.name == name,
            or_(Assignment.returned_at.is_(None), Message.sent_at > Assignment.returned_at),
        )
        .exists()
    )
    children = Assignment.children_of(assignment_id, part=PARTS[collect])
    missing = list(session.scalars(children.where(~answered)))
    return len(list(session.scalars(children.with_only_columns(Assignment.id)))), missing


def try_join(session: Session, instance: Instance, join: Subscription, *, cut_off: bool = False) -> None:
    """Let a waiting join go on if all are in, or at its cut-off with the missing named; missing is never zero."""
    count, missing = awaited(session, instance.assignment_id or "", collect=join.collect or "", name=join.name)
    if missing and not cut_off:
        return
    payload = {
        "collected": count - len(missing),
        "expected": count,
        "missing": [assignment.id for assignment in missing],
    }
    instances.move(session, instance, runner.Deliver(join.key, payload), actor=SYSTEM)


def catch_up(session: Session, instance: Instance, opened: list[Subscription]) -> None:
    """Hand an instance the oldest message kept for a catch just opened, and let joins go on that are complete."""
    names = [subscription.name for subscription in opened if not subscription.collect]
    kept = _kept_for(session, instance, names) if names else None
    if kept is not None:
        subscription = next(s for s in opened if s.name == kept.name and not s.collect)
        _close(session, kept, "delivered")
        instances.move(session, instance, runner.Deliver(subscription.key, dict(kept.payload)), actor=SYSTEM)
        return
    for subscription in opened:
        if subscription.collect:
            try_join(session, instance, subscription)


def _kept_for(session: Session, instance: Instance, names: list[str]) -> Message | None:
    mine = or_(Message.instance_id == instance.id, Message.assignment_id == (instance.assignment_id or "-"))
    query = select(Message).where(Message.state == "kept", Message.name.in_(names), mine)
    return session.scalar(query.order_by(Message.id).limit(1).with_for_update())


def requeue(session: Session, instance: Instance) -> None:
    """Let what was kept for an instance be tried again."""
    mine = or_(Message.instance_id == instance.id, Message.assignment_id == (instance.assignment_id or "-"))
    session.execute(update(Message).where(Message.state == "kept", mine).values(state="pending"))


def forget(session: Session, instance_id: str, keys: list[str] | None = None) -> None:
    """Remove subscriptions that no longer wait."""
    statement = delete(Subscription).where(Subscription.instance_id == instance_id)
    if keys is not None:
        statement = statement.where(Subscription.key.in_(keys))
    session.execute(statement.execution_options(synchronize_session=False))

"""Messages between instances: written when thrown, delivered by jobs, kept until caught, counted at joins."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from engine import audit, definitions, instances, metrics, notifications, recipients, runner, signals, uses
from engine.audit import Fact
from engine.calendar import Calendar
from engine.clock import now
from models.assignments import Assignment
from models.definitions import StartMessage
from models.instances import LIVE, Instance
from models.messages import Message, Subscription
from models.permissions import SYSTEM, Actor

# Working days a returned report has at least, from the return on.
TO_MEND = 2
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
    starts = session.get(StartMessage, thrown.name) is not None
    for target in recipients.of(session, instance, thrown, data=data, actor=actor):
        if starts and target.instance_id is not None and instance.order_id is not None:
            continue  # a share that works already is not started again (a plan drafted anew, a lead that took over)
        session.add(
            Message(
                name=thrown.name,
                title=element.name[:200] or None,
                sender_id=instance.id,
                sender_assignment_id=instance.assignment_id,
                assignment_id=target.assignment_id,
                instance_id=target.instance_id,
                order_id=instance.order_id,
                payload=element.payload(data),
                sent_at=now(session),
            )
        )
        if thrown.name.endswith(".returned") and target.assignment_id is not None:
            _mark_returned(session, session.get_one(Assignment, target.assignment_id), actor=actor)


def _mark_returned(session: Session, share: Assignment, *, actor: Actor) -> None:
    """Note that a report goes back: it no longer counts at a join, and there is time left to mend it (X-RETURN)."""
    sent = update(Message).where(Message.sender_assignment_id == share.id, Message.name.like("%.reported"))
    session.execute(sent.values(state="returned").execution_options(synchronize_session=False))
    share.returned_at, share.returns, before = now(session), share.returns + 1, share.due_at
    if share.due_at is not None:
        share.due_at = max(share.due_at, Calendar.of(session).add_working_days(now(session), TO_MEND))
    audit.record(
        session,
        actor,
        Fact.ASSIGNMENT_RETURNED,
        share,
        order_id=share.order_id,
        times=share.returns,
        before={"due": before} if share.due_at != before else None,
        after={"due": share.due_at} if share.due_at != before else None,
    )


def pending(session: Session, limit: int) -> list[str]:
    """Return the ids of messages not yet tried, oldest first."""
    return list(session.scalars(select(Message.id).where(Message.state == "pending").order_by(Message.id).limit(limit)))


def deliver(session: Session, message_id: str) -> None:
    """Hand one message to its receiver: the waiting catch, a new instance, a join, or the keeping for later."""
    query = select(Message).where(Message.id == message_id, Message.state == "pending")
    message = session.scalar(query.with_for_update(skip_locked=True))
    if message is None:
        return
    if message.delivered_at is None:  # else it was kept, and is tried again
        metrics.later(session, metrics.DELIVERY_AGE, (now(session) - message.sent_at).total_seconds())
    if message.kind == "signal":
        _close(session, message, signals.deliver(session, message))
        return
    receiver = _receiver(session, message)
    if receiver is None:
        _start(session, message)
        return
    instance = instances.lock(session, receiver)
    if instance.state not in LIVE:
        _close(session, message, "dead")
    elif instance.state != "running" or not _hand_over(session, instance, message):
        _keep(session, instance, message)


def _receiver(session: Session, message: Message) -> str | None:
    """Return the instance a message is for: that of its share, or of the share which took its place."""
    share = session.get(Assignment, message.assignment_id) if message.assignment_id else None
    while share is not None and share.replaced_by_id is not None:
        share = session.get_one(Assignment, share.replaced_by_id)
        message.assignment_id, message.instance_id = share.id, share.instance_id
    if message.instance_id is None and share is not None:
        message.instance_id = share.instance_id
    return message.instance_id


def _start(session: Session, message: Message) -> None:
    if message.assignment_id is None and message.order_id is None:
        _start_beside(session, message)
        return
    wanted = select(Assignment).where(Assignment.id == message.assignment_id).with_for_update()
    # Locked, so that a share withdrawn at this moment starts nothing and one share starts once.
    assignment = session.scalar(wanted.execution_options(populate_existing=True))
    start = session.get(StartMessage, message.name)
    if assignment is None or not assignment.is_open:
        _close(session, message, "dead")
        return
    if start is None or assignment.instance_id is not None:
        _close(session, message, "kept")  # early: its share has not begun, or began a moment ago
        return
    definition = uses.find(session, start.process_id, area_id=assignment.area_id)
    if definition is None or definition.suspended_at is not None or message.name not in definition.starts_on:
        _close(session, message, "kept")  # until the process is resumed, or a version in use there begins with it
        return
    instance = instances.start(
        session,
        definition,
        actor=SYSTEM,
        assignment=assignment,
        data=message.payload,
        message=message.name,
    )
    message.instance_id = instance.id
    _close(session, message, "delivered")


def _start_beside(session: Session, message: Message) -> None:
    """Begin a process outside of an order: in the organization of the sender, and for whoever started that."""
    start, sender = session.get(StartMessage, message.name), session.get(Instance, message.sender_id or "-")
    definition = uses.find(session, start.process_id, area_id=sender.area_id) if start and sender else None
    if sender is None or definition is None or message.name not in definition.starts_on:
        _close(session, message, "dead")
        return
    if definition.suspended_at is not None:
        _close(session, message, "kept")
        return
    instance = instances.start(
        session,
        definition,
        actor=SYSTEM,
        organization_id=sender.organization_id,
        starter=(sender.starter_id, sender.starter_organization_id),
        data=message.payload,
        message=message.name,
        place=sender.place,
    )
    message.instance_id = instance.id
    _close(session, message, "delivered")


_FACTS = {"delivered": Fact.MESSAGE_DELIVERED, "late": Fact.MESSAGE_LATE, "dead": Fact.MESSAGE_DEAD}


def _close(session: Session, message: Message, state: str) -> None:
    message.state = state
    message.delivered_at = now(session)
    if state in _FACTS:
        audit.record(
            session,
            SYSTEM,
            _FACTS[state],
            message,
            order_id=message.order_id,
            instance_id=message.instance_id,
            name=message.name,
            title=message.title,
            sender=message.sender_id,
        )


def _keep(session: Session, instance: Instance, message: Message) -> None:
    """Keep what came early; a report that came after its cut-off is a supplement and moves nothing (X-LATEDATA)."""
    sender = session.get(Assignment, message.sender_assignment_id) if message.sender_assignment_id else None
    state = _state_of_kept(session, instance, message, sender)
    _close(session, message, state)
    if state == "late" or message.name.endswith(".refused"):
        _tell(session, instance, message, sender, Fact.MESSAGE_LATE if state == "late" else Fact.ASSIGNMENT_REFUSED)


def _state_of_kept(session: Session, instance: Instance, message: Message, sender: Assignment | None) -> str:
    elements = definitions.bundle_of(session, instance.definition_id).elements(instance.process_id)
    joins = [one.id for one in elements.values() if one.message == message.name and "collect" in one.ext]
    if instance.state != "running" or not joins:
        return "kept"
    if sender is not None and sender.due_at is not None and message.sent_at > sender.due_at:
        return "late"
    # A join counts by what was sent, not by what was handed over: this one was counted already, or will be.
    return "delivered" if any(join in instance.passed for join in joins) else "kept"


def _tell(session: Session, instance: Instance, message: Message, sender: Assignment | None, fact: Fact) -> None:
    # No step waits for it, so the organization must learn of it in another way.
    notifications.notify(
        session,
        fact,
        organization_id=instance.organization_id,
        order_id=message.order_id,
        name=message.name,
        by=sender.organization.name if sender else None,
        title=sender.order.title if sender else None,
    )


def _hand_over(session: Session, instance: Instance, message: Message) -> bool:
    """Give a message to the subscription it fits, or to the join it is counted by; False if nobody waits for it."""
    mine = Subscription.instance_id == instance.id, Subscription.kind == "message"
    waiting = list(session.scalars(select(Subscription).where(*mine)))
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
    """Return how many children take part in a join, and those whose report has not come or was returned."""
    answered = (
        select(Message.id)
        .where(Message.sender_assignment_id == Assignment.id, Message.name == name, Message.state != "returned")
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
    heard(session, Message.assignment_id == instance.assignment_id, Message.name == join.name)
    silent = [share.id for share in missing]
    payload = {
        "collected": count - len(silent),
        "expected": count,
        "missing": silent,
        f"missing_{join.collect}": silent,  # a second join must not overwrite who was silent at the first
    }
    instances.move(session, instance, runner.Deliver(join.key, payload), actor=SYSTEM)


def heard(session: Session, *which: ColumnElement[bool]) -> None:
    """Note of kept messages that they had their effect without being handed over: a join counted them, for one."""
    kept = select(Message).where(Message.state == "kept", *which).order_by(Message.id)
    for message in session.scalars(kept.with_for_update()).all():
        _close(session, message, "delivered")


def catch_up(session: Session, instance: Instance, opened: list[Subscription]) -> None:
    """Hand an instance the messages kept for catches just opened, oldest first; let joins go on that are complete."""
    catches = [subscription for subscription in opened if not subscription.collect and instance.state == "running"]
    while catches and (kept := _kept_for(session, instance, [catch.name for catch in catches])) is not None:
        catch = next(catch for catch in catches if catch.name == kept.name)
        _close(session, kept, "delivered")
        instances.move(session, instance, runner.Deliver(catch.key, dict(kept.payload)), actor=SYSTEM)
        catches = _still_open(session, instance, catches)
    for join in opened:
        if join.collect and _still_open(session, instance, [join]):
            try_join(session, instance, join)


def _still_open(session: Session, instance: Instance, opened: list[Subscription]) -> list[Subscription]:
    """Return what the instance still waits for: one thing handed over may have ended the others (event gateway)."""
    if not opened or instance.state != "running":
        return []
    query = select(Subscription.id).where(Subscription.id.in_([each.id for each in opened]))
    alive = set(session.scalars(query))
    return [each for each in opened if each.id in alive]


def _kept_for(session: Session, instance: Instance, names: list[str]) -> Message | None:
    mine = or_(Message.instance_id == instance.id, Message.assignment_id == (instance.assignment_id or "-"))
    query = select(Message).where(Message.state == "kept", Message.kind == "message", Message.name.in_(names), mine)
    return session.scalar(query.order_by(Message.id).limit(1).with_for_update())


def requeue(session: Session, instance: Instance) -> None:
    """Let what was kept for an instance be tried again."""
    mine = or_(Message.instance_id == instance.id, Message.assignment_id == (instance.assignment_id or "-"))
    session.execute(update(Message).where(Message.state == "kept", mine).values(state="pending"))


def requeue_starts(session: Session, names: Sequence[str]) -> None:
    """Let messages be tried again that were to start something and were kept."""
    kept = update(Message).where(Message.state == "kept", Message.instance_id.is_(None), Message.kind == "message")
    session.execute(kept.where(Message.name.in_(names)).values(state="pending"))


def forget(session: Session, instance_id: str, keys: list[str] | None = None) -> None:
    """Remove subscriptions that no longer wait."""
    statement = delete(Subscription).where(Subscription.instance_id == instance_id)
    if keys is not None:
        statement = statement.where(Subscription.key.in_(keys))
    session.execute(statement.execution_options(synchronize_session=False))

"""I6: every message, notice and letter has the act that caused it, every act those it had to cause, each once."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from engine.audit import Fact
from engine.verification.finding import BATCH, Seen, Violation, counted, side_by_side
from models.audit import AuditEntry
from models.audit_archives import AuditLeaf
from models.definitions import StartMessage
from models.instances import Instance
from models.messages import Message
from models.notifications import Mail, Notification
from models.tasks import Task

# state of a message -> what the log must say of it
_CLOSED = {"delivered": Fact.MESSAGE_DELIVERED, "late": Fact.MESSAGE_LATE, "dead": Fact.MESSAGE_DEAD}
_TOLD = (Fact.TASK_DELEGATED, Fact.TASK_RESOLVED, Fact.TASK_TRANSFERRED)
_SPOKEN = (Fact.TASK_REMINDED, Fact.TASK_URGED, Fact.TASK_ESCALATED)


def deliveries(session: Session, seen: Seen) -> Iterator[Violation]:
    """Hold messages, notices and letters against the acts they come from."""
    for check in (_messages, _starts, _openings, _words, _letters):
        yield from (Violation("I6", subject, wrong) for subject, wrong in check(session, seen))


def _streamed(session: Session, query: Any) -> Any:
    return session.execute(query.execution_options(yield_per=BATCH))


def _messages(session: Session, seen: Seen) -> Iterator[tuple[str, str]]:
    rows = select(Message.id, Message.state, Message.delivered_at).order_by(Message.id)
    rows = rows.where(Message.id.not_in(AuditLeaf.subjects()))
    entries = select(AuditEntry.subject_id, AuditEntry.fact).where(
        AuditEntry.subject_type == "message", AuditEntry.fact.in_(sorted(_CLOSED.values()))
    )
    pairs = side_by_side(
        counted(_streamed(session, rows), seen),
        _streamed(session, entries.order_by(AuditEntry.subject_id, AuditEntry.seq)),
        key=lambda row: row[0],
    )
    for key, messages, facts in pairs:
        subject = f"message {key}"
        if not messages:
            yield subject, "the log tells of it, and it is not there"
            continue
        said, state = [entry.fact for entry in facts], messages[0].state
        if len(said) > 1:
            yield subject, f"the log tells of its end {len(said)} times"
        elif state in _CLOSED and said != [_CLOSED[state]]:
            yield subject, f"it is {state}, and the log says {said[0] if said else 'nothing'}"
        elif state in ("pending", "kept") and said:
            yield subject, f"it is {state}, and the log says {said[0]}"
        if state in (*_CLOSED, "kept") and messages[0].delivered_at is None:
            yield subject, f"it is {state}, and nobody knows since when"
    lost = select(Message.id).where(Message.sender_id.is_not(None), Message.sender_id.not_in(select(Instance.id)))
    yield from ((f"message {key}", "its sender is not there") for key in session.scalars(lost))


def _starts(session: Session, seen: Seen) -> Iterator[tuple[str, str]]:
    """An instance that a message started was started by one message, and such a message started one instance."""
    started = (
        select(AuditEntry.subject_id, AuditEntry.stored.label("facts"))
        .where(AuditEntry.fact == Fact.INSTANCE_STARTED)
        .order_by(AuditEntry.subject_id)
    )
    by_message = (
        (row.subject_id, row.facts["by_message"])
        for row in counted(_streamed(session, started), seen)
        if row.facts.get("by_message")
    )
    handed = (
        select(Message.instance_id, Message.name)
        .join(StartMessage, StartMessage.name == Message.name)
        .join(Instance, Instance.id == Message.instance_id)
        .where(
            # Outside of an order a partner may wait for what else begins a process: that one began it which made it.
            or_(Message.order_id.is_not(None), Message.delivered_at == Instance.started_at),
            Message.kind == "message",
            Message.state.in_(("delivered", "returned")),
            Message.instance_id.is_not(None),
            Message.instance_id.not_in(AuditLeaf.subjects()),
        )
        .order_by(Message.instance_id)
    )
    for key, acts, messages in side_by_side(by_message, _streamed(session, handed), key=lambda row: row[0]):
        if [row[1] for row in acts] != [row[1] for row in messages]:
            yield f"instance {key}", f"{len(acts)} starts by message, {len(messages)} messages that start it"


def _openings(session: Session, seen: Seen) -> Iterator[tuple[str, str]]:
    tasks = select(Task.id, Task.opened_at).order_by(Task.id)
    notices = select(Notification.task_id, Notification.at).where(Notification.fact == Fact.TASK_OPENED)
    pairs = side_by_side(
        counted(_streamed(session, tasks), seen),
        _streamed(session, notices.where(Notification.task_id.is_not(None)).order_by(Notification.task_id)),
        key=lambda row: row[0],
    )
    for key, opened, told in pairs:
        if [row[1] for row in opened] != [row[1] for row in told]:
            yield f"task {key}", f"it was opened {len(opened)} times and announced {len(told)} times"


def _words(session: Session, seen: Seen) -> Iterator[tuple[str, str]]:
    """What people were told of a task has been done, and of a reminder they were told."""
    facts = sorted((*_TOLD, *_SPOKEN))
    acts = (
        select(AuditEntry.subject_id, AuditEntry.at, AuditEntry.fact)
        .where(AuditEntry.subject_type == "task", AuditEntry.refused.is_(False), AuditEntry.fact.in_(facts))
        .order_by(AuditEntry.subject_id, AuditEntry.at, AuditEntry.fact)
    )
    notices = (
        select(Notification.task_id, Notification.at, Notification.fact)
        .where(Notification.task_id.is_not(None), Notification.fact.in_(facts))
        .where(Notification.task_id.not_in(AuditLeaf.subjects()))
        .order_by(Notification.task_id, Notification.at, Notification.fact)
    )
    streams = (counted(_streamed(session, acts), seen), _streamed(session, notices))
    for (key, _, fact), done, told in side_by_side(*streams, key=tuple):
        if len(told) > len(done) or (fact in _SPOKEN and len(told) != len(done)):
            yield f"task {key}", f"{fact} was done {len(done)} times and told {len(told)} times"


def _letters(session: Session, seen: Seen) -> Iterator[tuple[str, str]]:
    orphans = (
        select(Mail.id)
        .outerjoin(Notification, Notification.id == Mail.notification_id)
        .where(or_(Notification.id.is_(None), Notification.mailed_at.is_(None)))
    )
    yield from ((f"letter {key}", "no notice knows of it") for key in session.scalars(orphans))
    twice = select(Mail.notification_id, func.count()).group_by(Mail.notification_id, Mail.to).having(func.count() > 1)
    yield from ((f"notice {key}", f"{count} letters to one address") for key, count in session.execute(twice))

"""Timers as rows: events and cut-offs of diagrams, and the reminders of open tasks."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from engine import audit, instances, messages, metrics, notifications, operations, recipients, runner
from engine.audit import Fact
from engine.calendar import Calendar
from engine.clock import now
from models.assignments import Assignment
from models.audit import AuditEntry
from models.errors import Conflict, Invalid, NotFound, WrongState
from models.instances import Instance
from models.messages import Subscription
from models.orders import Order
from models.permissions import SYSTEM, Actor
from models.tasks import Task
from models.timers import Timer

# X-LATE, in working days from the due day: reminder before, urging at due, one level up later, then every third day.
REMINDERS = (-3, 0, 1, 3)
EVERY = 3


def open_event(session: Session, instance: Instance, what: runner.Waiting) -> None:
    """Write the row of a timer event that waits; working days are resolved with the calendar."""
    due, days = what.due, what.working_days
    if days is not None:
        due = Calendar.of(session).add_working_days(now(session), days)
    if due is not None:
        _set(session, instance, "event", what, due, working_days=days)


def open_cutoff(session: Session, instance: Instance, element: runner.Element, what: runner.Waiting) -> None:
    """Write the row of the instant at which a join goes on with the missing named."""
    due = days = None
    if element.ext.get("cutoffWorkingDays"):
        days = int(element.ext["cutoffWorkingDays"])
        due = Calendar.of(session).add_working_days(now(session), days)
    elif element.ext.get("cutoff") == "assignment" and instance.order_id is not None:
        due = _latest_due(session, instance, element)
        if due is None:
            share = session.get(Assignment, instance.assignment_id) if instance.assignment_id else None
            due = recipients.due_below(session, share, session.get_one(Order, instance.order_id), what.data)
    if due is not None:
        _set(session, instance, "cutoff", what, due, working_days=days)


def _set(
    session: Session, instance: Instance, kind: str, what: runner.Waiting, due: datetime, *, working_days: int | None
) -> None:
    row = Timer(instance_id=instance.id, kind=kind, key=what.key, element=what.element, due_at=due)
    row.set_at, row.working_days = now(session), working_days
    session.add(row)


def _latest_due(session: Session, instance: Instance, element: runner.Element) -> datetime | None:
    # As they have it, so that who was given more time (returned, extended) is waited for as long, and nobody longer.
    _, missing = messages.awaited(
        session, instance.assignment_id or "", collect=element.ext["collect"], name=element.message or ""
    )
    dues = [share.due_at for share in missing if share.due_at is not None]
    return max(dues, default=None)


def wait_longer(session: Session, instance_id: str | None, until: datetime) -> None:
    """Let the joins of an instance that wait for reports wait at least until an instant."""
    session.execute(
        update(Timer)
        .where(
            Timer.instance_id == instance_id,
            Timer.kind == "cutoff",
            Timer.is_pending(),
            Timer.due_at < until,
            Timer.element.in_(_waiting_for_reports(instance_id)),
        )
        .values(due_at=until)
        .execution_options(synchronize_session=False)
    )


def _waiting_for_reports(instance_id: str | None) -> Select[str]:
    return select(Subscription.element).where(
        Subscription.instance_id == instance_id,
        Subscription.collect.is_not(None),
        Subscription.name.like("%.reported"),
    )


def forget(session: Session, instance_id: str, keys: list[str] | None = None) -> None:
    """Cancel the timers of an instance that have not fired, all or those of some keys."""
    statement = update(Timer).where(Timer.instance_id == instance_id, Timer.is_pending())
    if keys is not None:
        statement = statement.where(Timer.key.in_(keys))
    session.execute(statement.values(cancelled_at=now(session)).execution_options(synchronize_session=False))


def due(session: Session, limit: int) -> list[str]:
    """Return the ids of timers that are due and wait, the oldest first; those of what stands still wait with it."""
    query = (
        select(Timer.id)
        .join(Instance, Instance.id == Timer.instance_id)
        .where(Timer.due_at <= now(session), Timer.is_pending(), Instance.state == "running")
        .order_by(Timer.due_at)
        .limit(limit)
    )
    return list(session.scalars(query))


def fire(session: Session, timer_id: str) -> None:
    """Fire one due timer: the claim and its effect are one transaction, so it happens once whoever claims."""
    query = select(Timer).where(Timer.id == timer_id, Timer.is_pending())
    timer = session.scalar(query.with_for_update(skip_locked=True))
    if timer is None or timer.due_at > now(session):
        return
    instance = instances.lock(session, timer.instance_id)
    if instance.state != "running":
        return  # suspended or stuck a moment ago: the timer waits with it
    metrics.later(session, metrics.TIMER_LATENESS, (now(session) - timer.due_at).total_seconds())
    _log(session, timer, instance, Fact.TIMER_FIRED, actor=SYSTEM)
    _ring(session, timer, instance, actor=SYSTEM)


def _ring(session: Session, timer: Timer, instance: Instance, *, actor: Actor) -> None:
    timer.fired_at = now(session)
    session.flush()
    if timer.kind == "event":
        instances.move(session, instance, runner.Fire(timer.key or ""), actor=actor)
        return
    wanted = select(Subscription).where(Subscription.instance_id == instance.id, Subscription.key == timer.key)
    join = session.scalar(wanted)
    if join is not None:
        messages.try_join(session, instance, join, cut_off=True)


def _log(session: Session, timer: Timer, instance: Instance, fact: Fact, *, actor: Actor, **facts: Any) -> None:
    audit.record(
        session,
        actor,
        fact,
        timer,
        order_id=instance.order_id,
        instance_id=instance.id,
        element=timer.element,
        kind=timer.kind,
        **facts,
    )


def _take(
    session: Session, timer: Timer, *, actor: Actor, reason: str, seen: datetime | None
) -> tuple[Timer, Instance]:
    """Lock a timer and its instance, as the sweep does, for an operator who saw it due at an instant."""
    operations.require_operator(actor)
    wanted = select(Timer).where(Timer.id == timer.id).with_for_update().execution_options(populate_existing=True)
    locked = session.scalar(wanted)
    if locked is None:
        raise NotFound("no_such_timer")
    instance = session.get_one(Instance, locked.instance_id)
    instance = operations.take(session, instance, actor=actor, reason=reason)
    if locked.fired_at is not None or locked.cancelled_at is not None:
        raise WrongState("timer_over", subject=locked, at=locked.fired_at or locked.cancelled_at)
    if seen is not None and seen != locked.due_at:
        raise Conflict("changed_meanwhile", subject=locked)
    return locked, instance


def reschedule(
    session: Session,
    timer: Timer,
    *,
    due_at: datetime,
    actor: Actor,
    reason: str,
    seen: datetime | None = None,
    undoes: int | None = None,
) -> Timer:
    """Give a timer that waits another instant in the future; `seen` is the one the operator saw.

    Errors: NotAllowed; Invalid; WrongState when it has fired or waits no longer; Conflict when it was changed.
    """
    timer, instance = _take(session, timer, actor=actor, reason=reason, seen=seen)
    if due_at <= now(session):
        raise Invalid({"due": "not_in_future"}, reason="not_in_future")
    if due_at == timer.due_at:
        raise Invalid({"due": "unchanged"}, reason="unchanged")
    before, timer.due_at = timer.due_at, due_at.astimezone(UTC)
    changed = {"before": {"due": before}, "after": {"due": due_at}}
    _log(session, timer, instance, Fact.TIMER_RESCHEDULED, actor=actor, reason=reason, undoes=undoes, **changed)
    return timer


def reschedule_back(session: Session, timer: Timer, entry: AuditEntry, *, actor: Actor, reason: str) -> None:
    """Give a timer the instant it had before a change that stands in the log; WrongState if it was changed since."""
    before, after = (datetime.fromisoformat(entry.facts[name]["due"]) for name in ("before", "after"))
    session.refresh(timer)
    if timer.due_at != after:
        raise WrongState("changed_since", subject=timer)
    reschedule(session, timer, due_at=before, actor=actor, reason=reason, undoes=entry.seq)


def fire_now(session: Session, timer: Timer, *, actor: Actor, reason: str, seen: datetime | None = None) -> Instance:
    """Let a timer ring before its time; errors as `reschedule`, and WrongState while its instance stands still."""
    timer, instance = _take(session, timer, actor=actor, reason=reason, seen=seen)
    instances.require_running(instance)
    changed = {"before": {"due": timer.due_at}, "after": {"due": now(session)}}
    _log(session, timer, instance, Fact.TIMER_FIRED_EARLY, actor=actor, reason=reason, **changed)
    _ring(session, timer, instance, actor=actor)
    return instance


def first_reminder(session: Session, due_at: datetime | None) -> datetime | None:
    """Return when a task with a due is first spoken of: three working days before, or at its due."""
    if due_at is None:
        return None
    for step in range(len(REMINDERS)):
        at = reminder_at(session, due_at, step)
        if at > now(session):
            return at
    return reminder_at(session, due_at, len(REMINDERS))


def reminder_at(session: Session, due_at: datetime, step: int) -> datetime:
    """Return the instant of the n-th reminder of a due."""
    days = REMINDERS[step] if step < len(REMINDERS) else REMINDERS[-1] + EVERY * (step - len(REMINDERS) + 1)
    return Calendar.of(session).shift_working_days(due_at, days)


def to_remind(session: Session, limit: int) -> list[str]:
    """Return the ids of open tasks whose next reminder is due."""
    query = (
        select(Task.id)
        .join(Instance, Instance.id == Task.instance_id)
        .where(Task.state == "open", Task.remind_at.is_not(None), Task.remind_at <= now(session))
        .where(Instance.state == "running")  # nobody is pressed for what it cannot complete
        .order_by(Task.remind_at)
        .limit(limit)
    )
    return list(session.scalars(query))


def remind(session: Session, task_id: str) -> None:
    """Remind, urge or escalate for one open task, and set when to speak of it next."""
    query = select(Task).where(Task.id == task_id, Task.state == "open", Task.remind_at <= now(session))
    task = session.scalar(query.with_for_update(skip_locked=True))
    if task is None or task.due_at is None:
        return
    if task.order_id is not None and session.get_one(Order, task.order_id).closed_at is not None:
        task.remind_at = None  # what is still open may be handed in as a supplement, but nobody is pressed for it
        return
    step = 0
    while reminder_at(session, task.due_at, step + 1) <= now(session):
        step += 1
    days = Calendar.of(session).working_days_between(task.due_at, now(session))
    if now(session) < task.due_at:
        _speak(session, task, Fact.TASK_REMINDED, person_id=task.holder_id, days=-days)
    elif days < REMINDERS[-1]:
        _speak(session, task, Fact.TASK_URGED, person_id=None, days=days)
        task.urged_at = now(session)
    else:
        _speak(session, task, Fact.TASK_ESCALATED, organization_id=task.assigner_id, days=days)
    task.remind_step, task.remind_at = step + 1, reminder_at(session, task.due_at, step + 1)


def _speak(
    session: Session,
    task: Task,
    fact: Fact,
    *,
    days: int,
    person_id: str | None = None,
    organization_id: str | None = None,
) -> None:
    audit.record(
        session,
        SYSTEM,
        fact,
        task,
        order_id=task.order_id,
        instance_id=task.instance_id,
        days=days,
        organization=organization_id or task.organization_id,
    )
    to_role = None if organization_id or person_id else task.role
    notifications.notify(
        session,
        fact,
        person_id=person_id,
        organization_id=None if person_id else organization_id or task.organization_id,
        role=to_role,
        task=task,
        order_id=task.order_id,
        title=task.title,
        place=task.place,
        days=days,
    )

"""Timers as rows: events and cut-offs of diagrams, and the reminders of open tasks."""

from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from engine import audit, instances, messages, notifications, recipients, runner
from engine.audit import Fact
from engine.calendar import Calendar
from engine.clock import now
from models.assignments import Assignment
from models.instances import Instance
from models.messages import Subscription
from models.orders import Order
from models.permissions import SYSTEM
from models.tasks import Task
from models.timers import Timer

# X-LATE, in working days from the due day: reminder before, urging at due, one level up later, then every third day.
REMINDERS = (-3, 0, 1, 3)
EVERY = 3


def open_event(session: Session, instance: Instance, what: runner.Waiting) -> None:
    """Write the row of a timer event that waits; working days are resolved with the calendar."""
    due = what.due
    if what.working_days is not None:
        due = Calendar.of(session).add_working_days(now(session), what.working_days)
    if due is not None:
        session.add(Timer(instance_id=instance.id, kind="event", key=what.key, element=what.element, due_at=due))


def open_cutoff(session: Session, instance: Instance, element: runner.Element, what: runner.Waiting) -> None:
    """Write the row of the instant at which a join goes on with the missing named."""
    due = None
    if element.ext.get("cutoffWorkingDays"):
        due = Calendar.of(session).add_working_days(now(session), int(element.ext["cutoffWorkingDays"]))
    elif element.ext.get("cutoff") == "assignment" and instance.order_id is not None:
        due = _latest_due(session, instance, element)
        if due is None:
            share = session.get(Assignment, instance.assignment_id) if instance.assignment_id else None
            due = recipients.due_below(session, share, session.get_one(Order, instance.order_id), what.data)
    if due is not None:
        session.add(Timer(instance_id=instance.id, kind="cutoff", key=what.key, element=element.id, due_at=due))


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
            Timer.fired_at.is_(None),
            Timer.cancelled_at.is_(None),
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
    statement = update(Timer).where(
        Timer.instance_id == instance_id, Timer.fired_at.is_(None), Timer.cancelled_at.is_(None)
    )
    if keys is not None:
        statement = statement.where(Timer.key.in_(keys))
    session.execute(statement.values(cancelled_at=now(session)).execution_options(synchronize_session=False))


def due(session: Session, limit: int) -> list[str]:
    """Return the ids of timers that are due and wait, the oldest first."""
    query = (
        select(Timer.id)
        .where(Timer.due_at <= now(session), Timer.fired_at.is_(None), Timer.cancelled_at.is_(None))
        .order_by(Timer.due_at)
        .limit(limit)
    )
    return list(session.scalars(query))


def fire(session: Session, timer_id: str) -> None:
    """Fire one due timer: the claim and its effect are one transaction, so it happens once whoever claims."""
    query = select(Timer).where(Timer.id == timer_id, Timer.fired_at.is_(None), Timer.cancelled_at.is_(None))
    timer = session.scalar(query.with_for_update(skip_locked=True))
    if timer is None or timer.due_at > now(session):
        return
    instance = instances.lock(session, timer.instance_id)
    if instance.state != "running":
        # A suspended or stuck instance keeps its timer; looked at again later.
        timer.due_at = now(session) + timedelta(minutes=1)
        return
    timer.fired_at = now(session)
    audit.record(
        session,
        SYSTEM,
        Fact.TIMER_FIRED,
        timer,
        order_id=instance.order_id,
        instance_id=instance.id,
        element=timer.element,
        kind=timer.kind,
    )
    session.flush()
    if timer.kind == "event":
        instances.move(session, instance, runner.Fire(timer.key or ""), actor=SYSTEM)
        return
    wanted = select(Subscription).where(Subscription.instance_id == instance.id, Subscription.key == timer.key)
    join = session.scalar(wanted)
    if join is not None:
        messages.try_join(session, instance, join, cut_off=True)


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
        .where(Task.state == "open", Task.remind_at.is_not(None), Task.remind_at <= now(session))
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

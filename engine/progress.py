"""Progress of an assignment or order, as the elements of its diagram say when they are entered."""

from sqlalchemy.orm import Session

from engine import audit, runner, shares
from engine.audit import Fact
from engine.clock import now
from models.assignments import Assignment, Progress
from models.base import update_row
from models.instances import Instance
from models.orders import Order
from models.permissions import Actor

DONE = (Progress.DONE, Progress.REFUSED, Progress.CANCELLED)


def follow(
    session: Session, instance: Instance, bundle: runner.Bundle, steps: list[runner.Step], *, actor: Actor
) -> None:
    """Set the progress named by the last element entered in a move that names one."""
    elements = bundle.elements(instance.process_id)
    # Not what was opened: an event that is only one of several awaited has not happened.
    entered = [name for step in steps for name in step.entered]
    named = [elements[name].ext["progress"] for name in entered if "progress" in elements[name].ext]
    if named:
        change(session, instance, Progress(named[-1]), actor=actor)


def change(session: Session, instance: Instance, progress: Progress, *, actor: Actor) -> None:
    """Set the progress of what an instance stands for; the time of a report is the time it was handed in."""
    if instance.assignment_id is not None:
        _, share = shares.context_of(session, instance)
        if share is not None and share.instance_id == instance.id:
            _set(session, share, progress, actor=actor)
    elif instance.order_id is not None:
        order = session.get_one(Order, instance.order_id)
        if order.instance_id == instance.id:
            _set(session, order, progress, actor=actor)


def _set(session: Session, subject: Assignment | Order, progress: Progress, *, actor: Actor) -> None:
    before = subject.progress
    if before == progress:
        return
    at = now(session)
    submitted = {"submitted_at": at} if progress == Progress.TO_CONFIRM else {}
    closed = {"closed_at": at} if progress in DONE else {}
    update_row(session, subject, progress=progress, **submitted, **closed)
    order_id = subject.order_id if isinstance(subject, Assignment) else subject.id
    audit.record(
        session,
        actor,
        Fact.PROGRESS_CHANGED,
        subject,
        order_id=order_id,
        before={"progress": before},
        after={"progress": str(progress)},
    )

"""What may be done to a share of an order: urge, extend, change the lead; and how a due is moved."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine import audit, instances, messages, notifications, recipients, timers, uses
from engine.audit import Fact
from engine.calendar import Calendar
from engine.clock import ZONE, now
from engine.reasons import require_reason
from models.assignments import OPEN, Assignment, Part, Progress
from models.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from models.instances import LIVE, Instance
from models.messages import Message
from models.orders import Extension, Order
from models.organizations import Organization
from models.permissions import Actor, Permission, may
from models.tasks import FAR, Task


def urge(session: Session, assignment: Assignment, *, actor: Actor, note: str = "") -> None:
    """Urge an organization below (đôn đốc): once per share and working day, only by one above it."""
    if not may(actor, Permission.ASSIGNMENT_URGE, assignment):
        raise NotAllowed("may_not_urge", subject=assignment)
    session.refresh(assignment, with_for_update=True)
    _require_open(assignment)
    at = now(session)
    if assignment.urged_at and assignment.urged_at.astimezone(ZONE).date() == at.astimezone(ZONE).date():
        raise WrongState("urged_today", subject=assignment, at=assignment.urged_at)
    assignment.urged_at = at
    session.execute(update(Task).where(Task.assignment_id == assignment.id, Task.state == "open").values(urged_at=at))
    late = Calendar.of(session).working_days_between(assignment.due_at, at) if assignment.due_at else 0
    audit.record(
        session,
        actor,
        Fact.ASSIGNMENT_URGED,
        assignment,
        order_id=assignment.order_id,
        days=max(late, 0),
        note=note,
        organization=assignment.organization_id,
    )
    notifications.notify(
        session,
        Fact.ASSIGNMENT_URGED,
        organization_id=assignment.organization_id,
        order_id=assignment.order_id,
        title=assignment.order.title,
        days=max(late, 0),
        by=actor.title,
        note=note,
    )


def _require_open(assignment: Assignment) -> None:
    if not assignment.is_open:
        raise WrongState("assignment_closed", subject=assignment, at=assignment.closed_at)


def request_extension(
    session: Session, assignment: Assignment, *, actor: Actor, new_due_at: datetime, reason: str
) -> Extension:
    """Ask the assigner for more time, before the due; the question is a small process of its own."""
    if not may(actor, Permission.ASSIGNMENT_EXTEND, assignment):
        raise NotAllowed("may_not_extend", subject=assignment)
    session.refresh(assignment, with_for_update=True)
    _require_open(assignment)
    require_reason(reason)
    if assignment.due_at is None:
        raise WrongState("no_due_to_extend", subject=assignment)
    if assignment.due_at < now(session):
        raise WrongState("extension_too_late", subject=assignment, at=assignment.due_at)
    if new_due_at <= assignment.due_at:
        raise Invalid({"new_due": "not_later"}, reason="not_later")
    waiting = select(Extension.id).where(Extension.assignment_id == assignment.id, Extension.decision.is_(None))
    if session.scalar(waiting.limit(1)) is not None:
        raise Conflict("extension_waits", subject=assignment)
    extension = Extension(
        assignment_id=assignment.id,
        requested_at=now(session),
        requested_by=actor.person_id,
        reason=reason,
        old_due_at=assignment.due_at,
        new_due_at=new_due_at,
    )
    session.add(extension)
    session.flush()
    audit.record(
        session,
        actor,
        Fact.EXTENSION_REQUESTED,
        assignment,
        order_id=assignment.order_id,
        reason=reason,
        before={"due": assignment.due_at},
        after={"due": new_due_at},
    )
    data = {
        "extension": extension.id,
        "new_due": new_due_at.astimezone(ZONE).date().isoformat(),
        "why": reason[:200],
    }
    definition = uses.active(session, "extension", area_id=assignment.area_id)
    instances.start(session, definition, actor=actor, assignment=assignment, data=data)
    return extension


def decide_extension(
    session: Session, extension: Extension, *, actor: Actor, grant: bool, new_due_at: datetime | None, remark: str
) -> None:
    """Grant or refuse more time; a granted one moves the due, the open tasks with it, and the cut-off."""
    if extension.decision is not None:
        raise WrongState("extension_decided", subject=extension, at=extension.decided_at)
    extension.decision = "grant" if grant else "refuse"
    extension.decided_at, extension.decided_by, extension.remark = now(session), actor.person_id, remark
    assignment = session.get_one(Assignment, extension.assignment_id)
    if grant:
        extension.new_due_at = new_due_at or extension.new_due_at
        _require_within_above(assignment, extension.new_due_at)
        move_due(session, assignment, extension.new_due_at)
    audit.record(
        session,
        actor,
        Fact.EXTENSION_DECIDED,
        assignment,
        order_id=assignment.order_id,
        decision=extension.decision,
        reason=remark,
        before={"due": extension.old_due_at},
        after={"due": assignment.due_at},
    )
    notifications.notify(
        session,
        Fact.EXTENSION_DECIDED,
        organization_id=assignment.organization_id,
        order_id=assignment.order_id,
        decision=extension.decision,
        due=assignment.due_at,
        title=assignment.order.title,
    )


def _require_within_above(assignment: Assignment, due_at: datetime) -> None:
    above = assignment.parent.due_at if assignment.parent else assignment.order.due_at
    if above is not None and due_at > above:
        raise Invalid({"new_due": "later_than_above"}, reason="later_than_above", at=above)


def move_due(session: Session, assignment: Assignment, due_at: datetime) -> None:
    """Change when a share is due: its tasks due with it and their reminders follow, and so does who waits for it."""
    before, assignment.due_at = assignment.due_at, due_at
    tied = (Task.assignment_id == assignment.id, Task.state == "open", Task.due_at == before)
    session.execute(
        update(Task)
        .where(*tied)
        .values(due_at=due_at, due_sort=due_at or FAR, remind_at=timers.first_reminder(session, due_at), remind_step=0)
    )
    # Its own joins keep two working days to consolidate; the level above waits for it.
    below = Calendar.of(session).shift_working_days(due_at, -recipients.TO_CONSOLIDATE)
    timers.wait_longer(session, assignment.instance_id, below)
    if assignment.parent is not None:
        timers.wait_longer(session, assignment.parent.instance_id, due_at)
    session.expire_all()


def replace_lead(
    session: Session, order: Order, *, actor: Actor, organization: Organization, reason: str
) -> Assignment:
    """Give the lead to another organization: the old lead's work is handed over, all others go on under the new.

    Errors: NotAllowed; WrongState before a lead was assigned or after the end; Invalid for the same organization.
    """
    root = session.scalar(
        select(Assignment).where(
            Assignment.order_id == order.id, Assignment.part == Part.ACCOUNTABLE, Assignment.progress.in_(sorted(OPEN))
        )
    )
    if root is None:
        raise WrongState("order_not_running", subject=order)
    if not may(actor, Permission.ASSIGNMENT_REPLACE_LEAD, root):
        raise NotAllowed("may_not_replace_lead", subject=order)
    require_reason(reason)
    instances.lock(session, root.instance_id or "")
    old = _current_lead(session, order) or _refused_unheard(session, order)
    if old is None:
        raise WrongState("no_lead_yet", subject=order)
    if old.organization_id == organization.id:
        raise Invalid({"organization": "same_lead"}, reason="same_lead")
    known = _hand_over(session, old, actor=actor, reason=reason)
    new = _succeed(session, old, root, organization, known=known, reason=reason)
    _move_children(session, old, new)
    audit.record(
        session,
        actor,
        Fact.ASSIGNMENT_LEAD_REPLACED,
        new,
        order_id=order.id,
        reason=reason,
        before={"lead": old.organization_id},
        after={"lead": organization.id},
        part=new.part,
        organization=organization.id,
        parent=new.parent_id,
        due=new.due_at,
        replaces=old.id,
        replaced_due=old.due_at,
    )
    for organization_id in (old.organization_id, new.organization_id):
        notifications.notify(
            session,
            Fact.ASSIGNMENT_LEAD_REPLACED,
            organization_id=organization_id,
            order_id=order.id,
            title=order.title,
            reason=reason,
            to=organization.name,
        )
    return new


def _succeed(
    session: Session,
    old: Assignment,
    root: Assignment,
    organization: Organization,
    *,
    known: dict[str, object],
    reason: str,
) -> Assignment:
    """Make the share of the new lead and call it to work with what its predecessor knew."""
    new = Assignment(
        order_id=old.order_id,
        parent_id=root.id,
        organization_id=organization.id,
        area_id=organization.area_id,
        part=Part.LEAD,
        due_at=old.due_at,
        created_at=now(session),
        note=reason,
        order=old.order,
    )
    session.add(new)
    session.flush()
    old.replaced_by_id = new.id
    session.add(
        Message(
            name="lead.assigned",
            sender_id=root.instance_id,
            sender_assignment_id=root.id,
            assignment_id=new.id,
            order_id=old.order_id,
            payload={**known, "taken_over": True},
            sent_at=now(session),
        )
    )
    return new


def _current_lead(session: Session, order: Order) -> Assignment | None:
    query = select(Assignment).where(
        Assignment.order_id == order.id, Assignment.part == Part.LEAD, Assignment.progress.in_(sorted(OPEN))
    )
    return session.scalar(query)


def _refused_unheard(session: Session, order: Order) -> Assignment | None:
    """Return a lead that took over and then refused, which no step of the bloc waits for: the order has no lead."""
    query = (
        select(Assignment)
        .join(Message, Message.sender_assignment_id == Assignment.id)
        .where(
            Assignment.order_id == order.id,
            Assignment.part == Part.LEAD,
            Assignment.replaced_by_id.is_(None),
            Message.name == "lead.refused",
            Message.state == "kept",
        )
    )
    return session.scalar(query.order_by(Assignment.id.desc()).limit(1))


def _hand_over(session: Session, old: Assignment, *, actor: Actor, reason: str) -> dict[str, object]:
    """End the old lead's instance as handed over; return what its successor must know to go on."""
    taken = select(Message.payload).where(Message.assignment_id == old.id, Message.name == "lead.assigned")
    known: dict[str, object] = dict(session.scalar(taken.limit(1)) or {})
    instance = session.get(Instance, old.instance_id) if old.instance_id else None
    if instance is not None and instance.state in LIVE:
        instance = instances.lock(session, instance.id)
        data = instances.data_of(session, instance)
        known |= {key: data[key] for key in ("plan_approved", "coordinators", "localities") if key in data}
        instances.cancel(session, instance, actor=actor, reason=reason, state="handed_over")
    # What was asked aside about the old lead's share is no question to the new one; it may ask anew.
    aside = select(Instance).where(Instance.assignment_id == old.id, Instance.state.in_(LIVE)).order_by(Instance.id)
    for question in session.scalars(aside.with_for_update()).all():
        shift = instances.data_of(session, question).get("shift")
        if shift and old.due_at is not None:  # an amendment not yet confirmed: the new lead accepts the amended order
            old.due_at = Calendar.of(session).shift_working_days(old.due_at, int(shift))
        instances.cancel(session, question, actor=actor, reason=reason, state="handed_over")
    if old.is_open:
        old.progress, old.closed_at, old.note = Progress.CANCELLED, now(session), reason
    session.flush()
    return known


def _move_children(session: Session, old: Assignment, new: Assignment) -> None:
    session.execute(update(Assignment).where(Assignment.parent_id == old.id).values(parent_id=new.id))
    messages.heard(session, Message.sender_assignment_id == old.id, Message.name == "lead.refused")
    kept = update(Message).where(Message.assignment_id == old.id, Message.state.in_(("pending", "kept")))
    session.execute(kept.values(assignment_id=new.id, instance_id=None))


def lead_of(session: Session, order_id: str) -> Assignment:
    """Return the one active lead's share; NotFound before there is one."""
    lead = _current_lead(session, session.get_one(Order, order_id))
    if lead is None:
        raise NotFound("no_lead_yet")
    return lead

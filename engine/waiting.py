"""What begins and ends when a process waits: task rows, subscriptions and timers, with who gets the work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine import assigning, audit, instances, messages, notifications, routing, runner, shares, timers
from engine.audit import Fact
from engine.calendar import Calendar
from engine.clock import now
from models.assignments import Assignment
from models.base import insert_row, update_versioned
from models.errors import ProcessStuck
from models.instances import Instance
from models.messages import Subscription
from models.orders import Order
from models.permissions import SYSTEM, Actor
from models.tasks import FAR, Task, TaskPost
from models.text import fold

Offers = dict[str, routing.Candidates]


@dataclass(frozen=True, slots=True)
class Went:
    """How an instance came to where it waits now: who moved it, which elements it passed, what waits no longer.

    `completed` is the task whose completion moved it, if one did.
    """

    actor: Actor
    passed: Sequence[str]
    closed: Sequence[str]
    completed: Task | None = None


def opened_in(steps: list[runner.Step]) -> list[runner.Waiting]:
    """Return what began to wait in a move and still waits at its end."""
    if steps[-1].ended is not None:
        return []
    open_now = {w.key for w in steps[-1].waiting}
    return list({w.key: w for step in steps for w in step.opened if w.key in open_now}.values())


def offers(
    session: Session, instance: Instance, bundle: runner.Bundle, steps: list[runner.Step], *, actor: Actor
) -> Offers:
    """Find who gets each user task that opens; ProcessStuck where nobody holds the role."""
    elements, found = bundle.elements(instance.process_id), {}
    for what in opened_in(steps):
        if what.kind in ("user", "manual"):
            element = elements[what.element]
            offer = assigning.offered(session, instance, element, data=what.data, actor=actor)
            if offer is None:
                raise ProcessStuck(f"nobody holds the role {what.lane_role} {_where(element)}", element=element.id)
            found[what.key] = offer
    return found


def _where(element: runner.Element) -> str:
    level = element.ext.get("level")
    return f"at the level {level}" if level else "here"


def begin(
    session: Session,
    instance: Instance,
    bundle: runner.Bundle,
    opened: list[runner.Waiting],
    offered: Offers,
    *,
    went: Went,
) -> None:
    """Write a row for everything that waits now, say so, then hand over what had already come for it."""
    elements = bundle.elements(instance.process_id)
    subscriptions, skipped, said = [], [], []
    assigned: list[tuple[str, routing.Candidates]] = []
    for what in opened:
        element = elements[what.element]
        place = {"key": what.key, "element": what.element, "kind": what.kind}
        said.append(place)
        if what.kind in ("user", "manual"):
            offer = assigning.given(session, instance, element, offered[what.key])
            task_id = open_task(session, instance, element, what, offer, said=place)
            if offer.holder_id is not None:
                assigned.append((task_id, offer))
            if _only_candidate_did(session, instance, element, offer):
                skipped.append(task_id)
        elif what.kind == "message":
            subscriptions.append(_subscribe(session, instance, element, what))
        elif what.kind == "signal":
            _subscribe(session, instance, element, what)
        elif what.kind == "timer":
            timers.open_event(session, instance, what)
    session.flush()
    tell(session, instance, went, said)
    for task_id, offer in assigned:
        assigning.record(session, session.get_one(Task, task_id), offer)
    for task_id in skipped:
        _skip(session, instance, session.get_one(Task, task_id))
    if subscriptions:
        messages.catch_up(session, instance, subscriptions)


def tell(session: Session, instance: Instance, went: Went, opened: Sequence[Mapping[str, Any]]) -> None:
    """Say in the log how an instance moved: with this its state at any moment can be rebuilt from the log alone.

    It stands in the entry of the completion that moved it, where that is all of the move; else in one of its own.
    """
    how = {"passed": went.passed or None, "closed": went.closed or None, "opened": opened or None}
    done = went.completed
    if any(how.values()) and not (done and audit.extend(session, Fact.TASK_COMPLETED, done.id, **how)):
        instances.log(session, went.actor, Fact.INSTANCE_MOVED, instance, **how)


def _subscribe(session: Session, instance: Instance, element: runner.Element, what: runner.Waiting) -> Subscription:
    subscription = Subscription(
        instance_id=instance.id,
        key=what.key,
        element=what.element,
        kind=what.kind,
        name=what.message or "",
        collect=element.ext.get("collect"),
        opened_at=now(session),
    )
    session.add(subscription)
    if subscription.collect:
        timers.open_cutoff(session, instance, element, what)
    return subscription


def end(session: Session, instance: Instance, closed: list[str]) -> None:
    """Close the rows of what stopped waiting without an answer: withdrawn tasks, subscriptions, timers."""
    if not closed:
        return
    session.execute(
        update(Task)
        .where(Task.instance_id == instance.id, Task.key.in_(closed), Task.state == "open")
        .values(state="cancelled", closed_at=now(session), version=Task.version + 1)
    )
    messages.forget(session, instance.id, closed)
    timers.forget(session, instance.id, closed)


def open_task(
    session: Session,
    instance: Instance,
    element: runner.Element,
    what: runner.Waiting,
    offer: routing.Candidates,
    *,
    said: dict[str, Any],
) -> str:
    """Open a user task for those to whom it is offered; return its id, and put into `said` what the log says of it."""
    order, share = shares.context_of(session, instance)
    due = due_of(session, element, share, order) or what.due
    task_id = insert_row(
        session,
        Task,
        instance_id=instance.id,
        key=what.key,
        process_id=instance.process_id,
        element=element.id,
        form=element.form or element.id,
        title=element.name or element.id,
        search=_search(element.name, order, instance.place),
        state="open",
        progress=progress_of(element, share),
        role=offer.role,
        organization_id=offer.organization_id,
        offered_to_id=offer.person_id,
        assigner_id=assigner_of(share, order),
        order_id=instance.order_id,
        order_number=order.number if order else None,
        assignment_id=instance.assignment_id,
        part=part_of(share),
        area_id=instance.area_id,
        place=instance.place,
        reason=offer.reason,
        holder_id=offer.holder_id,
        holder_title=offer.holder_title,
        claimed_at=now(session) if offer.holder_id else None,
        opened_at=now(session),
        due_at=due,
        due_sort=due or FAR,
        remind_at=timers.first_reminder(session, due),
        remind_step=0,
        comments=0,
        files=0,
        drafted=False,
        version=1,
        seen_by=element.ext.get("seenBy", "parties"),
    )
    session.add_all(TaskPost(task_id=task_id, kind=kind) for kind in offer.posts)
    said |= {"task": task_id, "role": offer.role, "organization": offer.organization_id, "due": due}
    said |= {"posts": list(offer.posts)} if offer.posts else {}
    said |= {"person": offer.person_id} if offer.person_id else {}
    person_id = offer.holder_id or offer.person_id
    notifications.notify(
        session,
        Fact.TASK_OPENED,
        organization_id=None if person_id else offer.organization_id,
        person_id=person_id,
        role=offer.role,
        task_id=task_id,
        order_id=instance.order_id,
        title=element.name,
        place=instance.place,
    )
    return task_id


def due_of(session: Session, element: runner.Element, share: Assignment | None, order: Order | None) -> datetime | None:
    """Return when a step is due: its working days from now, or what its share or order says."""
    if element.ext.get("workingDays"):
        return Calendar.of(session).add_working_days(now(session), int(element.ext["workingDays"]))
    if element.ext.get("due") == "assignment":
        return share.due_at if share is not None else order.due_at if order is not None else None
    return None


def progress_of(element: runner.Element, share: Assignment | None) -> str:
    """Return the progress an inbox row shows for a step just opened."""
    return element.ext.get("progress") or ("thuc_hien_lai" if share is not None and share.returns else "chua_thuc_hien")


def assigner_of(share: Assignment | None, order: Order | None) -> str | None:
    """Return the organization that gave the work."""
    if share is None:
        return None
    return share.parent.organization_id if share.parent else order.issuer_id if order else None


def part_of(share: Assignment | None) -> str | None:
    """Return the part in which the work is done."""
    return share.part if share is not None else None


def search_of(session: Session, instance: Instance, element: runner.Element) -> str:
    """Return the words by which the task of a step is found."""
    return _search(element.name, shares.context_of(session, instance)[0], instance.place)


def _search(name: str, order: Order | None, place: str) -> str:
    words = [name, place, order.title if order else "", (order.number if order else "") or ""]
    return fold(" ".join(words))


def _only_candidate_did(
    session: Session, instance: Instance, element: runner.Element, offer: routing.Candidates
) -> bool:
    """Tell whether the only candidate of a step, or to whom it goes directly, did the step it names (Hải Hà)."""
    earlier = element.ext.get("skipIfSame")
    if earlier is None:
        return False
    person = routing.who_completed(session, instance.id, earlier)
    if offer.person_id is not None:
        return person == offer.person_id
    if offer.holder_id is not None and element.ext.get("assign") == "direct":
        return person == offer.holder_id
    holders = routing.holders_of(session, offer.organization_id, offer.role, offer.posts)
    return holders == [person]


def _skip(session: Session, instance: Instance, task: Task) -> None:
    """Complete a step from a person to itself, and say so in the log."""
    update_versioned(session, task, state="completed", closed_at=now(session))
    audit.record(session, SYSTEM, Fact.TASK_SKIPPED, task, order_id=task.order_id, instance_id=task.instance_id)
    instances.move(session, instance, runner.Complete(task.key, {}), actor=SYSTEM, completing=task)

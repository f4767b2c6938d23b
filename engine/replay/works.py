"""What entries about tasks, shares, orders and figures change."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.audit import Fact
from engine.replay.stand import FigureThen, OrderThen, ShareThen, Stand, TaskThen
from models.assignments import OPEN, Progress

Change = Callable[[Stand, Any], None]


def _task(change: Callable[[TaskThen, Any], None]) -> Change:
    def found(stand: Stand, entry: Any) -> None:
        if entry.subject_id in stand.tasks:
            change(stand.tasks[entry.subject_id], entry)

    return found


def _claimed(task: TaskThen, entry: Any) -> None:
    task.holder_id, task.helper_id = entry.person_id, None


def _released(task: TaskThen, entry: Any) -> None:
    task.holder_id = task.helper_id = None


def _delegated(task: TaskThen, entry: Any) -> None:
    task.helper_id = entry.facts["to"]


def _given_back(task: TaskThen, entry: Any) -> None:
    task.helper_id = None


def _transferred(task: TaskThen, entry: Any) -> None:
    task.holder_id, task.helper_id = entry.facts.get("to"), None


def _completed(task: TaskThen, entry: Any) -> None:
    task.state, task.closed_at = "completed", entry.at
    task.holder_id = task.holder_id or entry.person_id
    task.submission_id = entry.facts.get("submission")


def _handed_over(task: TaskThen, entry: Any) -> None:
    task.organization_id = entry.facts["after"]["organization"]
    task.holder_id = task.helper_id = task.offered_to_id = None
    if "document" not in entry.facts:  # by a migration, which may give it to another role
        task.role, task.offered_to_id = entry.facts.get("role"), entry.facts.get("person")


def _shared(stand: Stand, entry: Any) -> None:
    said = entry.facts
    stand.shares[entry.subject_id] = ShareThen(
        order_id=entry.order_id,
        parent_id=said.get("parent"),
        organization_id=said.get("organization"),
        part=said.get("part", ""),
        due=said.get("due"),
        progress=said.get("progress", Progress.NOT_ACCEPTED),
        instance_id=said.get("instance"),
    )
    if said.get("instance") in stand.instances:  # own work: the process that gives it is the share's own
        stand.instances[said["instance"]].assignment_id = entry.subject_id
    if "order" in said:
        _say(stand, entry.order_id, said["order"])


def _lead_replaced(stand: Stand, entry: Any) -> None:
    if "replaces" not in entry.facts:
        return
    old = stand.shares.get(entry.facts["replaces"])
    _shared(stand, entry)
    for share in stand.shares.values():
        if share.parent_id == entry.facts["replaces"]:
            share.parent_id = entry.subject_id
    if old is not None:
        old.due = entry.facts.get("replaced_due")
        old.progress = Progress.CANCELLED if old.progress in OPEN else old.progress


def _share_handed_over(stand: Stand, entry: Any) -> None:
    if entry.subject_id in stand.shares:
        stand.shares[entry.subject_id].organization_id = entry.facts["after"]["organization"]


def _returned(stand: Stand, entry: Any) -> None:
    if entry.subject_id in stand.shares and "after" in entry.facts:
        stand.shares[entry.subject_id].due = entry.facts["after"].get("due")


def _due_moved(stand: Stand, entry: Any) -> None:
    """Move the due of a share, and of its open tasks that were due with it."""
    share, after = stand.shares.get(entry.subject_id), entry.facts.get("after", {})
    if share is None or "due" not in after:
        return
    mine = {id for id, one in stand.instances.items() if one.assignment_id == entry.subject_id}
    for task in stand.tasks.values():
        if task.instance_id in mine and task.state == "open" and task.due == share.due:
            task.due = after["due"]
    share.due = after["due"]


def _recomputed(stand: Stand, entry: Any) -> None:
    if entry.subject_id in stand.tasks:
        stand.tasks[entry.subject_id].due = entry.facts["after"]["due"]


def _progressed(stand: Stand, entry: Any) -> None:
    found = stand.shares.get(entry.subject_id) or stand.orders.get(entry.subject_id)
    if found is not None:
        found.progress = entry.facts["after"]["progress"]


def _ordered(stand: Stand, entry: Any) -> None:
    stand.orders[entry.subject_id] = OrderThen({}, progress=Progress.NOT_STARTED)
    _say(stand, entry.subject_id, entry.facts)


def _say(stand: Stand, order_id: str | None, said: Mapping[str, Any], before: Iterable[str] = ()) -> None:
    """Put new words into an order; a field that had one before and has none after is empty."""
    order = stand.orders.get(order_id or "")
    if order is None:
        return
    for name in (*before, *said):
        if name in ("due", "number", "progress"):
            setattr(order, name, said.get(name))
        elif name not in ("kind", "reason"):
            order.said[name] = said.get(name) or ""


def _said(stand: Stand, entry: Any) -> None:
    _say(stand, entry.subject_id, entry.facts.get("after", {}), entry.facts.get("before", ()))


def _signed(stand: Stand, entry: Any) -> None:
    if entry.subject_id in stand.orders:
        stand.orders[entry.subject_id].number = entry.facts.get("number")


def _judged(stand: Stand, entry: Any) -> None:
    if entry.subject_id in stand.orders:
        stand.orders[entry.subject_id].verdict = entry.facts.get("verdict")


def _withdrawn(stand: Stand, entry: Any) -> None:
    _said(stand, entry)
    for share in stand.shares.values():
        if share.order_id == entry.order_id and share.progress in OPEN:
            share.progress = Progress.CANCELLED


def _entered(stand: Stand, entry: Any) -> None:
    for one in entry.facts.get("figures" if entry.fact != Fact.EVENT_MERGED else "entered", ()):
        stand.figures[one["id"]] = FigureThen(
            one["indicator"], one["value"], one["qualifier"], one["kind"], one["held_on"], one.get("amends")
        )


def _corrected(stand: Stand, entry: Any) -> None:
    old, after = stand.figures.get(entry.facts.get("amends", "")), entry.facts["after"]
    stand.figures[entry.subject_id] = FigureThen(
        indicator=entry.facts["indicator"],
        value=after["value"],
        qualifier=after["qualifier"],
        kind="correction",
        held_on=old.held_on if old is not None else "",
        amends_id=entry.facts.get("amends"),
    )


CHANGES: dict[str, Change] = {
    Fact.TASK_ASSIGNED: _task(_transferred),
    Fact.TASK_CLAIMED: _task(_claimed),
    Fact.TASK_RELEASED: _task(_released),
    Fact.TASK_DELEGATED: _task(_delegated),
    Fact.TASK_RESOLVED: _task(_given_back),
    Fact.TASK_TAKEN_BACK: _task(_given_back),
    Fact.TASK_TRANSFERRED: _task(_transferred),
    Fact.TASK_COMPLETED: _task(_completed),
    Fact.TASK_SKIPPED: _task(_completed),
    Fact.TASK_HANDED_OVER: _task(_handed_over),
    Fact.ASSIGNMENT_CREATED: _shared,
    Fact.ASSIGNMENT_LEAD_REPLACED: _lead_replaced,
    Fact.ASSIGNMENT_HANDED_OVER: _share_handed_over,
    Fact.ASSIGNMENT_RETURNED: _returned,
    Fact.EXTENSION_DECIDED: _due_moved,
    Fact.AMENDMENT_CONFIRMED: _due_moved,
    Fact.DUE_MOVED: _due_moved,
    Fact.TASK_DUE_MOVED: _recomputed,
    Fact.PROGRESS_CHANGED: _progressed,
    Fact.ORDER_CREATED: _ordered,
    Fact.ORDER_SAVED: _said,
    Fact.ORDER_AMENDED: _said,
    Fact.ORDER_SIGNED: _signed,
    Fact.ORDER_CLOSED: _judged,
    Fact.ORDER_RETURNED: _judged,
    Fact.ORDER_WITHDRAWN: _withdrawn,
    Fact.FIGURE_ENTERED: _entered,
    Fact.FIGURE_ADDED_LATE: _entered,
    Fact.FIGURE_CORRECTED: _corrected,
    Fact.EVENT_MERGED: _entered,
}

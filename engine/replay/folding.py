"""The fold: one entry of the log after the other changes how things stand; nothing else is read."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, Protocol

from engine.audit import Fact
from engine.replay import works
from engine.replay.stand import InstanceThen, Stand, TaskThen


class Entry(Protocol):
    """What the fold reads of an entry."""

    seq: int
    at: datetime
    fact: str
    person_id: str | None
    subject_id: str | None
    order_id: str | None
    instance_id: str | None
    definition_id: str | None
    refused: bool

    @property
    def facts(self) -> Mapping[str, Any]:
        """Return what it says."""


Change = Callable[[Stand, Any], None]
# A plain completion says itself how it moved its instance; every other move is an entry of its own.
_MOVES: Final = (Fact.INSTANCE_MOVED, Fact.TASK_COMPLETED)
_MOVED: Final = ("passed", "closed", "opened")


def folded_to(entries: Iterable[Entry]) -> Stand:
    """Return how things stood after the last of the entries, which come in the order of the log."""
    stand = Stand()
    for entry in entries:
        fold(stand, entry)
    return stand


def fold(stand: Stand, entry: Entry) -> None:
    """Let one entry change how things stand; what was refused changed nothing."""
    stand.seq, stand.at = entry.seq, entry.at
    change = CHANGES.get(entry.fact)
    if change is not None and not entry.refused:
        change(stand, entry)


def has_moved(entry: Entry) -> bool:
    """Tell whether an entry says which elements were passed, and what waits no longer or from now on."""
    return entry.fact in _MOVES and any(said in entry.facts for said in _MOVED)


def _started(stand: Stand, entry: Entry) -> None:
    said = entry.facts
    share = said.get("assignment")
    stand.instances[entry.instance_id or ""] = InstanceThen(
        definition_id=entry.definition_id,
        process_id=said["process"],
        organization_id=said.get("organization"),
        assignment_id=share,
        order_id=entry.order_id,
        is_known=False,
    )
    if share in stand.shares and stand.shares[share].instance_id is None:
        stand.shares[share].instance_id = entry.instance_id


def _moved(stand: Stand, entry: Entry) -> None:
    instance = stand.instances.get(entry.instance_id or "")
    if instance is None:
        return
    instance.is_known = True
    for element in entry.facts.get("passed", ()):
        instance.passed[element] = instance.passed.get(element, 0) + 1
    for key in entry.facts.get("closed", ()):
        instance.places.pop(key, None)
        _close(stand, instance.tasks.pop(key, None), "cancelled", entry.at)
    for one in entry.facts.get("opened", ()):
        instance.places[one["key"]] = one["element"]
        if "task" in one:
            instance.tasks[one["key"]] = one["task"]
            stand.tasks[one["task"]] = _opened(entry, one)


def _completed(stand: Stand, entry: Entry) -> None:
    works.CHANGES[Fact.TASK_COMPLETED](stand, entry)
    if has_moved(entry):
        _moved(stand, entry)


def _opened(entry: Entry, one: Mapping[str, Any]) -> TaskThen:
    return TaskThen(
        instance_id=entry.instance_id or "",
        key=one["key"],
        element=one["element"],
        organization_id=one.get("organization"),
        role=one.get("role"),
        offered_to_id=one.get("person"),
        due=one.get("due"),
        opened_at=entry.at,
    )


def _close(stand: Stand, task_id: str | None, state: str, at: datetime) -> None:
    task = stand.tasks.get(task_id or "")
    if task is not None and task.state == "open":
        task.state, task.closed_at = state, at


def _ended(stand: Stand, entry: Entry) -> None:
    instance = stand.instances.get(entry.instance_id or "")
    if instance is None:
        return
    instance.state = entry.facts.get("state") or entry.fact.partition(":")[2]
    left = "handed_over" if instance.state == "handed_over" else "cancelled"
    for task_id in instance.tasks.values():
        _close(stand, task_id, left, entry.at)
    instance.places, instance.tasks = {}, {}


def _came_to(state: str) -> Change:
    def change(stand: Stand, entry: Entry) -> None:
        if entry.instance_id in stand.instances:
            stand.instances[entry.instance_id].state = state
            stand.instances[entry.instance_id].suspended_with_id = None

    return change


def _migrated(stand: Stand, entry: Entry) -> None:
    instance = stand.instances.get(entry.instance_id or "")
    if instance is None:
        return
    instance.definition_id = entry.definition_id
    renamed = dict(entry.facts.get("renamed", ()))
    instance.passed = {renamed.get(element, element): times for element, times in instance.passed.items()}
    tasks, kept = instance.tasks, entry.facts.get("kept", ())
    instance.places = {key: element for _, key, element in kept}
    instance.tasks = {key: tasks[was] for was, key, _ in kept if was in tasks}
    for key, task_id in instance.tasks.items():
        stand.tasks[task_id].key, stand.tasks[task_id].element = key, instance.places[key]
    for task_id in set(tasks.values()) - set(instance.tasks.values()):
        _close(stand, task_id, "cancelled", entry.at)


def _handed_over(stand: Stand, entry: Entry) -> None:
    instance = stand.instances.get(entry.instance_id or "")
    if instance is not None and instance.organization_id == entry.facts["before"]["organization"]:
        instance.organization_id = entry.facts["after"]["organization"]


def _definition_suspended(stand: Stand, entry: Entry) -> None:
    for instance in stand.instances.values():
        if instance.definition_id == entry.subject_id and instance.state == "running":
            instance.state, instance.suspended_with_id = "suspended", entry.subject_id


def _definition_resumed(stand: Stand, entry: Entry) -> None:
    for instance in stand.instances.values():
        if instance.suspended_with_id == entry.subject_id and instance.state == "suspended":
            instance.state, instance.suspended_with_id = "running", None


CHANGES: dict[str, Change] = {
    Fact.INSTANCE_STARTED: _started,
    Fact.INSTANCE_MOVED: _moved,
    Fact.INSTANCE_FINISHED: _ended,
    Fact.INSTANCE_FAILED: _ended,
    Fact.INSTANCE_CANCELLED: _ended,
    Fact.INSTANCE_SUSPENDED: _came_to("suspended"),
    Fact.INSTANCE_RESUMED: _came_to("running"),
    Fact.INSTANCE_STUCK: _came_to("incident"),
    Fact.INCIDENT_RESOLVED: _came_to("running"),
    Fact.INSTANCE_MIGRATED: _migrated,
    Fact.INSTANCE_HANDED_OVER: _handed_over,
    Fact.DEFINITION_SUSPENDED: _definition_suspended,
    Fact.DEFINITION_RESUMED: _definition_resumed,
    **works.CHANGES,
    Fact.TASK_COMPLETED: _completed,
}
# The entries that say something about every order alike.
OF_DEFINITIONS = (Fact.DEFINITION_SUSPENDED, Fact.DEFINITION_RESUMED)

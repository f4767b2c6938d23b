"""The fold: from entries of the log, what work was opened, claimed, completed and given on."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from engine.audit import Fact
from engine.replay.course import HandOver, given_by
from engine.replay.folding import CHANGES, fold, has_moved
from engine.replay.stand import InstanceThen, Stand

# What the fold reads: the entries that change how things stand, and hand-overs.
FACTS: Final = frozenset(CHANGES) | {Fact.MESSAGE_DELIVERED}


@dataclass(frozen=True, slots=True)
class Scope:
    """What is looked at: instants from `since` to before `until`, some bodies, one process or version; None is all."""

    since: datetime | None = None
    until: datetime | None = None
    bodies: frozenset[str] | None = None
    process: str | None = None
    definition: str | None = None

    def has(self, at: datetime | None) -> bool:
        """Tell whether an instant lies in the period."""
        return (
            at is not None
            and (self.since is None or at >= self.since)
            and (self.until is None or at < self.until)
        )  # fmt: skip

    def is_about(self, process: str, definition_id: str | None, organization_id: str | None) -> bool:
        """Tell whether something of a process, a version and a body is looked at."""
        return (
            self.process in (None, process)
            and self.definition in (None, definition_id)
            and (self.bodies is None or organization_id in self.bodies)
        )


@dataclass(slots=True)
class Work:
    """A step that waited for people, with what happened to it in the period."""

    process: str
    element: str
    instance_id: str
    opened_at: datetime
    definition_id: str | None = None
    organization_id: str | None = None
    due: datetime | None = None
    claims: list[datetime] = field(default_factory=list)
    moved: list[datetime] = field(default_factory=list)
    completed_at: datetime | None = None
    is_return: bool = False
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Given:
    """A hand-over between organizations, and when the taker first claimed or completed something after it."""

    hand_over: HandOver
    taken_at: datetime | None
    is_back: bool


@dataclass(slots=True)
class Flow:
    """What the entries told, narrowed to a scope; `paths` are the completed steps of finished instances.

    `passes` counts how often tokens went through each element (process, element) in the period, whatever it is.
    """

    scope: Scope
    works: list[Work] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    paths: list[tuple[str, ...]] = field(default_factory=list)
    passes: Counter[tuple[str, str]] = field(default_factory=Counter)
    unopened: int = 0  # acts on tasks whose opening was not among the entries


@dataclass(slots=True)
class _Told:
    stand: Stand = field(default_factory=Stand)
    works: dict[str, Work] = field(default_factory=dict)
    given: list[tuple[str | None, InstanceThen, HandOver]] = field(default_factory=list)
    acts: dict[tuple[str | None, str | None], list[datetime]] = field(default_factory=dict)
    paths: dict[str, list[str]] = field(default_factory=dict)
    finished: dict[str, datetime] = field(default_factory=dict)
    passes: Counter[tuple[str, str]] = field(default_factory=Counter)
    unopened: int = 0


def flow_of(entries: Iterable[Any], scope: Scope) -> Flow:
    """Fold entries in the order of the log; those before the period only tell what was so when it began."""
    told = _Told()
    for entry in entries:
        fold(told.stand, entry)
        if not entry.refused:
            _tell(told, entry, scope)
    flow = Flow(scope, passes=told.passes, unopened=told.unopened)
    flow.works = [work for id, work in told.works.items() if _is_in(_closed(told.stand, id, work), scope)]
    flow.given = _given(told, scope)
    flow.paths = [
        tuple(told.paths.get(id, ()))
        for id, at in told.finished.items()
        if scope.has(at) and _concerns(told.stand.instances.get(id), scope)
    ]
    return flow


def _tell(told: _Told, entry: Any, scope: Scope) -> None:
    if entry.fact == Fact.INSTANCE_FINISHED:
        told.finished[entry.instance_id or ""] = entry.at
    elif entry.fact == Fact.MESSAGE_DELIVERED:
        if (one := given_by(told.stand, entry)) is not None:
            told.given.append((entry.order_id, told.stand.instances[entry.instance_id], one))
    elif entry.fact in _ACTS:
        _act(told, entry, scope)
    if has_moved(entry):
        _open(told, entry)
        _pass(told, entry, scope)


_ACTS: Final = (Fact.TASK_CLAIMED, Fact.TASK_COMPLETED, Fact.TASK_TRANSFERRED, Fact.TASK_HANDED_OVER)


def _open(told: _Told, entry: Any) -> None:
    instance = told.stand.instances.get(entry.instance_id or "")
    for one in entry.facts.get("opened", ()) if instance is not None else ():
        if "task" in one and instance is not None:
            opened = Work(instance.process_id, one["element"], entry.instance_id, entry.at, instance.definition_id)
            told.works[one["task"]] = opened


def _pass(told: _Told, entry: Any, scope: Scope) -> None:
    instance = told.stand.instances.get(entry.instance_id or "")
    if instance is not None and scope.has(entry.at) and _concerns(instance, scope):
        told.passes.update((instance.process_id, element) for element in entry.facts.get("passed", ()))


def _act(told: _Told, entry: Any, scope: Scope) -> None:
    work = told.works.get(entry.subject_id or "")
    if work is None:
        told.unopened += scope.has(entry.at)
        return
    if entry.fact == Fact.TASK_CLAIMED:
        work.claims.append(entry.at)
    elif entry.fact == Fact.TASK_COMPLETED:
        work.completed_at, work.is_return = entry.at, entry.facts.get("decision") == "return"
        told.paths.setdefault(work.instance_id, []).append(work.element)
    else:
        work.moved.append(entry.at)
        return
    body = told.stand.tasks[entry.subject_id].organization_id
    told.acts.setdefault((entry.order_id, body), []).append(entry.at)


def _closed(stand: Stand, id: str, work: Work) -> Work:
    then = stand.tasks[id]
    work.organization_id, work.is_open = then.organization_id, then.state == "open"
    work.due = datetime.fromisoformat(then.due) if then.due else None
    return work


def _is_in(work: Work, scope: Scope) -> bool:
    if not scope.is_about(work.process, work.definition_id, work.organization_id):
        return False
    touched = (work.opened_at, work.completed_at, *work.claims, *work.moved)
    return work.is_open or any(scope.has(at) for at in touched)


def _concerns(instance: InstanceThen | None, scope: Scope) -> bool:
    return instance is not None and scope.is_about(
        instance.process_id, instance.definition_id, instance.organization_id
    )


def _given(told: _Told, scope: Scope) -> list[Given]:
    found, before = [], set()
    acts = {key: sorted(times) for key, times in told.acts.items()}
    for order, taker, one in told.given:
        is_back = (order, one.taker_id, one.giver_id) in before
        before.add((order, one.giver_id, one.taker_id))
        if not scope.has(one.at) or not _is_between(taker, one, scope):
            continue
        after = acts.get((order, one.taker_id), [])
        first = bisect_left(after, one.at)
        found.append(Given(one, after[first] if first < len(after) else None, is_back))
    return found


def _is_between(taker: InstanceThen, one: HandOver, scope: Scope) -> bool:
    return any(scope.is_about(taker.process_id, taker.definition_id, body) for body in (one.giver_id, one.taker_id))

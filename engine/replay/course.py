"""Who held the ball: from the log alone, when each organization had open work in an order, and how it came to it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.audit import Fact
from engine.replay.folding import fold
from engine.replay.stand import Stand, TaskThen


@dataclass(frozen=True, slots=True)
class Held:
    """An organization had one or more open tasks from `begin` to `end`; `end` is None while it still has."""

    organization_id: str
    begin: datetime
    end: datetime | None
    due: datetime | None
    tasks: tuple[str, ...]  # ids, in the order in which they were opened

    def is_late(self, now: datetime) -> bool:
        """Tell whether the work was finished, or is still open, after its due."""
        return self.due is not None and (self.end or now) > self.due


@dataclass(frozen=True, slots=True)
class HandOver:
    """The ball went from one organization to another, by a message of the first one's process."""

    at: datetime
    giver_id: str
    taker_id: str
    name: str
    seq: int


@dataclass(slots=True)
class Course:
    """How an order went: who had work when, and the hand-overs between organizations."""

    stand: Stand
    held: list[Held] = field(default_factory=list)
    hand_overs: list[HandOver] = field(default_factory=list)


def course_of(entries: Iterable[Any]) -> Course:
    """Fold the entries of one order into its course."""
    stand, hand_overs = Stand(), []
    for entry in entries:
        fold(stand, entry)
        if entry.fact == Fact.MESSAGE_DELIVERED and (given := given_by(stand, entry)) is not None:
            hand_overs.append(given)
    return Course(stand, _held(stand), hand_overs)


def given_by(stand: Stand, entry: Any) -> HandOver | None:
    """Return the hand-over that a delivered message was, or None where it stayed in one organization."""
    giver = stand.instances.get(entry.facts.get("sender", ""))
    taker = stand.instances.get(entry.instance_id or "")
    if giver is None or taker is None or not giver.organization_id or not taker.organization_id:
        return None
    if giver.organization_id == taker.organization_id:
        return None
    name = str(entry.facts.get("title") or entry.facts.get("name") or "")
    return HandOver(entry.at, giver.organization_id, taker.organization_id, name, entry.seq)


def _held(stand: Stand) -> list[Held]:
    """Put tasks of one organization that overlap or touch together."""
    spans: list[Held] = []
    by_body: dict[str, list[tuple[str, TaskThen]]] = {}
    for id, task in stand.tasks.items():
        if task.organization_id:
            by_body.setdefault(task.organization_id, []).append((id, task))
    for body, tasks in by_body.items():
        together: list[tuple[str, TaskThen]] = []
        for one in sorted(tasks, key=lambda item: (item[1].opened_at, item[0])):
            if together and not _touches(together, one[1]):
                spans.append(_span(body, together))
                together = []
            together.append(one)
        spans.append(_span(body, together))
    return sorted(spans, key=lambda span: (span.begin, span.organization_id))


def _touches(together: list[tuple[str, TaskThen]], task: TaskThen) -> bool:
    return any(one.closed_at is None or one.closed_at >= task.opened_at for _, one in together)


def _span(body: str, tasks: list[tuple[str, TaskThen]]) -> Held:
    ends = [task.closed_at for _, task in tasks]
    dues = [datetime.fromisoformat(task.due) for _, task in tasks if task.due]
    return Held(
        organization_id=body,
        begin=tasks[0][1].opened_at,
        end=None if None in ends else max(end for end in ends if end is not None),
        due=min(dues) if dues else None,
        tasks=tuple(id for id, _ in tasks),
    )

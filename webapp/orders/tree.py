"""The assignment tree as a page shows it: shares with part, progress, deadline and ball, alike ones folded."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from engine.calendar import DeadlineState
from engine.rollups.coverage import place_name
from models.assignments import Assignment, Part, Progress
from webapp.text import say
from webapp.text.deadlines import DEADLINES, Chip, chip_of
from webapp.text.words import PROGRESS

FOLD_FROM = 4
_RANK: dict[str, int] = {Part.ACCOUNTABLE: 0, Part.LEAD: 1, Part.COORDINATING: 2, Part.LOCAL: 3, Part.INFORMED: 4}
_QUIET = (Progress.DONE, Progress.REFUSED, Progress.CANCELLED)
_SHOUTING = ("late", "today")


@dataclass(slots=True)
class Below:
    """What lies under a share that is not loaded: how many, how many are done, how many are late."""

    count: int = 0
    done: int = 0
    late: int = 0


@dataclass(slots=True)
class Node:
    """One share on the page."""

    id: str
    name: str
    part: str
    progress: str
    deadline: DeadlineState | None
    due_at: datetime | None
    organization_id: str
    holds: bool = False
    holder: str | None = None
    below: Below = field(default_factory=Below)
    children: list["Node | Folded"] = field(default_factory=list)

    @property
    def chip(self) -> Chip | None:
        return chip_of(self.deadline, self.due_at) if self.deadline is not None else None


@dataclass(slots=True)
class Folded:
    """Several shares alike in part, progress and deadline, shown as one line that opens."""

    nodes: list[Node]

    @property
    def words(self) -> str:
        """Say in what all of them are alike: "đã hoàn thành, đúng hạn"."""
        first = self.nodes[0]
        due = DEADLINES[first.deadline.code] if first.deadline is not None else ""
        return ", ".join(say(word).lower() for word in (PROGRESS[first.progress].word, due) if word)


def name_of(assignment: Assignment) -> str:
    """Name a share: a local one by its place, the others by the body that has it."""
    if assignment.part != Part.LOCAL:
        return assignment.organization.name
    name = place_name(assignment.area.kind, assignment.area.name)
    return name[:1].upper() + name[1:]


def grow(nodes: Mapping[str, Node], parents: Mapping[str, str | None]) -> list[Node]:
    """Hang the nodes under their parents, fold what is alike, and return the roots."""
    children: dict[str, list[Node]] = defaultdict(list)
    roots: list[Node] = []
    for key, node in nodes.items():
        above = parents[key]
        siblings = children[above] if above is not None and above in nodes else roots
        siblings.append(node)
    for key, under in children.items():
        nodes[key].children = fold_alike(under)
    return sorted(roots, key=_order)


def fold_alike(nodes: Iterable[Node]) -> list["Node | Folded"]:
    """Keep apart what needs a look (late, or the only one of its kind); fold the rest by state."""
    shown: list[Node | Folded] = []
    for _, alike in groupby(sorted(nodes, key=_likeness), key=_likeness):
        group = list(alike)
        if len(group) < FOLD_FROM or group[0].part != Part.LOCAL or _code(group[0]) in _SHOUTING:
            shown += group
        else:
            shown.append(Folded(group))
    return sorted(shown, key=lambda item: (isinstance(item, Folded), *_order(_first(item))))


def _first(item: "Node | Folded") -> Node:
    return item.nodes[0] if isinstance(item, Folded) else item


def _code(node: Node) -> str:
    return node.deadline.code if node.deadline is not None else "none"


def _likeness(node: Node) -> tuple[int, str, str, bool]:
    return _rank(node), node.progress, _code(node), node.holds


def _order(node: Node) -> tuple[int, bool, bool, str]:
    return _rank(node), not node.holds, node.progress in _QUIET, node.progress


def _rank(node: Node) -> int:
    return _RANK.get(node.part, 9)


def count_below(rows: Iterable[Row[str | None, str, int, Any]]) -> dict[str, Below]:
    """Sum the counts of the shares that are not loaded, by the share above them."""
    counts: dict[str, Below] = defaultdict(Below)
    for above, progress, count, late in rows:
        if above is None:
            continue
        counts[above].count += count
        counts[above].late += late or 0
        if progress == Progress.DONE:
            counts[above].done += count
    return counts

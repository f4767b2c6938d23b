"""The rules of adding: what one figure brings to the totals of an area, by the aggregation of its indicator."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from models.rollups import word_of

ZERO: Final = Decimal(0)
Place = tuple[str, str, str]  # order, indicator, area
Member = tuple[str, str, str, str]  # order, indicator, area, week or area that is counted once
Unit = tuple[str, str, str, str]  # order, indicator, area, organization whose last value counts


@dataclass(frozen=True, slots=True)
class Entry:
    """What adding needs to know of one figure; `top` is the area of its order."""

    order_id: str
    top: str
    indicator_code: str
    aggregation: str
    area_id: str
    organization_id: str
    held_on: date
    value: Decimal
    qualifier: str

    @property
    def member(self) -> str:
        """Return what a distinct indicator counts once: the ISO week, or the area."""
        return week_of(self.held_on) if self.aggregation == "weeks" else self.area_id

    @property
    def unit(self) -> Unit:
        """Return the unit whose last value a stock indicator takes."""
        return (self.order_id, self.indicator_code, self.area_id, self.organization_id)


@dataclass(slots=True)
class Sum:
    """A value with the number of figures behind it and of those with a word; it can be taken away from again."""

    value: Decimal = ZERO
    figures: int = 0
    words: dict[str, int] = field(default_factory=lambda: {"over": 0, "nearly": 0, "about": 0})

    def add(self, value: Decimal, qualifier: str = "exact", times: int = 1) -> None:
        """Add a value `times` times; a negative number of times takes it away."""
        self.value += value * times
        self.figures += times
        if qualifier != "exact":
            self.words[qualifier] += times

    def take(self, other: "Sum") -> None:
        """Take another sum away."""
        self.value -= other.value
        self.figures -= other.figures
        for word, count in other.words.items():
            self.words[word] -= count

    @property
    def qualifier(self) -> str:
        """Return the word the sum carries (domain.md §4)."""
        return word_of(**self.words)


class Paths:
    """The areas a figure counts in: its own and all above it, up to the area of its order."""

    def __init__(self, parents: Mapping[str, str | None]) -> None:
        self._parents, self._known = parents, dict[tuple[str, str], tuple[str, ...]]()

    def of(self, entry: Entry) -> tuple[str, ...]:
        """Return the areas; a place outside the order's area counts there and in the order's area."""
        key = (entry.area_id, entry.top)
        if key not in self._known:
            self._known[key] = self._up(*key)
        return self._known[key]

    def _up(self, area_id: str, top: str) -> tuple[str, ...]:
        line, above = [area_id], self._parents.get(area_id)
        while line[-1] != top and above is not None:
            line.append(above)
            above = self._parents.get(above)
        return tuple(line) if line[-1] == top else (area_id, top)


class Changes:
    """What figures change: sums at once; members and units still to be compared with what is counted already."""

    def __init__(self, paths: Paths) -> None:
        self.paths = paths
        self.sums: defaultdict[Place, Sum] = defaultdict(Sum)
        self.members: defaultdict[Member, int] = defaultdict(int)
        self.units: dict[Unit, tuple[str, ...]] = {}

    def add(self, entry: Entry, times: int) -> None:
        """Count a figure (1) or no longer count it (-1)."""
        if entry.aggregation == "last":
            self.units[entry.unit] = self.paths.of(entry)
        elif entry.aggregation == "sum":
            self.add_to(entry, entry.value, entry.qualifier, times)
        elif entry.aggregation in ("weeks", "areas"):
            self.add_to(entry, ZERO, "exact", times)
            if entry.value > 0:
                for area in self.paths.of(entry):
                    self.members[entry.order_id, entry.indicator_code, area, entry.member] += times

    def add_to(self, entry: Entry, value: Decimal, qualifier: str, times: int) -> None:
        """Add a value in every area of the figure's path."""
        for area in self.paths.of(entry):
            self.sums[entry.order_id, entry.indicator_code, area].add(value, qualifier, times)


def week_of(day: date) -> str:
    """Return the ISO week of a day, 2018-W07."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"

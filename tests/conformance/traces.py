"""How an expected order of elements is written, and whether a trace keeps it.

A list says one after the other; a list inside it, these in any order; a list inside that, one after the other again,
however the others come between. `["fork", [["a", "b"], "c"], "join"]` allows a b c, a c b and c a b after the fork.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class _Order:
    """Places with a label each, and for each place those that come before it."""

    labels: list[str] = field(default_factory=list)
    before: list[frozenset[int]] = field(default_factory=list)

    def sequence(self, items: Sequence[Any], after: frozenset[int]) -> frozenset[int]:
        for item in items:
            after = self.place(item, after) if isinstance(item, str) else self.together(item, after)
        return after

    def together(self, items: Sequence[Any], after: frozenset[int]) -> frozenset[int]:
        lasts = (self.sequence([item] if isinstance(item, str) else item, after) for item in items)
        return frozenset(last for branch in list(lasts) for last in branch) or after

    def place(self, label: str, after: frozenset[int]) -> frozenset[int]:
        self.labels.append(label)
        self.before.append(after)
        return frozenset({len(self.labels) - 1})


def keeps(expected: Sequence[Any], trace: Sequence[str]) -> bool:
    """Say whether a trace is one of the courses that an expectation allows."""
    order = _Order()
    order.sequence(expected, frozenset())
    if sorted(order.labels) != sorted(trace):
        return False
    reached = {frozenset[int]()}
    for label in trace:
        reached = {
            done | {place}
            for done in reached
            for place, name in enumerate(order.labels)
            if name == label and place not in done and order.before[place] <= done
        }
    return bool(reached)


def written(expected: Sequence[Any], *, together: bool = False) -> str:
    """Write an expectation as people read it: `fork {a b, c} join`."""
    parts = [one if isinstance(one, str) else written(one, together=not together) for one in expected]
    return "{" + ", ".join(parts) + "}" if together else " ".join(parts)


def names(expected: Sequence[Any]) -> Iterator[str]:
    """Yield every element that an expectation names."""
    for one in expected:
        if isinstance(one, str):
            yield one
        else:
            yield from names(one)

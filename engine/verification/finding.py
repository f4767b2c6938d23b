"""What a verification says, and how two sorted lists of rows are held against each other."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any, Final, TypeVar

BATCH: Final = 1000
Seen = Callable[[int], None]
K = TypeVar("K", bound=Hashable)
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that breaks an invariant: which, on what, and what is wrong."""

    invariant: str
    subject: str
    wrong: str

    def __str__(self) -> str:
        return f"{self.invariant} {self.subject}: {self.wrong}"

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def counted(rows: Iterable[Row], seen: Seen) -> Iterator[Row]:
    """Pass rows on and say now and then how many there were."""
    for number, row in enumerate(rows, start=1):
        if number % BATCH == 0:
            seen(number)
        yield row


def side_by_side(
    left: Iterable[Any], right: Iterable[Any], *, key: Callable[[Any], Any]
) -> Iterator[tuple[Any, list[Any], list[Any]]]:
    """Give (key, rows of the left, rows of the right) for every key of either; both come sorted by it."""
    lefts, rights = (groupby(rows, key) for rows in (left, right))
    one, other = next(lefts, None), next(rights, None)
    while one is not None or other is not None:
        smallest = min(group[0] for group in (one, other) if group is not None)
        here, there = [], []
        if one is not None and one[0] == smallest:
            here, one = list(one[1]), next(lefts, None)
        if other is not None and other[0] == smallest:
            there, other = list(other[1]), next(rights, None)
        yield smallest, here, there

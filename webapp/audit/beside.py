"""Two periods or two places beside each other: what is counted, steps, and the bodies of both, with what changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.analysis import Measured
from webapp.audit.sides import Side
from webapp.text import say
from webapp.text.notation import duration, number


@dataclass(frozen=True, slots=True)
class Pair:
    """One value of both sides in words, and how the second differs from the first."""

    first: str
    second: str
    change: str


@dataclass(frozen=True, slots=True)
class Row:
    """One step or body on both sides."""

    name: str
    completed: Pair
    waiting: Pair
    working: Pair


@dataclass(frozen=True, slots=True)
class Beside:
    """The comparison, ready to be shown."""

    counts: Sequence[tuple[str, Pair]]
    steps: Sequence[Row]
    bodies: Sequence[Row]


def compared(sides: Sequence[Side]) -> Beside:
    """Compare the first side with the second; steps of either, bodies of both."""
    first, second = sides
    counted: list[tuple[str, Callable[[Side], int]]] = [
        (say("Mở"), lambda side: sum(one.opened for _, one in side.steps)),
        (say("Xong"), lambda side: sum(one.completed for _, one in side.steps)),
        (say("Xong đúng hạn"), lambda side: side.dues.on_time),
        (say("Xong quá hạn"), lambda side: side.dues.late),
        (say("Trả lại"), lambda side: side.returns),
        (say("Chuyển hoặc bàn giao"), lambda side: side.reassignments),
    ]
    shared = {one.key for _, one in first.bodies} & {one.key for _, one in second.bodies}
    return Beside(
        counts=[(words, _pair(of(first), of(second), number)) for words, of in counted],
        steps=_rows(first.steps, second.steps),
        bodies=[row for key, row in _by_key(first.bodies, second.bodies).items() if key in shared],
    )


def _rows(first: Sequence[tuple[str, Measured]], second: Sequence[tuple[str, Measured]]) -> list[Row]:
    return list(_by_key(first, second).values())


def _by_key(first: Sequence[tuple[str, Measured]], second: Sequence[tuple[str, Measured]]) -> dict[object, Row]:
    names = {one.key: name for name, one in (*first, *second)}
    old, new = ({one.key: one for _, one in rows} for rows in (first, second))
    return {key: _row(name, old.get(key), new.get(key)) for key, name in names.items()}


def _row(name: str, old: Measured | None, new: Measured | None) -> Row:
    return Row(
        name=name,
        completed=_pair(old.completed if old else 0, new.completed if new else 0, number),
        waiting=_pair(old.waiting.median if old else None, new.waiting.median if new else None, duration),
        working=_pair(old.working.median if old else None, new.working.median if new else None, duration),
    )


def _pair(first: float | None, second: float | None, words: Callable[[float | None], str]) -> Pair:
    return Pair(words(first), words(second), _change(first, second, words))


def _change(first: float | None, second: float | None, words: Callable[[float | None], str]) -> str:
    if first is None or second is None:
        return "–"
    if first == second:
        return say("như nhau")
    sign = "+" if second > first else "−"
    said = f"{sign}{words(abs(second - first))}"
    return f"{said} ({sign}{number(round(100 * abs(second - first) / first))}%)" if first else said

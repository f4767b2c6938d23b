"""How we measure: CPU time of this process, medians of many, statements and commits counted apart from the timing."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import event

from models.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured figure; `limit` is what it must not exceed, None where there is no promise."""

    name: str
    value: float
    unit: str = "ms"
    statements: float | None = None
    commits: float | None = None
    limit: float | None = None
    note: str = ""

    @property
    def is_kept(self) -> bool:
        return self.limit is None or self.value <= self.limit

    def as_json(self) -> dict[str, Any]:
        """Return what a program reads."""
        return {**asdict(self), "kept": self.is_kept}


@dataclass(slots=True)
class Statements:
    """What was said to a database while it was listened to; BEGIN and COMMIT are not statements of ours."""

    said: list[str] = field(default_factory=list)
    commits: int = 0


def cpu(act: Callable[[], Any]) -> float:
    """Return the CPU milliseconds of one act, all threads of this process together."""
    began = time.process_time_ns()
    act()
    return (time.process_time_ns() - began) / 1e6


def in_turns(acts: dict[Any, Callable[[], Any]], *, rounds: int, warm: int = 5) -> dict[Any, list[float]]:
    """Measure several acts in turns, so that a noisy moment of the machine falls on all of them alike."""
    for _ in range(warm):
        for act in acts.values():
            act()
    spent: dict[Any, list[float]] = {name: [] for name in acts}
    for _ in range(rounds):
        for name, act in acts.items():
            spent[name].append(cpu(act))
    return spent


def median(spent: Sequence[float]) -> float:
    """Return the median, to the microsecond."""
    return round(statistics.median(spent), 3)


@contextmanager
def listening(database: Database) -> Iterator[Statements]:
    """Count the statements and commits of a database, of readers and writers together."""
    heard = Statements()

    def said(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            heard.said.append(statement)

    def committed(connection: Any) -> None:
        heard.commits += 1

    engines = {database.writer, database.reader}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", said)
    event.listen(database.writer, "commit", committed)
    try:
        yield heard
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", said)
        event.remove(database.writer, "commit", committed)


def reference() -> float:
    """Return what a fixed piece of plain Python costs here: two runs compare only as far as this agrees."""

    def work() -> None:
        table = {str(n): n for n in range(20_000)}
        sum(len(key) * value for key, value in sorted(table.items()))

    return median([cpu(work) for _ in range(15)])

"""What one completion costs, through each door, in an instance that has seen few or thousands of them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from typing import Any, Protocol
from unittest.mock import patch

from bench.diagrams import ANSWERS, DRAFT, REVIEW
from bench.measuring import Figure, cpu, in_turns, listening, median
from bench.stage import ApiDoor, BrowserDoor, EngineDoor, Stage
from engine import audit
from webapp import server

SIZES = (10, 100, 1_000, 3_000)
LIMITS = {"engine": 2.0, "http": 4.0, "api": None}
# Twelve of the command, and the one with which the door fetches the task.
MOST_STATEMENTS, MOST_GROWTH = 13, 1.1
# Of recording, hashing and sending it to the database: milliseconds, and per cent of a completion (trust.md §4).
RECORDING, SHARE = 0.15, 10
WHO = "vp.ubnd"


class Door(Protocol):
    """A way in: the engine, a browser, a program."""

    def complete(self, task_id: str, answers: Mapping[str, Any]) -> None:
        """Complete one task, committed."""

    def rest(self) -> None:
        """Do what follows and is not measured."""


class Loop:
    """One instance of the loop diagram that is completed again and again."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.count = stage, 0
        self.instance = stage.start(WHO)
        self.task = stage.open_task(self.instance)

    def turn(self, door: Door) -> None:
        """Complete the open task; what is next is found by `look`, outside the measured time."""
        door.complete(self.task, ANSWERS[DRAFT if self.count % 2 == 0 else REVIEW])
        self.count += 1

    def look(self, door: Door) -> None:
        """Find the task that opened."""
        door.rest()
        self.task = self.stage.open_task(self.instance)

    def grow(self, door: Door, size: int) -> None:
        """Complete until the instance has seen so many completions."""
        while self.count < size:
            self.turn(door)
            self.look(door)


def doors(stage: Stage) -> dict[str, Door]:
    """Return the three ways in."""
    return {"engine": EngineDoor(stage, WHO), "http": BrowserDoor(stage, WHO), "api": ApiDoor(stage, WHO)}


def measure(stage: Stage, *, quick: bool) -> Iterator[Figure]:
    """Yield the cost of a completion by door and size, and how it grows."""
    sizes = SIZES[:-1] if quick else SIZES
    by_door = doors(stage)
    for name, door in by_door.items():
        loops = {size: Loop(stage) for size in sizes}
        for size, loop in loops.items():
            loop.grow(by_door["engine"], size - 5)
        server.leave_to_no_collector()
        spent = _in_turns(loops, door, rounds=20 if quick else 60)
        said = _heard(stage, loops[sizes[0]], door)
        for size in sizes:
            yield Figure(
                name=f"completion.{name}.{size}",
                value=median(spent[size]),
                limit=LIMITS[name],
                statements=said[0],
                commits=said[1],
            )
        growth = median(spent[sizes[-1]]) / median(spent[sizes[0]])
        yield Figure(name=f"completion.{name}.growth", value=round(growth, 2), unit="×", limit=MOST_GROWTH)
        if name == "engine":
            yield Figure(name="completion.engine.statements", value=said[0], unit="SQL", limit=MOST_STATEMENTS)
            recording = _recording(loops[sizes[0]], door, rounds=60 if quick else 300)
            share = 100 * recording / median(spent[sizes[0]])
            yield Figure(name="completion.engine.recording", value=recording, limit=RECORDING)
            yield Figure(name="completion.engine.recording.share", value=round(share, 1), unit="%", limit=SHARE)


def _in_turns(loops: dict[int, Loop], door: Door, *, rounds: int) -> dict[int, list[float]]:
    """Measure one completion of each instance in turn, after five to get warm."""

    def acts() -> dict[int, Callable[[], None]]:
        return {size: partial(loop.turn, door) for size, loop in loops.items()}

    spent: dict[int, list[float]] = {size: [] for size in loops}
    for n in range(rounds + 5):
        for size, one in in_turns(acts(), rounds=1, warm=0).items():
            if n >= 5:
                spent[size] += one
            loops[size].look(door)
    return spent


def _recording(loop: Loop, door: Door, *, rounds: int) -> float:
    """Return what the log costs in a completion: all that its three doors do, with their statements."""
    spent: list[float] = []

    def timed(act: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            answer: list[Any] = []
            spent[-1] += cpu(lambda: answer.append(act(*given, **named)))
            return answer[0]

        return run

    with ExitStack() as measured:
        for name in ("record", "extend", "flush"):
            measured.enter_context(patch.object(audit, name, timed(getattr(audit, name))))
        for _ in range(rounds):
            spent.append(0.0)
            loop.turn(door)
            spent.append(0.0)  # what follows is not the completion's
            loop.look(door)
    return median(spent[::2])


def _heard(stage: Stage, loop: Loop, door: Door) -> tuple[float, float]:
    """Return the most statements and commits of a completion."""
    statements, commits = 0, 0
    for _ in range(4):
        with listening(stage.database) as heard:
            loop.turn(door)
        loop.look(door)
        statements, commits = max(statements, len(heard.said)), max(commits, heard.commits)
    return statements, commits

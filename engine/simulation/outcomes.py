"""How a simulation ended: what still waits, what is known, and what went wrong."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from engine import lint, runner
from engine.runner import Stuck
from engine.simulation.values import Open, Simulated
from engine.simulation.world import World


def outcome_of(world: World, findings: tuple[lint.Finding, ...]) -> Simulated:
    """Return how it ended, with the findings of the checker."""
    waiting = tuple(waiting_in(world))
    outcome, error = _outcome(world, waits=bool(waiting))
    trace, ended_at = tuple(world.trace.entries), tuple(world.trace.ended_at)
    return Simulated(outcome, trace, waiting, data_of(world), ended_at, error, findings)


def data_of(world: World) -> dict[str, Any]:
    """Return what is known by all instances together; where several know a name, the one that began first."""
    data: dict[str, Any] = {}
    for run in reversed(world.runs):
        data |= run.data if run.lost is None else {**run.data, **run.lost.data}
    return data


def waiting_in(world: World) -> Iterator[Open]:
    """Yield what waits in the instances, and the start events that nothing has triggered."""
    for run in world.runs:
        for one in run.waiting:
            event, part, _ = one.key.partition("#")
            yield Open(one.element, one.kind, one.name, run.due.get(one.key), one.message, event if part else None)
    for start in world.starts:
        if not start.has_begun:
            yield start.told()


def as_drawn(waiting: Iterable[Open]) -> tuple[Open, ...]:
    """Tell the triggers of a multiple event as the one event that is drawn, due when the first of its timers is."""
    found: dict[object, Open] = {}
    for number, one in enumerate(waiting):
        event: object = number if one.part_of is None else one.part_of
        before = found.get(event)
        if before is not None:
            found[event] = replace(before, due=min(filter(None, (before.due, one.due)), default=None))
        else:
            found[event] = one if one.part_of is None else replace(one, kind="multiple", message=None)
    return tuple(found.values())


def _outcome(world: World, *, waits: bool) -> tuple[str, dict[str, str | None] | None]:
    if (failure := next(_failures(world), None)) is not None:
        return "failed", failure
    for run in world.runs:
        if run.lost is not None:
            return "stuck", _why(run.lost)
    return ("waiting" if waits else "finished"), None


def _failures(world: World) -> Iterator[dict[str, str | None]]:
    if world.endless is not None:
        yield _why(world.endless)
    for run in world.runs:
        if run.lost is not None and not isinstance(run.lost, runner.DeadEnd):
            yield _why(run.lost)
        if run.step is not None and run.step.ended == "failed":
            yield {"element": run.step.failed_at, "message": run.step.error or ""}


def _why(stuck: Stuck) -> dict[str, str | None]:
    return {"element": stuck.element, "message": stuck.message}

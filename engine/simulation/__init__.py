"""Run diagrams in memory on the real runner: instances, messages, signals and a clock that somebody advances."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine import lint
from engine.runner import Bundle
from engine.simulation.answers import WAIT
from engine.simulation.outcomes import as_drawn, outcome_of
from engine.simulation.values import Act, Advance, Answer, Entry, Happen, Open, Simulated, Unusable
from engine.simulation.world import World

__all__ = ["WAIT", "Act", "Advance", "Answer", "Entry", "Happen", "Open", "Simulated", "Unusable", "simulate"]


def simulate(
    files: Mapping[str, bytes],
    *,
    processes: Sequence[str] = (),
    answers: Mapping[str, Any] | None = None,
    acts: Sequence[Act] = (),
    now: datetime,
) -> Simulated:
    """Start an instance of each process named, else of each that begins by itself, then do the acts in their order.

    Tasks are completed as soon as they open, with the answers given for their id: an object, a list of them for one
    time after the other, or "wait". What only the soundness rules refuse is run as drawn. Raises Unusable.
    """
    report = lint.check(files)
    refused = [one for one in report.findings if one.level == "refused" and one.rule not in lint.SOUNDNESS]
    if refused:
        why = {"element": refused[0].element, "message": refused[0].message_en}
        return Simulated("refused", error=why, findings=report.findings)
    world = World(Bundle(files), answers or {}, now)
    world.play(processes, acts)
    outcome = outcome_of(world, report.findings)
    return replace(outcome, waiting=as_drawn(outcome.waiting))

"""The conformance cases: diagrams written from the BPMN 2.0 standard, each with what the standard makes of it.

`cases/<group>/<name>.bpmn` is a diagram, `cases/<group>.json` says of each what the checker must answer and, for
every course, what is done (`process`, `answers`, and `acts` as options of `lienthong simulate`) and what the standard
demands then:

- `completed`: the elements in the order in which they complete; how branches are written is told in `traces.py`;
- `cancelled`: the activities that are interrupted; `waiting`: what holds a token at the end;
- `ended_at`: the end events of the instances, whatever the order; `data` and `error`: what at least must be there.

An answer "wait" leaves a task open; a list of answers is for one time after the other that the task is opened.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from engine import lint, simulation

HOME = Path(__file__).parent / "cases"
GROUPS = (
    "start_events",
    "intermediate_events",
    "end_events",
    "boundary_events",
    "event_subprocesses",
    "tasks",
    "gateways",
    "gateway_combinations",
    "loops",
    "multi_instance",
    "subprocesses",
    "call_activities",
    "compensation",
    "transactions",
    "messages_between_pools",
    "signals",
    "data",
    "interchange",
    "static_rules",
    "soundness",
    "workflow_patterns",
)


@dataclass(frozen=True)
class Run:
    """One course of a diagram: what is done to it, and what the standard demands then."""

    outcome: str
    process: tuple[str, ...]
    when: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    acts: tuple[str, ...] = ()
    completed: list[Any] | None = None
    cancelled: tuple[str, ...] = ()
    ended_at: tuple[str, ...] | None = None
    waiting: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    error: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Case:
    """One diagram; `check` is what the checker must say of it, `rule` why, where it is refused by a rule of ours."""

    group: str
    name: str
    title: str
    clause: str
    check: str
    rule: str | None
    runs: tuple[Run, ...]
    schema: bool = True

    @property
    def path(self) -> Path:
        return HOME / self.group / f"{self.name}.bpmn"

    @property
    def files(self) -> dict[str, bytes]:
        return {self.path.name: self.path.read_bytes()}


@cache
def of_group(group: str) -> tuple[Case, ...]:
    """Read the cases of one group, in the order of its file."""
    listed = json.loads((HOME / f"{group}.json").read_text(encoding="utf-8"))
    return tuple(
        Case(group, name, **{**told, "runs": tuple(_run(run) for run in told["runs"])}) for name, told in listed.items()
    )


def everything() -> Iterator[Case]:
    """Yield the cases of all groups."""
    for group in GROUPS:
        yield from of_group(group)


def _run(told: Mapping[str, Any]) -> Run:
    lists = {key: tuple(value) for key, value in told.items() if isinstance(value, list) and key != "completed"}
    return Run(**{**told, **lists})


def acts_of(run: Run) -> tuple[simulation.Act, ...]:
    """Read the acts of a run, which are written as the options of `lienthong simulate`."""
    return tuple(_act(*act.split(" ", 1)) for act in run.acts)


def _act(verb: str, rest: str) -> simulation.Act:
    if verb == "advance":
        return simulation.Advance(rest)
    kind, _, named = rest.partition(":")
    name, _, payload = named.partition("=")
    return simulation.Happen(kind, name, json.loads(payload or "{}"))


@cache
def checked(group: str, name: str) -> lint.Report:
    """Let the checker judge a diagram, once."""
    return lint.check(next(case for case in of_group(group) if case.name == name).files)

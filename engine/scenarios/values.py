"""What a scenario says, and what trying it tells: steps and expectation in, moments, differences and coverage out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.simulation import Entry, Open


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done: `kind` is complete, skip, message, signal, timer or advance, `name` what it is done to.

    `answers` are those of a form, `operator` what the command behind a step gives in place of the database, `data`
    what a message or signal carries.
    """

    kind: str
    name: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    operator: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expectation:
    """How a run is expected to end; None and nothing are not compared, `data` only by the names it has."""

    outcome: str | None = None
    ended_at: tuple[str, ...] | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A run kept with its definition: what begins when and knowing what, what is done, and how it is to end."""

    name: str
    process: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    expect: Expectation = Expectation()


@dataclass(frozen=True, slots=True)
class Difference:
    """Why a run is not what it should be; `step` counts from 1. Its words are found by its reason."""

    reason: str
    step: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moment:
    """What one step did; the first moment is the beginning and has none."""

    step: Step | None
    at: datetime
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    entries: tuple[Entry, ...]

    @property
    def changed(self) -> frozenset[str]:
        """The names whose values the step changed."""
        names = self.before.keys() | self.after.keys()
        return frozenset(name for name in names if self.before.get(name) != self.after.get(name))


@dataclass(frozen=True, slots=True)
class Run:
    """A course as far as it went; `stopped` is why a step could not be done. Outcomes as of a simulation."""

    outcome: str
    moments: tuple[Moment, ...] = ()
    waiting: tuple[Open, ...] = ()
    taken: tuple[str, ...] = ()
    ended_at: tuple[str, ...] = ()
    stopped: Difference | None = None
    unheard: tuple[str, ...] = ()

    @property
    def trace(self) -> tuple[Entry, ...]:
        """All that happened, in order."""
        return tuple(entry for moment in self.moments for entry in moment.entries)

    @property
    def data(self) -> Mapping[str, Any]:
        """What is known at the end."""
        return self.moments[-1].after if self.moments else {}


@dataclass(frozen=True, slots=True)
class Result:
    """One scenario that was run; it holds when nothing differs."""

    file: str
    name: str
    run: Run
    differences: tuple[Difference, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.differences


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which elements and sequence flows of the processes were reached, of all that are drawn."""

    elements: tuple[str, ...]
    flows: tuple[str, ...]
    reached: frozenset[str]

    @property
    def missed_elements(self) -> tuple[str, ...]:
        return tuple(one for one in self.elements if one not in self.reached)

    @property
    def missed_flows(self) -> tuple[str, ...]:
        return tuple(one for one in self.flows if one not in self.reached)

    @property
    def covered_share(self) -> float:
        """Return the share of elements and flows that were reached, from 0 to 1."""
        drawn = len(self.elements) + len(self.flows)
        missed = len(self.missed_elements) + len(self.missed_flows)
        return 1 - missed / drawn if drawn else 1.0


@dataclass(frozen=True, slots=True)
class Report:
    """All scenarios of a bundle that were run together."""

    results: tuple[Result, ...]
    coverage: Coverage

    @property
    def holds(self) -> bool:
        return all(result.holds for result in self.results)

    @property
    def covered_share(self) -> float:
        return self.coverage.covered_share

"""What a simulation is told and what it tells: acts in, trace and outcome out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine import lint


@dataclass(frozen=True, slots=True)
class Happen:
    """Something comes from outside: a message or signal by its name, or a timer by its element, whatever its time."""

    kind: str
    name: str
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Advance:
    """Time passes: an ISO 8601 duration."""

    duration: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What waits at an element (the first, where several do) is done by somebody, with these values."""

    element: str
    values: Mapping[str, Any] = field(default_factory=dict)


Act = Happen | Advance | Answer


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trace; `event` is started, completed or cancelled."""

    element: str
    type: str
    event: str


@dataclass(frozen=True, slots=True)
class Open:
    """Something that still waits."""

    element: str
    kind: str
    name: str
    due: datetime | None
    message: str | None = None
    part_of: str | None = None  # the multiple event of which it is one trigger


@dataclass(frozen=True, slots=True)
class Simulated:
    """How a run ended: finished, waiting, stuck (nothing can go on), failed or refused (and why)."""

    outcome: str
    trace: tuple[Entry, ...] = ()
    waiting: tuple[Open, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    ended_at: tuple[str, ...] = ()
    error: Mapping[str, str | None] | None = None
    findings: tuple[lint.Finding, ...] = ()


class Unusable(ValueError):
    """An option does not fit the diagram; the message says which."""

"""What goes into and comes out of the runner: small frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from engine.bpmn.model import listed
from models.errors import ProcessStuck, WrongState


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for the outside."""

    key: str
    element: str
    name: str
    kind: str  # "user" | "manual" | "service" | "rule_operator" | "message" | "timer" | "signal" | "conditional"
    lane_role: str | None
    message: str | None
    due: datetime | None
    working_days: int | None
    data: dict[str, Any]
    choices: tuple[tuple[str, str], ...] = ()  # of a gateway that a person decides: id and name of each way


@dataclass(frozen=True, slots=True)
class Thrown:
    """Something thrown to the outside in this step."""

    element: str
    kind: str  # "message" | "signal" | "escalation"
    name: str
    recipients: str | None
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """What one move did: the new rest state and everything the application must know about it.

    `waiting` is everything that waits now, `opened` and `closed` the difference to before. `log` says which elements
    started, completed or were cancelled in this move, `taken` the sequence flows a token went along, each in order.
    `ended` is None, "finished", "failed" or "cancelled"; `failed_at` is the error end event that nobody caught.
    """

    rest: str
    waiting: tuple[Waiting, ...]
    opened: tuple[Waiting, ...]
    closed: tuple[str, ...]
    thrown: tuple[Thrown, ...]
    log: tuple[tuple[str, str], ...]
    ended: str | None
    error: str | None
    data: dict[str, Any]
    taken: tuple[str, ...] = ()
    failed_at: str | None = None

    @property
    def entered(self) -> tuple[str, ...]:
        """The elements that began, in order."""
        return tuple(element for event, element in self.log if event == "started")

    @property
    def passed(self) -> tuple[str, ...]:
        """The elements that completed, in order."""
        return tuple(element for event, element in self.log if event == "completed")


class Stuck(ProcessStuck):
    """The process cannot go on: nothing of the move counts, the instance stays as it was.

    `log` and `data` say how far the move had come.
    """

    log: tuple[tuple[str, str], ...] = ()
    data: Mapping[str, Any] = MappingProxyType({})


class DeadEnd(Stuck):
    """Nothing waits for the outside, and the process has not ended: a join that cannot complete."""


class NotWaiting(WrongState):
    """Nothing in the instance waits under that key any more."""

    def __init__(self, key: str) -> None:
        super().__init__("not_waiting", key=key)


class Misfit(WrongState):
    """An instance cannot go on under another version; `reason` says why, the fact `element` where."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """An instance under another version: what waits on has its key before and now; all else waits anew or no longer.

    `standing` says of each scope that is at work where its tokens are: (element, the element a join was reached from).
    """

    rest: str
    before: tuple[Waiting, ...]
    waiting: tuple[Waiting, ...]
    keys: Mapping[str, str]
    standing: tuple[tuple[str, tuple[tuple[str, str | None], ...]], ...]


@dataclass(frozen=True, slots=True)
class Complete:
    """A user, manual, service or rule task is done with these answers."""

    key: str
    answers: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fail:
    """A task ended with a business error; the nearest error boundary event catches it, else the instance fails."""

    key: str
    code: str


@dataclass(frozen=True, slots=True)
class Deliver:
    """A message or signal for a waiting catch event, matched by the engine."""

    key: str
    payload: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wake:
    """Fire every timer that is due now."""


@dataclass(frozen=True, slots=True)
class Fire:
    """Fire one timer, whatever its due time."""

    key: str


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop the instance."""


@dataclass(frozen=True, slots=True)
class SetData:
    """Change routing data of everything that is alive in the instance; `still`: nothing moves by it."""

    data: dict[str, Any]
    still: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the conditions that something waits for: they may have become true while the instance stood still."""


@dataclass(frozen=True, slots=True)
class MoveTo:
    """Take away what waits under a key and put a token on another element of the same scope."""

    key: str
    element: str


Input = Complete | Fail | Deliver | Wake | Fire | Cancel | SetData | Ask | MoveTo


@dataclass(frozen=True, slots=True)
class Element:
    """A flow node as drawn, for the application."""

    id: str
    name: str
    type: str
    lane_role: str | None
    documentation: str | None
    ext: dict[str, str]
    parent: str | None
    message: str | None
    event: str = "none"
    attached_to: str | None = None
    interrupting: bool = True
    lane: str | None = None
    line: int | None = None
    form: str | None = None
    called: str | None = None
    timer: str | None = None
    condition: str | None = None
    repeats: bool = False

    def payload(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a message thrown here carries: a sender's decision must not become the receiver's, so only
        what the diagram names travels."""
        return {name: data[name] for name in listed(self.ext.get("payload", "")) if name in data}


@dataclass(frozen=True, slots=True)
class SequenceFlow:
    """A sequence flow as drawn, for the application."""

    id: str
    source: str
    target: str
    name: str | None
    condition: str | None

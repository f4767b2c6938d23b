"""How things stood at a moment: instances with their tokens, tasks, shares, orders and figures, as small values."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class TaskThen:
    """A user task as it was; instants of dues as the log writes them."""

    instance_id: str
    key: str
    element: str
    organization_id: str | None
    role: str | None
    offered_to_id: str | None
    due: str | None
    opened_at: datetime
    state: str = "open"
    holder_id: str | None = None
    helper_id: str | None = None
    closed_at: datetime | None = None
    submission_id: str | None = None


@dataclass(slots=True)
class InstanceThen:
    """A process instance as it was: what waited (key -> element), how often each element was passed."""

    definition_id: str | None
    process_id: str
    organization_id: str | None
    assignment_id: str | None
    order_id: str | None
    state: str = "running"
    places: dict[str, str] = field(default_factory=dict)
    passed: dict[str, int] = field(default_factory=dict)
    tasks: dict[str, str] = field(default_factory=dict)  # key -> task that waits there
    suspended_with_id: str | None = None
    # Begun before moves were recorded: where its tokens stood is not known.
    is_known: bool = True


@dataclass(slots=True)
class ShareThen:
    """A share of an order as it was."""

    order_id: str | None
    parent_id: str | None
    organization_id: str | None
    part: str
    due: str | None
    progress: str
    instance_id: str | None = None


@dataclass(slots=True)
class OrderThen:
    """An order as it was: what it said by field, and how far it had come."""

    said: dict[str, str]
    due: str | None = None
    number: str | None = None
    progress: str = ""
    verdict: str | None = None


@dataclass(frozen=True, slots=True)
class FigureThen:
    """A figure as it was entered; one that another amends no longer stands."""

    indicator: str
    value: str
    qualifier: str
    kind: str
    held_on: str
    amends_id: str | None


@dataclass(slots=True)
class Stand:
    """Everything that is known after an entry."""

    seq: int = 0
    at: datetime | None = None
    instances: dict[str, InstanceThen] = field(default_factory=dict)
    tasks: dict[str, TaskThen] = field(default_factory=dict)
    shares: dict[str, ShareThen] = field(default_factory=dict)
    orders: dict[str, OrderThen] = field(default_factory=dict)
    figures: dict[str, FigureThen] = field(default_factory=dict)

    @property
    def standing(self) -> dict[str, FigureThen]:
        """Return the figures that counted: not taken back, and amended by no later one."""
        amended = {figure.amends_id for figure in self.figures.values()}
        return {id: one for id, one in self.figures.items() if id not in amended and one.kind != "withdrawn"}

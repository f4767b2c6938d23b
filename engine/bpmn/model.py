"""What a BPMN file says, as plain values: processes of nodes and flows, and the problems met while reading."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

MODEL: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
EXTENSION: Final = "urn:lienthong:bpmn:1"

TASKS: Final = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "businessRuleTask",
        "scriptTask",
        "sendTask",
        "receiveTask",
    }
)
SUBPROCESSES: Final = frozenset({"subProcess", "transaction"})
ACTIVITIES: Final = TASKS | SUBPROCESSES | {"callActivity"}
GATEWAYS: Final = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"})
EVENTS: Final = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)
NODES: Final = ACTIVITIES | GATEWAYS | EVENTS


def listed(text: str) -> tuple[str, ...]:
    """Return the names that an attribute of ours lists, each once."""
    return tuple(dict.fromkeys(text.replace(",", " ").split()))


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to tell the designer: `rule` is a code that `engine/lint.py` has sentences for."""

    level: str  # "refused" | "draft" | "warning" | "note"
    rule: str
    file: str = ""
    line: int | None = None
    element: str | None = None
    name: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Timer:
    """When a timer fires: an ISO 8601 literal, an expression that gives one, or a number of working days."""

    kind: str  # "date" | "duration" | "cycle" | "workingDays" | "due" (a date, a day or a duration)
    text: str = ""
    working_days: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What an event waits for or throws."""

    kind: str  # none message signal error escalation timer conditional terminate link multiple, or an unsupported one
    name: str = ""
    code: str | None = None
    timer: Timer | None = None
    activity: str | None = None  # what a compensation is about; None: everything in its scope
    condition: str | None = None
    parts: tuple["Event", ...] = ()  # of a multiple event
    together: bool = False  # a parallel multiple event: it happens when all of its parts have come

    @property
    def each(self) -> tuple["Event", ...]:
        """The single events that it consists of: itself, or the parts of a multiple one."""
        return self.parts or (self,)

    def has(self, *kinds: str) -> bool:
        """Say whether it is, or has a part, of one of some kinds."""
        return any(one.kind in kinds for one in self.each)


@dataclass(frozen=True, slots=True)
class Loop:
    """The repetition marker of an activity."""

    kind: str  # "standard" | "parallel" | "sequential"
    cardinality: str | None = None
    collection: str | None = None  # the variable that holds the items
    items: str | None = None  # or an expression that gives them
    item: str | None = None
    output: str | None = None
    output_item: str | None = None
    condition: str | None = None
    maximum: int | None = None
    test_before: bool = False
    behavior: str = "All"  # when a multi-instance throws `tells`: at no completion, the first (One), each (None)
    tells: Event | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """A data association: a variable, or the value of an expression, becomes another variable."""

    target: str
    source: str | None = None
    expression: str | None = None


class Drawn(NamedTuple):
    """A form as it was drawn: ours, which is None where nothing of it can be shown, and what of it was not taken, in
    Vietnamese and in English."""

    content: bytes | None
    lost: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Node:
    """One flow node; `parent` is the sub-process it lies in, `synthetic` marks one that normalisation added."""

    id: str
    type: str
    name: str | None = None
    parent: str | None = None
    line: int | None = None
    documentation: str | None = None
    ext: dict[str, str] = field(default_factory=dict)
    lane: str | None = None
    lane_role: str | None = None
    event: Event = field(default_factory=lambda: Event("none"))
    due: Timer | None = None  # of a task, as another tool says it
    form_key: str | None = None  # of a user task: the form that another tool names
    fields: Drawn | None = None  # of a user task: the form that another tool draws
    attached_to: str | None = None
    interrupting: bool = True
    default: str | None = None
    script: str | None = None
    called: str | None = None
    loop: Loop | None = None
    inputs: tuple[Copy, ...] = ()  # before it begins
    outputs: tuple[Copy, ...] = ()  # when it is over
    triggered: bool = False  # an event sub-process
    compensates: bool = False  # only runs to undo another activity
    undone_by: str | None = None  # the activity that compensates this one
    holds: frozenset[str] = frozenset()  # the data objects drawn in a sub-process
    synthetic: bool = False

    def form_among(self, named: Mapping[str, str]) -> str | None:
        """Return the stem of a user task's form; `named` are the forms of the bundle (`engine.forms.naming`).

        What ours says goes first, also where there is no such form.
        """
        own = self.ext.get("form") or (self.id if named.get(self.id) == self.id else None)
        return own or named.get(self.form_key or "")

    @property
    def beside(self) -> bool:
        """Say whether the element stands beside the flow: nothing leads to it, nothing leads on."""
        return self.triggered or self.compensates


@dataclass(slots=True)
class Flow:
    """One sequence flow inside a scope (`parent`)."""

    id: str
    source: str
    target: str
    name: str | None = None
    condition: str | None = None
    parent: str | None = None
    line: int | None = None


@dataclass(slots=True)
class Process:
    """One process with all nodes of all its sub-processes, in document order."""

    id: str
    name: str | None = None
    file: str = ""
    line: int | None = None
    executable: bool = True
    documentation: str | None = None
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, where: "Node | Flow | Process", level: str, rule: str, **facts: object) -> Problem:
        """Return something to tell about a part of the process, or about the whole of it."""
        return Problem(level, rule, self.file, where.line, where.id, where.name, facts)

    def scope(self, parent: str | None) -> list[Node]:
        return [node for node in self.nodes.values() if node.parent == parent]

    def outgoing(self, node_id: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.source == node_id]

    def incoming(self, node_id: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.target == node_id]


@dataclass(frozen=True, slots=True)
class MessageFlow:
    """A line between two pools; `source` and `target` are nodes or participants."""

    id: str
    source: str
    target: str
    name: str | None = None
    line: int | None = None


@dataclass(slots=True)
class Diagram:
    """One BPMN file; `participants` says which process each pool shows (None: a closed one), `pools` their names.

    `global_tasks` are the ids of tasks that stand outside of every process, to be called.
    """

    file: str
    processes: list[Process]
    problems: list[Problem]
    participants: dict[str, str | None] = field(default_factory=dict)
    message_flows: list[MessageFlow] = field(default_factory=list)
    pools: dict[str, str] = field(default_factory=dict)
    global_tasks: frozenset[str] = frozenset()

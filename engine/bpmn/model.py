"""What a BPMN file says, as plain values: processes of nodes and flows, and the problems met while reading."""

from dataclasses import dataclass, field
from typing import Any, Final

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
SUBPROCESSES: Final = frozenset({"subProcess"})
ACTIVITIES: Final = TASKS | SUBPROCESSES | {"callActivity"}
GATEWAYS: Final = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"})
EVENTS: Final = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)
NODES: Final = ACTIVITIES | GATEWAYS | EVENTS


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

    kind: str  # "date" | "duration" | "cycle" | "workingDays"
    text: str = ""
    working_days: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What an event waits for or throws."""

    kind: str  # none message signal error escalation timer terminate link, or an unsupported one
    name: str = ""
    code: str | None = None
    timer: Timer | None = None


@dataclass(frozen=True, slots=True)
class Loop:
    """The repetition marker of an activity."""

    kind: str  # "standard" | "parallel" | "sequential"
    cardinality: str | None = None
    collection: str | None = None
    item: str | None = None
    output: str | None = None
    output_item: str | None = None
    condition: str | None = None
    maximum: int | None = None
    test_before: bool = False


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
    attached_to: str | None = None
    interrupting: bool = True
    default: str | None = None
    script: str | None = None
    called: str | None = None
    loop: Loop | None = None
    synthetic: bool = False


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

    def scope(self, parent: str | None) -> list[Node]:
        return [node for node in self.nodes.values() if node.parent == parent]

    def outgoing(self, node_id: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.source == node_id]

    def incoming(self, node_id: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.target == node_id]


@dataclass(slots=True)
class Diagram:
    """One BPMN file."""

    file: str
    processes: list[Process]
    problems: list[Problem]

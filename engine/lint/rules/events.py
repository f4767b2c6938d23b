"""Rules of events: what they may wait for or throw, when timers fire, and how scopes begin."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Final

from engine import iso8601
from engine.bpmn import Node, Problem, Process
from engine.bpmn.model import ACTIVITIES
from engine.lint.rules.expressions import of_expression

_KINDS: Final[dict[str, frozenset[str]]] = {
    "startEvent": frozenset({"none", "message", "signal", "timer", "error", "escalation", "compensation"}),
    "endEvent": frozenset({"none", "message", "signal", "error", "escalation", "terminate", "compensation", "cancel"}),
    "intermediateCatchEvent": frozenset({"message", "signal", "timer", "link"}),
    "intermediateThrowEvent": frozenset({"none", "message", "signal", "escalation", "link", "compensation"}),
    "boundaryEvent": frozenset({"message", "signal", "timer", "error", "escalation", "compensation", "cancel"}),
}


def of_event(process: Process, node: Node) -> Iterator[Problem]:
    """Yield what is wrong with what an event waits for or throws."""
    allowed = _KINDS.get(node.type)
    if allowed is None:
        return
    if node.event.kind not in allowed:
        rule = "event-empty" if node.event.kind == "none" else "event-unsupported"
        yield process.problem(node, "refused", rule, kind=node.event.kind, type=node.type)
    yield from _of_timer(process, node)


def _of_timer(process: Process, node: Node) -> Iterator[Problem]:
    timer = node.event.timer
    if timer is None or timer.kind == "workingDays":
        return
    if not iso8601.is_literal(timer.text):
        if timer.text and node.type == "startEvent" and node.parent is None:
            yield process.problem(node, "refused", "timer-start-expression", text=timer.text)
        else:
            yield from of_expression(process, node, timer.text)
        return
    try:
        iso8601.check(timer.kind, timer.text)
    except iso8601.BadTimer as bad:
        rule = "timer-without-offset" if str(bad) == "offset-missing" else "timer-unclear"
        yield process.problem(node, "refused", rule, text=timer.text)


def of_boundary(process: Process, node: Node) -> Iterator[Problem]:
    """Yield an event that hangs at the border of nothing."""
    if node.type != "boundaryEvent":
        return
    host = process.nodes.get(node.attached_to or "")
    if host is None or host.type not in ACTIVITIES or host.parent != node.parent:
        yield process.problem(node, "refused", "boundary-loose", host=node.attached_to or "-")


def of_starts(process: Process) -> Iterator[Problem]:
    """Yield start events that cannot be told apart, or that a sub-process cannot begin with."""
    by_scope: defaultdict[str | None, list[Node]] = defaultdict(list)
    for node in process.nodes.values():
        if node.type == "startEvent":
            by_scope[node.parent].append(node)
    for parent, starts in by_scope.items():
        plain = [node for node in starts if node.event.kind == "none"]
        for node in plain[1:]:
            yield process.problem(node, "refused", "start-several")
        if parent is not None and not process.nodes[parent].triggered:
            for node in starts:
                if node.event.kind != "none":
                    yield process.problem(node, "refused", "start-in-subprocess", kind=node.event.kind)
        named = [node for node in starts if node.event.kind == "message"]
        names = Counter(node.event.name for node in named)
        for node in named:
            if names[node.event.name] > 1:
                yield process.problem(node, "refused", "start-several")

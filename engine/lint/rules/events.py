"""Rules of events: what they may wait for or throw, when timers fire, and how scopes begin."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Final

from engine import iso8601
from engine.bpmn import Node, Problem, Process, Timer
from engine.bpmn.model import ACTIVITIES
from engine.lint.rules.expressions import of_expression

_KINDS: Final[dict[str, frozenset[str]]] = {
    "startEvent": frozenset(
        {"none", "message", "signal", "timer", "conditional", "error", "escalation", "compensation"}
    ),
    "endEvent": frozenset({"none", "message", "signal", "error", "escalation", "terminate", "compensation", "cancel"}),
    "intermediateCatchEvent": frozenset({"message", "signal", "timer", "conditional", "link"}),
    "intermediateThrowEvent": frozenset({"none", "message", "signal", "escalation", "link", "compensation"}),
    "boundaryEvent": frozenset(
        {"message", "signal", "timer", "conditional", "error", "escalation", "compensation", "cancel"}
    ),
}
_LAST: Final = ("error", "terminate", "cancel")  # each ends its scope in its own way
_TOGETHER: Final = frozenset({"message", "signal", "timer", "conditional"})


def of_event(process: Process, node: Node) -> Iterator[Problem]:
    """Yield what is wrong with what an event waits for or throws."""
    allowed = _KINDS.get(node.type)
    if allowed is None:
        return
    for event in node.event.each:
        if event.kind not in allowed:
            rule = "event-empty" if event.kind == "none" else "event-unsupported"
            yield process.problem(node, "refused", rule, kind=event.kind, type=node.type)
        yield from _of_timer(process, node, event.timer)
        if event.condition:
            yield from of_expression(process, node, event.condition)
    if node.event.parts:
        yield from _of_several(process, node)
    if node.type == "startEvent" and node.parent is None and node.event.has("conditional"):
        yield process.problem(node, "refused", "start-conditional")


def _of_several(process: Process, node: Node) -> Iterator[Problem]:
    """Yield what cannot stand in one event with anything else, or of which one event cannot await all."""
    kinds = [event.kind for event in node.event.parts]
    catches = "Throw" not in node.type and node.type != "endEvent"
    alone = [kind for kind in kinds if kind == "link" or (catches and kind == "compensation")]
    last = [kind for kind in kinds if kind in _LAST]
    if not catches and (len(last) > 1 or ("cancel" in kinds and "compensation" in kinds)):
        alone += last
    if alone or "collect" in node.ext:
        yield process.problem(node, "refused", "event-multiple", kinds=", ".join(kinds))
    if catches and node.event.together:
        if (stray := sorted(set(kinds) - _TOGETHER)) and not alone:
            yield process.problem(node, "refused", "event-parallel", kinds=", ".join(stray))
        if node.type == "startEvent" and node.parent is None:
            yield process.problem(node, "refused", "start-parallel")


def _of_timer(process: Process, node: Node, timer: Timer | None) -> Iterator[Problem]:
    if timer is None or timer.kind == "workingDays":
        return
    if not iso8601.is_literal(timer.text):
        if any(of_expression(process, node, timer.text)):
            yield process.problem(node, "refused", "timer-unclear", text=timer.text)
        elif node.type == "startEvent" and node.parent is None:
            yield process.problem(node, "refused", "timer-start-expression", text=timer.text)
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
        named = [(node, event.name) for node in starts for event in node.event.each if event.kind == "message"]
        names = Counter(name for _, name in named)
        for node, name in named:
            if names[name] > 1:
                yield process.problem(node, "refused", "start-several")

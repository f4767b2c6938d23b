"""The rules a readable diagram must keep to be executed as drawn."""

import ast
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, permutations
from typing import Any, Final

from engine import sandbox
from engine.bpmn import Event, Flow, Node, Problem, Process
from engine.bpmn.model import ACTIVITIES, SUBPROCESSES
from engine.bpmn.normalise import doubled_flows
from engine.lint import data_flow, standard
from engine.runner import decisions, iso8601

_EVENTS: Final[dict[str, frozenset[str]]] = {
    "startEvent": frozenset({"none", "message", "signal", "timer", "error", "escalation", "compensation"}),
    "endEvent": frozenset({"none", "message", "signal", "error", "escalation", "terminate", "compensation", "cancel"}),
    "intermediateCatchEvent": frozenset({"message", "signal", "timer", "link"}),
    "intermediateThrowEvent": frozenset({"none", "message", "signal", "escalation", "link", "compensation"}),
    "boundaryEvent": frozenset({"message", "signal", "timer", "error", "escalation", "compensation", "cancel"}),
}
EXTENSIONS: Final = frozenset(
    {
        "role", "form", "workingDays", "due", "operator", "notSameAs", "skipIfSame", "progress", "title", "decision",
        "recipients", "collect", "cutoff", "cutoffWorkingDays",
    }
)  # fmt: skip
RECIPIENTS: Final = frozenset({"parent", "bloc", "lead", "coordinators", "localities", "order"})
COLLECTED: Final = frozenset({"localities", "coordinators"})
PROGRESS: Final = frozenset(
    {
        "chua_tiep_nhan", "chua_thuc_hien", "dang_thuc_hien", "cho_xac_nhan", "thuc_hien_lai", "tam_dung",
        "hoan_thanh", "tu_choi", "huy",
    }
)  # fmt: skip
_OPERATOR: Final = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", re.ASCII)
_WAITABLE: Final = frozenset({"message", "signal", "timer"})


def check(drawn: list[Process], regular: list[Process], files: Mapping[str, bytes]) -> list[Problem]:
    """Return every broken rule; `drawn` are processes as read, `regular` the same after normalisation."""
    whole = _Whole(drawn, files)
    problems = list(whole.problems())
    problems += standard.check(drawn)
    for process in drawn:
        problems += _Drawn(process, whole).problems()
    for process in regular:
        problems += _Regular(process, whole).problems()
    return problems


class _Whole:
    """What only the bundle as a whole can tell."""

    def __init__(self, drawn: list[Process], files: Mapping[str, bytes]) -> None:
        self.drawn = drawn
        self.executable = {process.id: process for process in drawn if process.executable}
        self.forms = {
            name.rpartition("/")[2].removesuffix(".form.json"): content
            for name, content in files.items()
            if name.endswith(".form.json")
        }
        tables = [
            decision
            for name, content in files.items()
            if name.endswith(".dmn")
            for decision in decisions.read(name, content)[0]
        ]
        self.tables = Counter(decision.id for decision in tables)

    def problems(self) -> Iterator[Problem]:
        seen: dict[str, Process] = {}
        starts: dict[str, Process] = {}
        for process in self.drawn:
            if process.id in seen:
                yield _tell(process, process, "refused", "process-twice", first=seen[process.id].file)
            seen[process.id] = process
            if not process.executable:
                yield _tell(process, process, "note" if self.executable else "draft", "not-executable")
                continue
            for node in process.scope(None):
                if node.type == "startEvent" and node.event.kind == "message":
                    if node.event.name in starts:
                        other = starts[node.event.name].id
                        yield _tell(
                            process, node, "refused", "start-message-twice", message=node.event.name, other=other
                        )
                    starts[node.event.name] = process
        for name, count in self.tables.items():
            if count > 1:
                yield Problem("refused", "decision-twice", element=name, facts={"decision": name})
        yield from self._circles()

    def _circles(self) -> Iterator[Problem]:
        calls = {
            key: {node.called for node in process.nodes.values() if node.called}
            for key, process in self.executable.items()
        }
        for key, process in self.executable.items():
            pending, seen = list(calls[key]), set()
            while pending:
                called = pending.pop()
                if called == key:
                    yield _tell(process, process, "refused", "called-in-a-circle")
                    break
                if called not in seen:
                    seen.add(called)
                    pending += calls.get(called or "", ())

    def fields(self, form: str | None) -> frozenset[str]:
        """Return the keys of a form that become instance data."""
        try:
            content = json.loads(self.forms.get(form or "", b"{}"))
        except (ValueError, RecursionError):
            return frozenset()
        return frozenset(_keys(content))


def _keys(component: Any, depth: int = 0) -> Iterator[str]:
    if not isinstance(component, dict) or depth > 8:
        return
    silent = {"textarea", "filepicker", "figures", "dynamiclist", "text", "separator"}
    if isinstance(component.get("key"), str) and component.get("type") not in silent:
        yield component["key"]
    children = component.get("components")
    if isinstance(children, list) and component.get("type") != "dynamiclist":
        for child in children:
            yield from _keys(child, depth + 1)


def _tell(process: Process, where: Node | Flow | Process, level: str, rule: str, **facts: object) -> Problem:
    return Problem(level, rule, process.file, where.line, where.id, where.name, facts)


class _Drawn:
    """Rules about single elements, as drawn."""

    def __init__(self, process: Process, whole: _Whole) -> None:
        self.process = process
        self.whole = whole

    def problems(self) -> Iterator[Problem]:
        for node in self.process.nodes.values():
            yield from self._event(node)
            yield from self._extensions(node)
            yield from self._work(node)
            yield from self._loop(node)
            yield from self._data(node)
            if node.type == "boundaryEvent":
                yield from self._boundary(node)
            if node.type == "scriptTask" and node.script is not None:
                yield from self._script(node)
        yield from self._starts()
        for flow in self.process.flows:
            if flow.condition:
                yield from self._expression(flow, flow.condition)
        for flow in doubled_flows(self.process):
            yield self._tell(flow, "warning", "flow-twice", source=flow.source, target=flow.target)

    def _tell(self, where: Node | Flow | Process, level: str, rule: str, **facts: object) -> Problem:
        return _tell(self.process, where, level, rule, **facts)

    def _event(self, node: Node) -> Iterator[Problem]:
        allowed = _EVENTS.get(node.type)
        if allowed is None:
            return
        if node.event.kind not in allowed:
            rule = "event-empty" if node.event.kind == "none" else "event-unsupported"
            yield self._tell(node, "refused", rule, kind=node.event.kind, type=node.type)
        if node.event.timer is not None:
            yield from self._timer(node, node.event)

    def _timer(self, node: Node, event: Event) -> Iterator[Problem]:
        timer = event.timer
        if timer is None or timer.kind == "workingDays":
            return
        if not iso8601.is_literal(timer.text):
            yield from self._expression(node, timer.text)
            return
        try:
            iso8601.check(timer.kind, timer.text)
        except iso8601.BadTimer as bad:
            rule = "timer-without-offset" if str(bad) == "offset-missing" else "timer-unclear"
            yield self._tell(node, "refused", rule, text=timer.text)

    def _extensions(self, node: Node) -> Iterator[Problem]:
        ext, tasks = node.ext, self.process.nodes
        for name in ext.keys() - EXTENSIONS:
            yield self._tell(node, "warning", "extension-unknown", attribute=name)
        for name in ("notSameAs", "skipIfSame"):
            if name in ext and (ext[name] not in tasks or tasks[ext[name]].type != "userTask"):
                yield self._tell(node, "refused", "task-unknown", attribute=name, task=ext[name])
        for name, allowed in (
            ("progress", PROGRESS),
            ("collect", COLLECTED),
            ("due", {"assignment"}),
            ("cutoff", {"assignment"}),
        ):
            if name in ext and ext[name] not in allowed:
                yield self._tell(
                    node,
                    "refused",
                    "value-unknown",
                    attribute=name,
                    value=ext[name],
                    allowed=", ".join(sorted(allowed)),
                )
        for name in ("workingDays", "cutoffWorkingDays"):
            if (
                name in ext
                and node.event.timer is None
                and not re.fullmatch(r"[1-9]\d{0,2}", ext[name].strip(), re.ASCII)
            ):
                yield self._tell(node, "refused", "working-days-unclear", text=ext[name])
        if "operator" in ext and not _OPERATOR.fullmatch(ext["operator"]):
            yield self._tell(node, "refused", "operator-name", operator=ext["operator"])
        if "recipients" in ext and ext["recipients"] not in RECIPIENTS:
            yield from self._expression(node, ext["recipients"])
        if "collect" in ext and not (ext.keys() & {"cutoff", "cutoffWorkingDays"}):
            yield self._tell(node, "warning", "collect-without-cutoff")

    def _work(self, node: Node) -> Iterator[Problem]:
        if node.type == "userTask":
            if not (node.ext.get("role") or node.lane_role):
                yield self._tell(node, "note", "role-missing")
            form = node.ext.get("form")
            if form is not None and form not in self.whole.forms:
                yield self._tell(node, "refused", "form-missing", form=form)
        elif node.type == "serviceTask" and "operator" not in node.ext:
            yield self._tell(node, "draft", "operator-missing")
        elif node.type == "businessRuleTask":
            decision = node.ext.get("decision")
            if "operator" not in node.ext and decision is None:
                yield self._tell(node, "draft", "operator-missing")
            elif "operator" not in node.ext and decision not in self.whole.tables:
                yield self._tell(node, "refused", "decision-missing", decision=decision)
        elif node.type == "callActivity" and node.called not in self.whole.executable:
            yield self._tell(node, "refused", "called-missing", called=node.called or "-")
        elif node.type == "task":
            yield self._tell(node, "note", "task-abstract")
        if node.type in ACTIVITIES and not node.name and node.type not in SUBPROCESSES:
            yield self._tell(node, "note", "name-missing")

    def _loop(self, node: Node) -> Iterator[Problem]:
        loop = node.loop
        if loop is None:
            return
        for text in (loop.condition, loop.cardinality):
            if text:
                yield from self._expression(node, text)
        if loop.kind == "standard":
            if loop.condition is None and loop.maximum is None:
                yield self._tell(node, "refused", "loop-endless")
            return
        if (loop.cardinality is None) == (loop.collection is None):
            yield self._tell(node, "refused", "multi-instance-source")
        for name in (loop.collection, loop.item, loop.output, loop.output_item):
            if name is not None and not name.isidentifier():
                yield self._tell(node, "refused", "multi-instance-name", variable=name)
        if (loop.output is None) != (loop.output_item is None):
            yield self._tell(node, "refused", "multi-instance-output")
        elif loop.output is None:
            yield self._tell(node, "warning", "multi-instance-answers-lost")

    def _data(self, node: Node) -> Iterator[Problem]:
        for one in (*node.inputs, *node.outputs):
            if not one.target.isidentifier() or (one.source is not None and not one.source.isidentifier()):
                yield self._tell(node, "refused", "data-name", source=one.source or "-", target=one.target or "-")
            if one.expression is not None:
                yield from self._expression(node, one.expression)

    def _boundary(self, node: Node) -> Iterator[Problem]:
        host = self.process.nodes.get(node.attached_to or "")
        if host is None or host.type not in ACTIVITIES or host.parent != node.parent:
            yield self._tell(node, "refused", "boundary-loose", host=node.attached_to or "-")

    def _script(self, node: Node) -> Iterator[Problem]:
        try:
            sandbox.assigned_by(node.script or "")
        except sandbox.ScriptFailed as failed:
            yield self._tell(node, "refused", "script-unreadable", why=failed.message)

    def _expression(self, where: Node | Flow, text: str) -> Iterator[Problem]:
        try:
            sandbox.names_of(text)
        except sandbox.ScriptFailed as failed:
            yield self._tell(where, "refused", "expression-unreadable", expression=text[:200], why=failed.message)

    def _starts(self) -> Iterator[Problem]:
        by_scope: defaultdict[str | None, list[Node]] = defaultdict(list)
        for node in self.process.nodes.values():
            if node.type == "startEvent":
                by_scope[node.parent].append(node)
        for parent, starts in by_scope.items():
            plain = [node for node in starts if node.event.kind == "none"]
            for node in plain[1:]:
                yield self._tell(node, "refused", "start-several")
            if parent is not None and not self.process.nodes[parent].triggered:
                for node in starts:
                    if node.event.kind != "none":
                        yield self._tell(node, "refused", "start-in-subprocess", kind=node.event.kind)
            names = Counter(node.event.name for node in starts if node.event.kind == "message")
            for node in starts:
                if node.event.kind == "message" and names[node.event.name] > 1:
                    yield self._tell(node, "refused", "start-several")


class _Regular:
    """Rules about how elements are connected, after normalisation."""

    def __init__(self, process: Process, whole: _Whole) -> None:
        self.process = process
        self.whole = whole
        self.outgoing: defaultdict[str, list[Flow]] = defaultdict(list)
        self.incoming: defaultdict[str, list[Flow]] = defaultdict(list)
        for flow in process.flows:
            self.outgoing[flow.source].append(flow)
            self.incoming[flow.target].append(flow)
        self.borders: defaultdict[str, list[str]] = defaultdict(list)
        for node in process.nodes.values():
            if node.attached_to:
                self.borders[node.attached_to].append(node.id)

    def problems(self) -> Iterator[Problem]:
        reached = self._reached()
        for node in self.process.nodes.values():
            if node.id not in reached and not node.synthetic:
                yield self._tell(node, "refused", "unreachable")
            if node.type in ("exclusiveGateway", "inclusiveGateway"):
                yield from self._choice(node)
            elif node.type in ("parallelGateway", "eventBasedGateway"):
                for flow in self.outgoing[node.id]:
                    if flow.condition:
                        yield self._tell(flow, "refused", "condition-ignored", gateway=node.id)
            if node.type == "eventBasedGateway":
                yield from self._event_gateway(node)
            if node.type == "inclusiveGateway" and len(self.incoming[node.id]) > 1 and node.id in self._from(node.id):
                yield self._tell(node, "refused", "inclusive-in-loop")
            if node.type in ("parallelGateway", "inclusiveGateway") and len(self.outgoing[node.id]) > 1:
                yield from self._clashes(node)
                yield from self._crossings(node)

    def _tell(self, where: Node | Flow, level: str, rule: str, **facts: object) -> Problem:
        return _tell(self.process, where, level, rule, **facts)

    def _next(self, node_id: str) -> list[str]:
        inner = (
            [node.id for node in self.process.scope(node_id) if node.type == "startEvent" or node.beside]
            if self.process.nodes[node_id].type in SUBPROCESSES
            else []
        )
        return [*(flow.target for flow in self.outgoing[node_id]), *self.borders[node_id], *inner]

    def _from(self, node_id: str) -> set[str]:
        """Return what can be reached from a node, itself only by a loop."""
        return self._closure(self._next(node_id))

    def _closure(self, first: Iterable[str]) -> set[str]:
        seen: set[str] = set()
        pending = list(first)
        while pending:
            current = pending.pop()
            if current not in seen:
                seen.add(current)
                pending += self._next(current)
        return seen

    def _reached(self) -> set[str]:
        starts = [n.id for n in self.process.scope(None) if n.type == "startEvent" or n.beside]
        return self._closure(starts)

    def _choice(self, node: Node) -> Iterator[Problem]:
        flows = self.outgoing[node.id]
        plain = [flow for flow in flows if not flow.condition or flow.id == node.default]
        if len(flows) < 2:
            return
        if node.default is not None and node.default not in {flow.id for flow in flows}:
            yield self._tell(node, "refused", "default-elsewhere", flow=node.default)
        if node.type == "exclusiveGateway" and len(plain) == len(flows) and node.default is None:
            yield self._tell(node, "warning", "gateway-undecided", ways=len(flows))
            return
        if len(plain) > 1:
            for flow in plain[1:]:
                yield self._tell(flow, "refused", "condition-missing", gateway=node.id)
        elif not plain:
            yield self._tell(node, "warning", "default-missing")
        elif node.default is None:
            yield self._tell(plain[0], "note", "default-implied", gateway=node.id)
        elif plain[0].condition:
            yield self._tell(plain[0], "warning", "default-with-condition")
        texts = Counter(_shape(flow.condition) for flow in flows if flow.condition)
        for flow in flows:
            if flow.condition and texts[_shape(flow.condition)] > 1 and node.type == "exclusiveGateway":
                yield self._tell(flow, "warning", "condition-twice", expression=flow.condition)

    def _event_gateway(self, node: Node) -> Iterator[Problem]:
        for flow in self.outgoing[node.id]:
            target = self.process.nodes[flow.target]
            waits = target.type in ("intermediateCatchEvent", "receiveTask") and target.event.kind in _WAITABLE
            if not waits or target.loop is not None or self.borders[target.id] or len(self.incoming[target.id]) > 1:
                yield self._tell(target, "refused", "event-gateway-target", gateway=node.id)
        if len(self.outgoing[node.id]) < 2:
            yield self._tell(node, "refused", "event-gateway-single")

    def _clashes(self, node: Node) -> Iterator[Problem]:
        """Two branches that answer the same field would disagree where they meet."""
        branches = [self._closure([flow.target]) for flow in self.outgoing[node.id]]
        told = set()
        for left, right in combinations(branches, 2):
            fields: dict[str, Node] = {}
            for task in self._asking(left - right):
                fields |= dict.fromkeys(self._fields(task), task)
            for task in self._asking(right - left):
                for name in sorted(self._fields(task) & fields.keys()):
                    if (task.id, name) not in told:
                        told.add((task.id, name))
                        yield self._tell(task, "warning", "same-field-in-parallel", field=name, other=fields[name].id)

    def _crossings(self, node: Node) -> Iterator[Problem]:
        """A branch does not see what another one writes before they meet: what would read it is refused."""
        branches = [self._closure([flow.target]) for flow in self.outgoing[node.id]]
        told = set()
        for left, right in permutations(branches, 2):
            writers = {name: one for one in self._ordered(left - right) for name in self._writes(one)}
            readers = self._ordered(right - left)
            own = {name for one in readers for name in self._writes(one)}
            for one in readers:
                for name in sorted(data_flow.read_by(one, self.outgoing[one.id]) & writers.keys() - own):
                    if (one.id, name) not in told:
                        told.add((one.id, name))
                        yield self._tell(one, "refused", "read-in-parallel", field=name, other=writers[name].id)

    def _ordered(self, ids: set[str]) -> list[Node]:
        return [node for node in self.process.nodes.values() if node.id in ids]

    def _writes(self, node: Node) -> frozenset[str]:
        return data_flow.written_by(node) | (self._fields(node) if node.type == "userTask" else frozenset())

    def _asking(self, ids: set[str]) -> list[Node]:
        return [node for node in self.process.nodes.values() if node.id in ids and node.type == "userTask"]

    def _fields(self, task: Node) -> frozenset[str]:
        return self.whole.fields(task.ext.get("form") or task.id)


def _shape(expression: str | None) -> str:
    try:
        return ast.dump(ast.parse(expression or "", mode="eval"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return expression or ""

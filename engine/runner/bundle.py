"""A bundle of files compiled once: specs for the runner, elements and flows for the application."""

import hashlib
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from engine import bpmn
from engine.bpmn import Node, Problem, Process
from engine.forms import naming
from engine.runner import activities, decisions, events, gateways, handlers, lean, repetition, scopes, throws
from engine.runner.decisions import Decision
from engine.runner.values import Element, SequenceFlow


class Unfit(ValueError):
    """The files cannot be compiled; `problems` says why, `engine/lint.py` says it in words."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{p.file}:{p.line}: {p.rule} {p.element or ''} {p.facts}" for p in problems[:10]))
        self.problems = problems


class Bundle:
    """The files of one definition: processes, decision tables, forms. Shared by all instances of the definition.

    Processes that are not marked executable are compiled as well: they can be looked at and tried.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.hash = hash_of(files)
        self.lock = threading.RLock()
        named = naming.named(files)
        self.forms = frozenset(named.values())
        diagrams = [bpmn.read(name, content) for name, content in sorted(files.items()) if name.endswith(".bpmn")]
        drawn = [process for diagram in diagrams for process in diagram.processes]
        self.decisions, problems = _decisions(files)
        problems += [problem for diagram in diagrams for problem in diagram.problems]
        regular = [bpmn.normalised(process) for process in drawn]
        problems += [problem for process in regular for problem in process.problems]
        refused = [problem for problem in problems if problem.level == "refused"]
        if refused:
            raise Unfit(refused)
        self._drawn = {process.id: process for process in drawn}
        elements = {key: _elements(process, named) for key, process in self._drawn.items()}
        self._drawn_forms = {
            node.id: node.fields.content
            for process in drawn
            for node in process.nodes.values()
            if node.fields is not None and node.fields.content is not None and node.form_among(named) is None
        }
        called = {key: list(_called(key, self._drawn)) for key in self._drawn}
        self._elements = {
            key: {id: one for name in called[key] for id, one in elements[name].items()} for key in called
        }
        self._flows = {key: tuple(one for name in called[key] for one in _flows(self._drawn[name])) for key in called}
        self.compensates = any(
            node.event.has("compensation", "cancel") for process in regular for node in process.nodes.values()
        )
        self.specs: dict[str, Any] = {}
        self.starts: dict[str, str] = {}
        self.start_events: dict[str, dict[str, str]] = {}
        for process in regular:
            self._compile(process)
        self._require_called()

    @property
    def processes(self) -> dict[str, Process]:
        return dict(self._drawn)

    @property
    def watches(self) -> bool:
        """Say whether something in the definition waits for a condition."""
        return any(spec.watches for spec in self.specs.values())

    def elements(self, process_id: str) -> dict[str, Element]:
        """Return the flow nodes of a process, its sub-processes and what it calls, as drawn, in document order."""
        return self._elements[process_id]

    def flows(self, process_id: str) -> tuple[SequenceFlow, ...]:
        """Return the sequence flows of a process, and of those it calls, as drawn."""
        return self._flows[process_id]

    def drawn_form(self, element: str) -> bytes | None:
        """Return the form that another tool drew at a user task, unless a file is its form; None for anything else."""
        return self._drawn_forms.get(element)

    def ways(self, element: str) -> tuple[str | None, tuple[tuple[str, str], ...]] | None:
        """Return the question and the ways (id, name) of a gateway that a person decides; None for anything else."""
        for spec in self.specs.values():
            found = spec.task_specs.get(element)
            if isinstance(found, activities.Choice):
                return found.bpmn_name, found.choices()
        return None

    def _compile(self, process: Process) -> None:
        messages = {}
        for node in process.scope(None):
            for event in node.event.each if node.type == "startEvent" else ():
                if event.kind in ("message", "signal"):
                    messages[event.name] = node.id
                if event.kind == "message":
                    self.starts.setdefault(event.name, process.id)
        self.start_events[process.id] = messages
        for parent in [None, *[node.id for node in process.nodes.values() if node.type in bpmn.SUBPROCESSES]]:
            name = scope_name(process, parent)
            self.specs[name] = _Builder(self, process, parent).build(name)

    def _require_called(self) -> None:
        for process in self._drawn.values():
            for node in process.nodes.values():
                if node.type == "callActivity" and node.called not in self._drawn:
                    facts = {"called": node.called or "-"}
                    raise Unfit(
                        [Problem("refused", "called-missing", process.file, node.line, node.id, node.name, facts)]
                    )


def _called(process_id: str, drawn: Mapping[str, Process]) -> Iterator[str]:
    """Yield a process and all it calls, each once."""
    pending, seen = [process_id], set[str]()
    while pending:
        name = pending.pop(0)
        if name in drawn and name not in seen:
            seen.add(name)
            yield name
            pending += [node.called for node in drawn[name].nodes.values() if node.called]


def hash_of(files: Mapping[str, bytes]) -> str:
    """Return the address of a set of files: the hash over their names and contents."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(files[name]).digest())
    return digest.hexdigest()


def scope_name(process: Process, parent: str | None) -> str:
    return process.id if parent is None else f"{process.id}>{parent}"


def _decisions(files: Mapping[str, bytes]) -> tuple[dict[str, Decision], list[Problem]]:
    found: dict[str, Decision] = {}
    problems: list[Problem] = []
    for name, content in sorted(files.items()):
        if name.endswith(".dmn"):
            read, told = decisions.read(name, content)
            problems += told
            found |= {decision.id: decision for decision in read}
    return found, problems


class _Builder:
    """Builds the specs of one scope."""

    def __init__(self, bundle: Bundle, process: Process, parent: str | None) -> None:
        self.bundle = bundle
        self.process = process
        self.nodes = {node.id: node for node in process.scope(parent)}
        self.flows = [flow for flow in process.flows if flow.source in self.nodes]
        self.made: dict[str, Any] = {}  # what does the work of the element
        self.inside: dict[str, Any] = {}  # where a token enters the element
        self.outside: dict[str, Any] = {}  # where it leaves

    def build(self, name: str) -> Any:
        spec = scopes.ProcessSpec(name)
        for node in self.nodes.values():
            self._add(spec, node)
        for node in self.nodes.values():
            if node.type != "boundaryEvent":
                self._fit_boundaries(spec, node)
        spec.watches = any(node.event.has("conditional") for node in self.nodes.values())
        spec.handlers = tuple(made for made in self.made.values() if made.listens and made.event.kind != "compensation")
        self._fit_compensation(spec)
        for flow in self.flows:
            self._connect(flow, self.outside[flow.source], self.inside[flow.target])
        # A plain start event comes first: it is the one without a message.
        starts = [node for node in self.nodes.values() if node.type == "startEvent"]
        for node in sorted(starts, key=lambda node: node.event.kind != "none"):
            spec.start.connect(self.inside[node.id])
        for node in self.nodes.values():
            if node.type == "endEvent" or node.triggered:
                self.outside[node.id].connect(spec.end)
        for task_spec in spec.task_specs.values():
            task_spec.targets = tuple(task_spec.outputs)
        _find_reach(spec)
        return spec

    def _add(self, spec: Any, node: Node) -> None:
        name = f"{node.id}>each" if node.loop is not None else node.id
        made = self.made[node.id] = self._made(spec, node, name)
        self.inside[node.id] = self.outside[node.id] = made
        if node.loop is not None:
            kind = repetition.StandardLoop if node.loop.kind == "standard" else repetition.MultiInstance
            loop = kind(spec, node.id, each=name, loop=node.loop)
            made._inputs = [loop.name]
            made.completed_event.connect(loop.merge_child)
            self.inside[node.id] = self.outside[node.id] = loop
        self.outside[node.id].reads, self.outside[node.id].writes = node.inputs, node.outputs

    def _made(self, spec: Any, node: Node, name: str) -> Any:
        kind = node.type
        if kind in ("userTask", "manualTask", "task"):
            return activities.Work(spec, name, node=node, kind="user" if kind == "userTask" else "manual")
        if kind == "serviceTask":
            return activities.Work(spec, name, node=node, kind="service" if "operator" in node.ext else "manual")
        if kind == "businessRuleTask":
            return self._rule(spec, node, name)
        if kind == "scriptTask" and node.script is None:
            return activities.Work(spec, name, node=node, kind="manual")
        if kind == "scriptTask":
            return activities.Script(spec, name, node=node)
        if kind in _SCOPES:
            inner = self._inner(node)
            if node.triggered:
                start = next(n for n in self.process.scope(node.id) if n.type == "startEvent")
                return handlers.EventSubProcess(spec, name, subworkflow_spec=inner, node=node, start=start)
            return activities.SubProcess(spec, name, subworkflow_spec=inner, node=node)
        if self._is_choice(node):
            return activities.Choice(spec, name, node=node, kind="user")
        if kind in _GATEWAYS:
            return _GATEWAYS[kind](spec, name, node=node)
        if kind in ("intermediateCatchEvent", "receiveTask"):
            return (lean.Pass if node.event.kind == "none" else events.Catch)(spec, name, node=node)
        if kind == "boundaryEvent":
            return events.Boundary(spec, name, node=node)
        if kind == "startEvent" or node.event.kind == "none":
            return lean.Pass(spec, name, node=node)
        if node.event.has("cancel"):
            return handlers.CancelEnd(spec, name, node=node)
        return (handlers.Compensate if node.event.has("compensation") else throws.Throw)(spec, name, node=node)

    def _inner(self, node: Node) -> str:
        return (node.called or "") if node.type == "callActivity" else scope_name(self.process, node.id)

    def _is_choice(self, node: Node) -> bool:
        flows = [flow for flow in self.flows if flow.source == node.id]
        undecided = node.default is None and not any(flow.condition for flow in flows)
        return node.type == "exclusiveGateway" and len(flows) > 1 and undecided

    def _fit_compensation(self, spec: Any) -> None:
        """Bind what can be undone to what undoes it; a sub-process without a handler undoes what is in it."""
        if not self.bundle.compensates:
            return
        for node in self.nodes.values():
            if node.undone_by is not None:
                spec.undoing[node.id] = self.inside[node.undone_by]
                self.outside[node.undone_by].completed_event.connect(handlers.undone)
            elif node.type in _SCOPES and not node.beside:
                spec.undoing[node.id] = handlers.UndoSubProcess(
                    spec, f"{node.id}>undo", subworkflow_spec=self._inner(node)
                )
                spec.undoing[node.id].completed_event.connect(handlers.undone)
            self.made[node.id].undone_by = node.id if node.id in spec.undoing else None
        own = [made for made in self.made.values() if made.listens and made.event.kind == "compensation"]
        spec.undo = own[0] if own else handlers.Compensate(spec, ">undo")
        if not own:
            spec.undo.connect(spec.end)

    def _rule(self, spec: Any, node: Node, name: str) -> Any:
        if "operator" in node.ext:
            return activities.Work(spec, name, node=node, kind="rule_operator")
        if "decision" not in node.ext:
            return activities.Work(spec, name, node=node, kind="manual")
        decision = self.bundle.decisions.get(node.ext["decision"])
        if decision is None:
            facts = {"decision": node.ext["decision"]}
            raise Unfit(
                [Problem("refused", "decision-missing", self.process.file, node.line, node.id, node.name, facts)]
            )
        return activities.Rule(spec, name, node=node, decision=decision)

    def _fit_boundaries(self, spec: Any, node: Node) -> None:
        borders = [
            other
            for other in self.nodes.values()
            if other.attached_to == node.id and other.event.kind != "compensation"
        ]
        if not borders:
            return
        split = events.BoundarySplit(spec, f"{node.id}>border")
        for target in (self.outside[node.id], *(self.outside[event.id] for event in borders)):
            split.connect(target)
        self.inside[node.id] = split

    def _connect(self, flow: Any, source: Any, target: Any) -> None:
        source.connect(target)
        if ">" not in flow.id:
            source.flow_ids[target.name] = flow.id
            source.flow_names[target.name] = flow.name
        if isinstance(source, gateways.Exclusive):
            default = not flow.condition or (source.node is not None and flow.id == source.node.default)
            source.conditions.append((None if default else flow.condition, target))


_SCOPES = bpmn.SUBPROCESSES | {"callActivity"}
_GATEWAYS: dict[str, Any] = {
    "exclusiveGateway": gateways.Exclusive,
    "parallelGateway": gateways.Parallel,
    "inclusiveGateway": gateways.Inclusive,
    "eventBasedGateway": events.EventGateway,
}


def _find_reach(spec: Any) -> None:
    for start in spec.task_specs.values():
        seen: set[str] = set()
        pending = list(start.targets)
        while pending:
            current = pending.pop()
            if current.name not in seen:
                seen.add(current.name)
                pending.extend(current.targets)
        start.reach = frozenset(seen)
    for join in spec.task_specs.values():
        if isinstance(join, gateways.Inclusive):
            join.leading = {name: _before(spec, name, join.name) for name in join._inputs}


def _before(spec: Any, name: str, without: str) -> frozenset[str]:
    """Return what can reach an element, itself included, on ways that do not pass another one."""
    seen, pending = {name}, [name]
    while pending:
        current = spec.task_specs[pending.pop()]
        for before in current._inputs:
            if before not in seen and before != without:
                seen.add(before)
                pending.append(before)
    return frozenset(seen)


def _elements(process: Process, named: Mapping[str, str]) -> dict[str, Element]:
    return {node.id: _element(node, named) for node in process.nodes.values()}


def _element(node: Node, named: Mapping[str, str]) -> Element:
    timer = node.event.timer
    return Element(
        id=node.id,
        name=node.name or node.id,
        type=node.type,
        lane_role=node.ext.get("role") or node.lane_role,
        documentation=node.documentation,
        ext=dict(node.ext),
        parent=node.parent,
        message=next((event.name for event in node.event.each if event.kind in ("message", "signal")), None),
        event=node.event.kind,
        attached_to=node.attached_to,
        interrupting=node.interrupting,
        lane=node.lane,
        line=node.line,
        form=node.form_among(named) if node.type == "userTask" else None,
        called=node.called,
        condition=next((event.condition for event in node.event.each if event.condition), None),
        timer=(timer.text or f"{timer.working_days} wd") if timer else None,
        repeats=node.loop is not None,
    )


def _flows(process: Process) -> tuple[SequenceFlow, ...]:
    return tuple(SequenceFlow(f.id, f.source, f.target, f.name, f.condition) for f in process.flows)

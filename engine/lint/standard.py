"""Rules of the BPMN 2.0 standard about where elements may stand and what may be joined to them."""

from collections.abc import Iterator
from typing import Final

from engine.bpmn import SUBPROCESSES, Diagram, Flow, MessageFlow, Node, Problem, Process
from engine.lint.graph import Graph

_TRIGGERS: Final = frozenset({"message", "signal", "timer", "conditional", "error", "escalation", "compensation"})
_SENDS: Final = frozenset({"endEvent", "intermediateThrowEvent"})
_RECEIVES: Final = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"})


def check(drawn: list[Process]) -> Iterator[Problem]:
    """Yield what the standard does not allow in the processes as drawn."""
    homes = {(process.file, node): process.id for process in drawn for node in process.nodes}
    for process in drawn:
        here = {node: home for (file, node), home in homes.items() if file == process.file}  # ids are of one file
        yield from _Checker(process, here).problems()


def of_collaboration(diagram: Diagram) -> Iterator[Problem]:
    """Yield what the standard does not allow between pools."""
    nodes = {node.id: (node, process.id) for process in diagram.processes for node in process.nodes.values()}
    for flow in diagram.message_flows:
        pools = [nodes[end][1] if end in nodes else diagram.participants.get(end) for end in (flow.source, flow.target)]
        for end in (flow.source, flow.target):
            if end not in nodes and end not in diagram.participants:
                yield _about(diagram, flow, "reference-unresolved", ref=end)
        if pools[0] is not None and pools[0] == pools[1]:
            yield _about(diagram, flow, "message-flow-inside-pool")
        elif flow.source in nodes and not _may_send(nodes[flow.source][0]):
            yield _about(diagram, flow, "message-flow-end", node=flow.source)
        elif flow.target in nodes and not _may_receive(nodes[flow.target][0]):
            yield _about(diagram, flow, "message-flow-end", node=flow.target)


def _may_send(node: Node) -> bool:
    return "Gateway" not in node.type and ("Event" not in node.type or _is_message(node, _SENDS))


def _may_receive(node: Node) -> bool:
    return "Gateway" not in node.type and ("Event" not in node.type or _is_message(node, _RECEIVES))


def _is_message(node: Node, types: frozenset[str]) -> bool:
    return node.type in types and node.event.has("message")


def _about(diagram: Diagram, flow: MessageFlow, rule: str, **facts: object) -> Problem:
    return Problem("refused", rule, diagram.file, flow.line, flow.id, flow.name, dict(facts))


class _Checker:
    def __init__(self, process: Process, homes: dict[str, str]) -> None:
        self.process = process
        self.homes = homes
        graph = Graph(process)
        self.outgoing, self.incoming = graph.outgoing, graph.incoming
        self.handlers = {node.undone_by for node in process.nodes.values() if node.undone_by}

    def problems(self) -> Iterator[Problem]:
        for node in self.process.nodes.values():
            if node.type == "startEvent":
                yield from self._start(node)
            if node.triggered:
                yield from self._event_subprocess(node)
            if node.compensates and node.id not in self.handlers:
                yield self._tell(node, "compensation-unused", level="warning")
            if node.beside and (self.outgoing[node.id] or self.incoming[node.id]):
                yield self._tell(node, "flow-beside")
            if node.type == "boundaryEvent":
                yield from self._boundary(node)
            for event in node.event.each:
                if event.activity is not None:
                    yield from self._compensated(node, event.activity)
            if node.event.has("cancel"):
                yield from self._cancel(node)
            if node.type == "eventBasedGateway":
                yield from self._event_gateway(node)
            yield from self._default(node)
        for flow in self.process.flows:
            yield from self._flow(flow)

    def _tell(self, where: Node | Flow, rule: str, *, level: str = "refused", **facts: object) -> Problem:
        return self.process.problem(where, level, rule, **facts)

    def _start(self, node: Node) -> Iterator[Problem]:
        if not self.outgoing[node.id]:
            yield self._tell(node, "start-without-exit")
        inside = self.process.nodes[node.parent] if node.parent else None
        within = [one.kind for one in node.event.each if one.kind in ("error", "escalation", "compensation")]
        if within and not (inside and inside.triggered):
            yield self._tell(node, "start-trigger-place", kind=within[0])
        elif node.event.kind == "compensation" and inside is not None and inside.parent is None:
            yield self._tell(node, "compensation-start-place")

    def _event_subprocess(self, node: Node) -> Iterator[Problem]:
        starts = [one for one in self.process.scope(node.id) if one.type == "startEvent"]
        if len(starts) != 1 or not {one.kind for one in starts[0].event.each} <= _TRIGGERS:
            yield self._tell(node, "event-subprocess-start")
        if node.loop is not None or any(one.attached_to == node.id for one in self.process.nodes.values()):
            yield self._tell(node, "event-subprocess-plain")

    def _boundary(self, node: Node) -> Iterator[Problem]:
        host = self.process.nodes.get(node.attached_to or "")
        if host is None or node.event.kind != "compensation":
            return
        if self.outgoing[node.id]:
            yield self._tell(node, "flow-beside")
        handler = self.process.nodes.get(host.undone_by or "")
        if handler is None or handler.parent != host.parent:
            yield self._tell(node, "compensation-handler-missing")

    def _compensated(self, node: Node, activity: str) -> Iterator[Problem]:
        found, scope = self.process.nodes.get(activity), node.parent
        while scope is not None and self.process.nodes[scope].triggered:
            scope = self.process.nodes[scope].parent
        if found is None or found.parent != scope:
            yield self._tell(node, "compensation-activity", activity=activity)
        elif found.undone_by is None and found.type not in SUBPROCESSES | {"callActivity"}:
            yield self._tell(node, "compensation-nothing", activity=activity)

    def _cancel(self, node: Node) -> Iterator[Problem]:
        nodes = self.process.nodes
        home = nodes.get((node.attached_to if node.type == "boundaryEvent" else node.parent) or "")
        if home is None or home.type != "transaction":
            yield self._tell(node, "cancel-outside-transaction")
        elif node.type == "endEvent" and not any(
            one.attached_to == home.id and one.event.has("cancel") for one in nodes.values()
        ):
            yield self._tell(node, "cancel-uncaught")

    def _event_gateway(self, node: Node) -> Iterator[Problem]:
        targets = [self.process.nodes.get(flow.target) for flow in self.outgoing[node.id]]
        tasks = any(target is not None and target.type == "receiveTask" for target in targets)
        events = any(
            target is not None and target.type != "receiveTask" and target.event.has("message") for target in targets
        )
        if tasks and events:
            yield self._tell(node, "event-gateway-mixed")

    def _flow(self, flow: Flow) -> Iterator[Problem]:
        ends = {self.homes.get(flow.source), self.homes.get(flow.target)} - {None}
        if len(ends) > 1 or ends - {self.process.id}:
            yield self._tell(flow, "flow-crosses-pools")
        source = self.process.nodes.get(flow.source)
        if source is None:
            return
        if flow.condition and "Event" in source.type:
            yield self._tell(flow, "condition-after-event")

    def _default(self, node: Node) -> Iterator[Problem]:
        own = {flow.id for flow in self.outgoing[node.id]}
        if "Gateway" not in node.type and node.default is not None and node.default not in own:
            yield self._tell(node, "default-elsewhere", flow=node.default)

"""Rules of flows and gateways: which way to go."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from engine.bpmn import Node, Problem, Process
from engine.bpmn.normalise import doubled_flows, is_beside_another
from engine.lint.graph import Graph
from engine.lint.rules.expressions import of_expression, shape

_WAITABLE: Final = frozenset({"message", "signal", "timer", "conditional"})


def of_conditions(process: Process) -> Iterator[Problem]:
    """Yield conditions that cannot be read, and flows that are drawn twice."""
    for flow in process.flows:
        if flow.condition:
            yield from of_expression(process, flow, flow.condition)
    for flow in doubled_flows(process):
        nodes = [process.nodes.get(end) for end in (flow.source, flow.target)]
        source, target = (node.name or node.id if node else "?" for node in nodes)
        yield process.problem(flow, "warning", "flow-twice", source=source, target=target)


def of_gateway(graph: Graph, node: Node) -> Iterator[Problem]:
    """Yield what is wrong with the ways a gateway leads to, or with what comes to it."""
    process, outgoing = graph.process, graph.outgoing[node.id]
    if node.type in ("exclusiveGateway", "inclusiveGateway"):
        yield from _of_choice(graph, node)
    elif node.type in ("parallelGateway", "eventBasedGateway"):
        for flow in outgoing:
            if flow.condition:
                yield process.problem(flow, "refused", "condition-ignored", gateway=node.id)
    if node.type == "eventBasedGateway":
        yield from _of_event_gateway(graph, node)
    if node.type == "inclusiveGateway" and len(graph.incoming[node.id]) > 1 and node.id in graph.ahead(node.id):
        yield process.problem(node, "refused", "inclusive-in-loop")


def _of_choice(graph: Graph, node: Node) -> Iterator[Problem]:
    process, flows = graph.process, graph.outgoing[node.id]
    plain = [flow for flow in flows if not flow.condition or flow.id == node.default]
    if len(flows) < 2:
        return
    if node.default is not None and node.default not in {flow.id for flow in flows}:
        yield process.problem(node, "refused", "default-elsewhere", flow=node.default)
    if node.type == "exclusiveGateway" and len(plain) == len(flows) and node.default is None:
        yield process.problem(node, "warning", "gateway-undecided", ways=len(flows))
        return
    if len(plain) > 1:
        for flow in sorted(plain, key=lambda flow: flow.id != node.default)[1:]:
            twice = is_beside_another(flow)
            yield process.problem(flow, "refused", "condition-missing", gateway=node.name or node.id, twice=twice)
    elif not plain:
        yield process.problem(node, "warning", "default-missing")
    elif node.default is None:
        yield process.problem(plain[0], "note", "default-implied", gateway=node.id)
    elif plain[0].condition:
        yield process.problem(plain[0], "warning", "default-with-condition")
    if node.type == "exclusiveGateway":
        yield from _of_same_conditions(graph, node)


def _of_same_conditions(graph: Graph, node: Node) -> Iterator[Problem]:
    shapes = {flow.id: shape(flow.condition) for flow in graph.outgoing[node.id] if flow.condition}
    times = Counter(shapes.values())
    for flow in graph.outgoing[node.id]:
        if flow.condition and times[shapes[flow.id]] > 1:
            yield graph.process.problem(flow, "warning", "condition-twice", expression=flow.condition)


def _of_event_gateway(graph: Graph, node: Node) -> Iterator[Problem]:
    for flow in graph.outgoing[node.id]:
        target = graph.process.nodes[flow.target]
        # BPMN 2.0, 10.5.6: a multiple event may stand here, a parallel multiple one may not.
        fitting = not target.event.together and all(event.kind in _WAITABLE for event in target.event.each)
        waits = target.type in ("intermediateCatchEvent", "receiveTask") and fitting
        disturbed = target.loop is not None or graph.borders[target.id] or len(graph.incoming[target.id]) > 1
        if not waits or disturbed:
            yield graph.process.problem(target, "refused", "event-gateway-target", gateway=node.id)
    if len(graph.outgoing[node.id]) < 2:
        yield graph.process.problem(node, "refused", "event-gateway-single")

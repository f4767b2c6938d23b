"""Make a process regular: link events, implicit starts and ends, and flows that split at activities become explicit."""

import copy
from collections import defaultdict

from engine.bpmn.model import GATEWAYS, SUBPROCESSES, Event, Flow, Node, Process


def normalised(process: Process) -> Process:
    """Return a regular copy; what was cured or cannot be cured is told in its problems."""
    regular = copy.deepcopy(process)
    _drop_dangling_flows(regular)
    _rewrite_links(regular)
    for parent in [None, *[node.id for node in regular.nodes.values() if node.type in SUBPROCESSES]]:
        _add_start(regular, parent)
        _add_ends(regular, parent)
    _split_explicitly(regular)
    _part_doubled_flows(regular)
    return regular


def _part_doubled_flows(process: Process) -> None:
    """Two flows between the same two nodes are two ways: an empty step on the second keeps them apart."""
    seen: set[tuple[str, str]] = set()
    for flow in list(process.flows):
        if (flow.source, flow.target) in seen:
            source = process.nodes[flow.source]
            between = _add(process, _way_of(flow), "intermediateThrowEvent", source.parent, source)
            process.flows.append(Flow(f"{flow.id}>on", between.id, flow.target, parent=source.parent, line=flow.line))
            flow.target = between.id
        seen.add((flow.source, flow.target))


def _tell(process: Process, level: str, rule: str, where: Node | Flow | Process, **facts: object) -> None:
    process.problems.append(process.problem(where, level, rule, **facts))


def _drop_dangling_flows(process: Process) -> None:
    kept = []
    for flow in process.flows:
        source, target = process.nodes.get(flow.source), process.nodes.get(flow.target)
        if source is None or target is None:
            missing = flow.source if source is None else flow.target
            _tell(process, "refused", "flow-dangling", flow, missing=missing or "-")
        elif source.parent != target.parent:
            _tell(process, "refused", "flow-crosses-border", flow)
        elif source.type == "endEvent" or target.type in ("startEvent", "boundaryEvent"):
            _tell(process, "refused", "flow-direction", flow)
        else:
            kept.append(flow)
    process.flows = kept


def _rewrite_links(process: Process) -> None:
    """A link is drawn instead of a long line: both ends become plain events joined by a flow."""
    catches: dict[tuple[str | None, str], Node] = {}
    for node in process.nodes.values():
        if node.event.kind == "link" and node.type == "intermediateCatchEvent":
            if (node.parent, node.event.name) in catches:
                _tell(process, "refused", "link-twice", node, link=node.event.name)
            catches[node.parent, node.event.name] = node
    used = set()
    for node in list(process.nodes.values()):
        if node.event.kind != "link" or node.type == "intermediateCatchEvent":
            continue
        target = catches.get((node.parent, node.event.name))
        if target is None or node.type != "intermediateThrowEvent":
            _tell(process, "refused", "link-open", node, link=node.event.name)
            continue
        used.add(target.id)
        _tell(process, "note", "link-rewritten", node, link=node.event.name)
        process.flows.append(Flow(f"{node.id}>link", node.id, target.id, parent=node.parent, line=node.line))
        node.event = Event("none")
    for node in catches.values():
        if node.id not in used:
            _tell(process, "refused", "link-open", node, link=node.event.name)
        node.type, node.event = "intermediateThrowEvent", Event("none")


def _add_start(process: Process, parent: str | None) -> None:
    nodes = process.scope(parent)
    if any(node.type == "startEvent" for node in nodes):
        return
    if parent and not nodes:
        _tell(process, "draft", "subprocess-empty", process.nodes[parent])
        _add(process, f"{parent}>start", "startEvent", parent, process.nodes[parent])
        return
    targets = {flow.target for flow in process.flows}
    first = [n for n in nodes if n.id not in targets and n.type != "boundaryEvent" and not n.beside]
    where: Node | Process = process.nodes[parent] if parent else process
    if not first:
        _tell(process, "refused", "start-missing", where)
        return
    _tell(process, "note", "start-implied", where)
    start = _add(process, f"{parent or process.id}>start", "startEvent", parent, where)
    for node in first:
        process.flows.append(Flow(f"{start.id}>{node.id}", start.id, node.id, parent=parent, line=node.line))


def _add_ends(process: Process, parent: str | None) -> None:
    sources = {flow.source for flow in process.flows}
    for node in process.scope(parent):
        undone_here = node.type == "boundaryEvent" and node.event.kind == "compensation"
        if node.type == "endEvent" or node.id in sources or node.beside or undone_here:
            continue
        if node.type in GATEWAYS:
            _tell(process, "refused", "gateway-without-exit", node)
            continue
        _tell(process, "note", "end-implied", node)
        end = _add(process, f"{node.id}>end", "endEvent", parent, node)
        process.flows.append(Flow(f"{node.id}>{end.id}", node.id, end.id, parent=parent, line=node.line))


def _split_explicitly(process: Process) -> None:
    outgoing: defaultdict[str, list[Flow]] = defaultdict(list)
    for flow in process.flows:
        outgoing[flow.source].append(flow)
    for node in list(process.nodes.values()):
        flows = outgoing[node.id]
        if node.type in GATEWAYS or not flows:
            continue
        conditional = [flow for flow in flows if flow.condition and flow.id != node.default]
        if len(flows) == 1 and not conditional:
            continue
        kind = "inclusiveGateway" if conditional else "parallelGateway"
        _tell(process, "note", "split-rewritten", node, gateway=kind, flows=len(flows))
        gateway = _add(process, f"{node.id}>split", kind, node.parent, node)
        gateway.default, node.default = node.default, None
        for flow in flows:
            flow.source = gateway.id
            if kind == "inclusiveGateway" and not flow.condition and flow.id != gateway.default:
                flow.condition = "True"
        process.flows.append(Flow(f"{node.id}>{gateway.id}", node.id, gateway.id, parent=node.parent, line=node.line))


def _add(process: Process, node_id: str, kind: str, parent: str | None, where: Node | Process) -> Node:
    lane, role = (where.lane, where.lane_role) if isinstance(where, Node) else (None, None)
    node = Node(node_id, kind, parent=parent, line=where.line, lane=lane, lane_role=role, synthetic=True)
    process.nodes[node_id] = node
    return node


def _way_of(flow: Flow) -> str:
    return f"{flow.id}>way"


def is_beside_another(flow: Flow) -> bool:
    """Tell whether a flow of a normalised process was drawn beside another one between the same two nodes."""
    return flow.target == _way_of(flow)


def doubled_flows(process: Process) -> list[Flow]:
    """Return flows beside another one between the same two nodes, which is the default, or the first of them."""
    defaults = {node.default for node in process.nodes.values()}
    kept: dict[tuple[str, str], str] = {}
    for flow in sorted(process.flows, key=lambda flow: flow.id not in defaults):
        kept.setdefault((flow.source, flow.target), flow.id)
    return [flow for flow in process.flows if kept[flow.source, flow.target] != flow.id]

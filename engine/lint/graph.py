"""How the elements of a process are connected."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from engine.bpmn import SUBPROCESSES, Flow, Process


class Graph:
    """The flows of a process by their ends, and what can be reached."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.outgoing: defaultdict[str, list[Flow]] = defaultdict(list)
        self.incoming: defaultdict[str, list[Flow]] = defaultdict(list)
        for flow in process.flows:
            self.outgoing[flow.source].append(flow)
            self.incoming[flow.target].append(flow)
        self.borders: defaultdict[str, list[str]] = defaultdict(list)
        for node in process.nodes.values():
            if node.attached_to:
                self.borders[node.attached_to].append(node.id)

    def reached(self, *, until: Collection[str] = ()) -> set[str]:
        """Return all that can ever happen, or that can happen before any of some elements is over."""
        return self._closure(self._beginning(None), until)

    def ahead(self, node_id: str) -> set[str]:
        """Return what can be reached from a node, itself only by a loop."""
        return self._closure(self._next(node_id))

    def branches(self, node_id: str) -> list[set[str]]:
        """Return for each flow that leaves a node what can be reached by it."""
        return [self._closure([flow.target]) for flow in self.outgoing[node_id]]

    def _beginning(self, parent: str | None) -> list[str]:
        return [node.id for node in self.process.scope(parent) if node.type == "startEvent" or node.beside]

    def _next(self, node_id: str) -> list[str]:
        return [*(flow.target for flow in self.outgoing[node_id]), *self.borders[node_id], *self._inside(node_id)]

    def _inside(self, node_id: str) -> list[str]:
        return self._beginning(node_id) if self.process.nodes[node_id].type in SUBPROCESSES else []

    def _closure(self, first: Iterable[str], until: Collection[str] = ()) -> set[str]:
        seen: set[str] = set()
        pending = list(first)
        while pending:
            current = pending.pop()
            if current not in seen:
                seen.add(current)
                pending += self._inside(current) if current in until else self._next(current)
        return seen

"""Rules of parallel branches: what one writes and another one writes or reads before they meet."""

from collections.abc import Iterator
from itertools import combinations, permutations

from engine.bpmn import Node, Problem
from engine.lint import data_flow
from engine.lint.graph import Graph
from engine.lint.rules.files import Files


def of_split(graph: Graph, node: Node, given: Files) -> Iterator[Problem]:
    """Yield where branches that begin at a gateway get into each other's way."""
    if node.type in ("parallelGateway", "inclusiveGateway") and len(graph.outgoing[node.id]) > 1:
        branches = _Branches(graph, node, given)
        yield from branches.clashes()
        yield from branches.crossings()


class _Branches:
    def __init__(self, graph: Graph, node: Node, given: Files) -> None:
        self.graph = graph
        self.ways = graph.branches(node.id)
        self.given = given

    def clashes(self) -> Iterator[Problem]:
        """Two branches that answer the same field would disagree where they meet."""
        told = set()
        for left, right in combinations(self.ways, 2):
            fields: dict[str, Node] = {}
            for task in self._in_order(left - right):
                fields |= dict.fromkeys(self._answers(task), task)
            for task in self._in_order(right - left):
                for name in sorted(self._answers(task) & fields.keys()):
                    if (task.id, name) not in told:
                        told.add((task.id, name))
                        facts = {"field": name, "other": fields[name].id}
                        yield self.graph.process.problem(task, "warning", "same-field-in-parallel", **facts)

    def crossings(self) -> Iterator[Problem]:
        """A branch does not see what another one writes before they meet: what would read it is refused.

        So is what both read and then write, as a counter: of two steps further one would be left.
        """
        told = set()
        for left, right in permutations(self.ways, 2):
            writers = {name: one for one in self._in_order(left - right) for name in self._writes(one)}
            readers = self._in_order(right - left)
            asked = {one.id: data_flow.asked_by(one, self.graph.outgoing[one.id]) for one in readers}
            own = {name for one in readers for name in self._writes(one) - asked[one.id]}
            for one in readers:
                for name in sorted(asked[one.id] & writers.keys() - own):
                    if (one.id, name) not in told:
                        told.add((one.id, name))
                        facts = {"field": name, "other": writers[name].id}
                        yield self.graph.process.problem(one, "refused", "read-in-parallel", **facts)

    def _in_order(self, ids: set[str]) -> list[Node]:
        return [node for node in self.graph.process.nodes.values() if node.id in ids]

    def _writes(self, node: Node) -> frozenset[str]:
        return data_flow.written_by(node) | self._answers(node)

    def _answers(self, node: Node) -> frozenset[str]:
        return self.given.fields(node)

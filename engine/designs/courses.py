"""The course of a process: its pieces of work in their order, and the ways between them across nested pages."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from engine.bpmn import SUBPROCESSES, Node, Process
from engine.bpmn.model import TASKS
from engine.lint.graph import Graph

_WORK: Final = TASKS | {"callActivity"}
_Links = Mapping[str, Collection[str]]


class _Link(NamedTuple):
    target: str
    chosen: str | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """How it goes on: what was chosen or came on the way, where it leads, whether that is back to what was before."""

    chosen: tuple[str, ...]
    to: Node
    returns: bool


@dataclass(frozen=True, slots=True)
class Return:
    """A way back: what it is called, after which work it may be taken, and from which work on all is done again.

    `to` is None where no work follows.
    """

    name: str
    after: tuple[Node, ...]
    to: Node | None


class Course:
    """A process without the borders of its sub-processes: each is a point where it begins and one where it ends."""

    def __init__(self, process: Process) -> None:
        self._nodes = process.nodes
        self._pages = {node.parent for node in process.nodes.values()}
        self._links: defaultdict[str, list[_Link]] = defaultdict(list)
        graph = Graph(process)
        for flow in process.flows:
            if flow.source in self._nodes and flow.target in self._nodes:
                self._links[self._end(flow.source)].append(_Link(flow.target, flow.name))
        for node in process.nodes.values():
            self._cross_borders(graph, node)
        self._order, self._returning = self._ordered(graph)
        self._ahead, self._behind = self._by_ends()

    def work(self) -> list[Node]:
        """Return the pieces of work in the order of the flow; what stands beside it comes last."""
        return self._work(self._nodes[point] for point in self._order if point in self._nodes)

    def ways(self, node: Node) -> list[Way]:
        """Follow what leaves a node until the next work or the end, by each point between once."""
        found, seen = [], set[str]()
        pending = deque([(self._end(node.id), (), False)])
        while pending:
            source, before, was_back = pending.popleft()
            for link in self._links[source]:
                reached = self._nodes.get(link.target)
                chosen = (*before, *([link.chosen] if link.chosen else ()))
                back = was_back or (source, link.target) in self._returning
                if reached and (self._is_work(reached) or (reached.type == "endEvent" and not self._links[reached.id])):
                    found.append(Way(chosen, reached, back))
                elif link.target not in seen:
                    seen.add(link.target)
                    came = [reached.name] if reached and reached.type == "intermediateCatchEvent" else []
                    pending.append((link.target, (*chosen, *filter(None, came)), back))
        return found

    def after(self, node: Node) -> list[Node]:
        """Return a piece of work and what lies between it and the next, ways back left out."""
        return self._between(node, self._end(node.id), self._ahead)

    def before(self, node: Node) -> list[Node]:
        """Return a piece of work and what lies between it and the one before, ways back left out."""
        return self._between(node, node.id, self._behind)

    def returns(self) -> list[Return]:
        """List the ways back, in the order of what they lead away from."""
        links = [(source, link) for source in self._order for link in self._links[source]]
        return [self._return(source, link) for source, link in links if (source, link.target) in self._returning]

    def _return(self, source: str, link: _Link) -> Return:
        left = self._nodes.get(source)
        after = self._met([source], self._behind)
        again = self._work(self._met([link.target], self._ahead))
        first = min(again, key=lambda node: self._order.index(node.id), default=None)
        return Return(link.chosen or (left.name if left else None) or "", tuple(self._work(after)), first)

    def _between(self, node: Node, first: str, links: _Links) -> list[Node]:
        return [node, *(one for one in self._met(links[first], links) if not self._is_work(one))]

    def _met(self, first: Collection[str], links: _Links) -> list[Node]:
        """Return what is met from some points on, the next work included and nothing beyond it."""
        seen, pending = dict.fromkeys(first), deque(first)
        while pending:
            point = pending.popleft()
            if point in self._nodes and self._is_work(self._nodes[point]):
                continue
            fresh = [one for one in links[point] if one not in seen]
            seen |= dict.fromkeys(fresh)
            pending.extend(fresh)
        return [self._nodes[point] for point in seen if point in self._nodes]

    def _work(self, nodes: Iterable[Node]) -> list[Node]:
        return [node for node in nodes if self._is_work(node)]

    def _is_work(self, node: Node) -> bool:
        """Tell whether something is done here; a sub-process in which nothing is drawn stands for its work."""
        return node.type in _WORK or (node.type in SUBPROCESSES and node.id not in self._pages)

    def _end(self, id: str) -> str:
        """Return the point where a node is left: of a sub-process another one than where it begins."""
        return f"{id}/" if id in self._pages else id

    def _cross_borders(self, graph: Graph, node: Node) -> None:
        """Let a sub-process begin with what nothing leads to, and end with what leads nowhere."""
        parent = node.parent
        if parent not in self._nodes or node.beside:
            return
        if not graph.incoming[node.id] and not node.attached_to:
            self._links[parent].append(_Link(node.id))
        if not graph.outgoing[node.id] and not node.event.has("error", "terminate"):
            self._links[self._end(node.id)].append(_Link(f"{parent}/"))

    def _ordered(self, graph: Graph) -> tuple[list[str], set[tuple[str, str]]]:
        """Order all points so that each comes after what leads to it, ways back excepted; return these too."""
        aside = {self._end(host): borders for host, borders in graph.borders.items() if host in self._nodes}
        steps = {point: [link.target for link in links] for point, links in self._links.items()}
        for host, borders in aside.items():
            steps[host] = [*steps.get(host, ()), *borders]
        targets = {target for reached in steps.values() for target in reached}
        first = sorted((id for id in self._nodes if id not in targets), key=lambda id: self._nodes[id].beside)
        order, returning = _searched(first, steps)
        others, more = _searched([id for id in self._nodes if id not in order], steps, known=order)
        return [*order, *others], returning | more

    def _by_ends(self) -> tuple[_Links, _Links]:
        ahead, behind = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
        for source, links in self._links.items():
            for link in links:
                if (source, link.target) not in self._returning:
                    ahead[source].append(link.target)
                    behind[link.target].append(source)
        return ahead, behind


def _searched(
    roots: Iterable[str], steps: _Links, *, known: Collection[str] = ()
) -> tuple[list[str], set[tuple[str, str]]]:
    """Search in depth from roots; return what was found, last left first, and the steps that lead back.

    Backwards through roots and steps, so that what is written first comes first.
    """
    left, returning, entered, on_way = [], set[tuple[str, str]](), set(known), set[str]()
    pending = [(root, False) for root in roots]
    while pending:
        point, leaving = pending.pop()
        if leaving:
            on_way.remove(point)
            left.append(point)
        elif point not in entered:
            entered.add(point)
            on_way.add(point)
            reached = steps.get(point, ())
            returning |= {(point, target) for target in reached if target in on_way}
            pending += [(point, True), *((target, False) for target in reached)]
    return left[::-1], returning

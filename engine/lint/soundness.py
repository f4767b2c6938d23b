"""Soundness: a join that never completes, a dead step and a loop without exit, found by playing tokens."""

from collections import defaultdict
from collections.abc import Iterator

from engine.bpmn import Flow, Node, Problem, Process
from engine.bpmn.reading import MAX_NODES
from engine.lint.tokens import WORK, Game, Net


def check(process: Process) -> list[Problem]:
    """Return what the courses of a normalised process tell: refused only what no course contradicts.

    Conditions are not looked at: every decision may go either way. A graph that had to be mended is left alone.
    """
    if len(process.nodes) > 2 * MAX_NODES or any(problem.level == "refused" for problem in process.problems):
        return []
    nodes: defaultdict[str | None, list[Node]] = defaultdict(list)
    for node in process.nodes.values():
        nodes[node.parent].append(node)
    flows: defaultdict[str | None, list[Flow]] = defaultdict(list)
    for flow in process.flows:
        flows[process.nodes[flow.source].parent].append(flow)
    problems: list[Problem] = []
    endless: set[str] = set()  # sub-processes that never complete
    blamed: set[str] = set()  # those of them of which it was told why
    spare = WORK
    # In a document what is inside comes after what is around it.
    for parent in [*(id for id in reversed(process.nodes) if id in nodes), None]:
        game = Game(Net(nodes[parent], flows[parent], frozenset(endless)), spare)
        spare = game.spare
        scope = _Scope(process, parent, game, blamed)
        told = list(scope.problems())
        problems += told
        if parent is not None and not scope.may_complete(process.nodes[parent]):
            endless.add(parent)
            if scope.blamed or told:
                blamed.add(parent)
    return problems


Standing = tuple[tuple[str, str | None], ...]


def stuck_from(process: Process, parent: str | None, standing: Standing) -> frozenset[str]:
    """Return the joins of one scope that would wait for ever for want of the tokens that stand there, or nothing.

    `standing` says where tokens are: (element, the element a waiting join was reached from). What gets stuck from the
    start of the process as well is not for want of these.
    """
    nodes = process.scope(parent)
    flows = [flow for flow in process.flows if process.nodes[flow.source].parent == parent]
    net = Net(nodes, flows, frozenset())
    first = tuple(sorted(place for one in standing for place in _place_of(net, *one)))
    game = Game(net, first=first) if first else None
    if game is None or not game.decided:
        return frozenset()
    known = Game(net).stuck if game.stuck else set()
    return frozenset(nodes[number].id for stuck in game.stuck - known for number in stuck)


def _place_of(net: Net, element: str, via: str | None) -> list[int]:
    incoming = net.incoming[net.number[element]]
    return [place for place in incoming if via is None or net.nodes[net.source[place]].id == via][:1]


class _Scope:
    """The findings of one process or sub-process."""

    def __init__(self, process: Process, parent: str | None, game: Game, blamed: set[str]) -> None:
        self.process = process
        self.parent = parent
        self.net = net = game.net
        self.game = game
        self.reached = {n for start in net.starts for n in (start, *net.ahead(start))}
        arrived = {*net.starts, *(net.target[place] for place in self.game.marked)}
        self.arrived = arrived | {event for host in arrived for event in net.borders[host]}
        self.blamed = {net.number[id] for id in blamed & net.number.keys()} & self.arrived
        self.never = self._never()

    def problems(self) -> Iterator[Problem]:
        yield from self._joins()
        yield from self._dead()
        yield from self._loops()
        yield from self._multiplied()

    def may_complete(self, host: Node) -> bool:
        """Say whether the sub-process can end normally, as far as is known."""
        beside = any(node.triggered for node in self.net.nodes)
        return self.game.completes or beside or host.loop is not None

    def _tell(self, number: int, level: str, rule: str, **facts: object) -> Problem:
        node = self.net.nodes[number]
        return Problem(level, rule, self.process.file, node.line, node.id, node.name, facts)

    def _never(self) -> set[int]:
        if not self.game.decided:
            return set()
        return {join for join in self.net.joins if join in self.arrived and join not in self.game.moved}

    def _behind(self, numbers: set[int]) -> set[int]:
        return {ahead for number in numbers for ahead in self.net.ahead(number)}

    def _joins(self) -> Iterator[Problem]:
        explained = self._behind(self.blamed)
        for join in self.net.roots(self.never):
            if join not in explained:
                yield self._tell(join, "refused", "join-never", flows=len(self.net.incoming[join]))
        waiting = {number for together in self.game.stuck for number in self.net.roots(together)}
        for join in sorted(waiting & self.net.joins - self.never):
            yield self._tell(join, "warning", "join-may-wait", flows=len(self.net.incoming[join]))

    def _dead(self) -> Iterator[Problem]:
        if not self.game.decided:
            return
        dead = self.reached - self.arrived - self._behind(self.never | self.blamed)
        for number in self.net.roots({n for n in dead if not self.net.nodes[n].synthetic}):
            yield self._tell(number, "warning", "dead-node")

    def _loops(self) -> Iterator[Problem]:
        for loop in self._endless_loops():
            if not self._may_be_stopped(loop):
                drawn = sorted(number for number in loop if not self.net.nodes[number].synthetic)
                yield self._tell(drawn[0], "refused", "loop-without-exit", nodes=len(drawn))

    def _endless_loops(self) -> Iterator[set[int]]:
        """Yield the loops that have nothing ahead but themselves."""
        reach, told = self.net.reach, set[int]()
        for number in sorted(self.reached):
            if number not in told and reach[number] >> number & 1:
                ahead = self.net.ahead(number)
                if all(reach[other] == reach[number] for other in ahead):
                    told |= ahead
                    yield ahead

    def _may_be_stopped(self, loop: set[int]) -> bool:
        """Say whether something beside the loop may end it: a terminate end, an event around it, an error elsewhere."""
        if self.net.ending and not self.game.decided:
            return True
        if any(self.net.target[place] in loop for place in self.game.ended_beside):
            return True
        around = list(self._around())
        return any(self._stops(node, around) for node in self.process.nodes.values())

    def _around(self) -> Iterator[str | None]:
        """Yield this scope and those around it."""
        parent = self.parent
        while parent is not None:
            yield parent
            parent = self.process.nodes[parent].parent
        yield None

    def _stops(self, node: Node, around: list[str | None]) -> bool:
        if node.type == "endEvent" and node.parent != self.parent:
            return node.event.has("error") or (node.event.has("terminate", "cancel") and node.parent in around)
        if node.type == "boundaryEvent":
            return node.interrupting and node.event.kind != "compensation" and node.attached_to in around
        if node.id in around:
            return node.loop is not None and node.loop.condition is not None
        return node.triggered and node.parent in around

    def _multiplied(self) -> Iterator[Problem]:
        """Tell where a loop begins more than it ends; what a round leaves behind beside the loop is no matter."""
        net = self.net
        piled = {net.reach[net.source[place]] for place in self.game.overflowing - net.resting}
        for number in net.roots({n for n in self.arrived if net.reach[n] in piled and self._sends_two_back(n)}):
            drawn = net.source[net.incoming[number][0]] if net.nodes[number].synthetic else number
            yield self._tell(drawn, "warning", "tokens-multiply")

    def _sends_two_back(self, number: int) -> bool:
        reach, target = self.net.reach, self.net.target
        return any(sum(reach[target[place]] >> number & 1 for place in way) > 1 for way in self.net.ways[number])

"""The token game of one scope: what its flow graph can come to, whatever is decided and however long work takes."""

from collections.abc import Iterable, Iterator, Set
from itertools import combinations, pairwise
from typing import Final, NamedTuple

from engine.bpmn import Flow, Node

Marking = tuple[int, ...]  # the place of each token, sorted; ~place: any number of tokens lies there, perhaps none

MOST: Final = 3  # more tokens on one place count from then on as any number
# How many tokens are looked at before a diagram is given up: so many, and more for each element, so that the time
# grows with the diagram and no faster.
WORK: Final = 100_000
_WORK_PER_NODE: Final = 1_500


def places_of(marking: Marking) -> set[int]:
    """Return the places of a marking that may hold a token."""
    return {place if place >= 0 else ~place for place in marking}


class Move(NamedTuple):
    """An element that can take tokens; the one with the least left ahead of it goes first."""

    left_over: int
    node: int
    taken: tuple[int, ...]


class Net:
    """The flow graph of one scope. Its places are the sequence flows, and one for each sub-process that never ends."""

    def __init__(self, nodes: list[Node], flows: list[Flow], endless: frozenset[str]) -> None:
        self.nodes = nodes
        self.flows = flows
        self.number = {node.id: number for number, node in enumerate(nodes)}
        self.source = [self.number[flow.source] for flow in flows]
        self.target = [self.number[flow.target] for flow in flows]
        self.outgoing: list[list[int]] = [[] for _ in nodes]
        self.incoming: list[list[int]] = [[] for _ in nodes]
        for place, (source, target) in enumerate(zip(self.source, self.target, strict=True)):
            self.outgoing[source].append(place)
            self.incoming[target].append(place)
        self.borders: list[list[int]] = [[] for _ in nodes]
        for number, node in enumerate(nodes):
            if node.attached_to in self.number and node.event.kind != "compensation":
                self.borders[self.number[node.attached_to]].append(number)
        self.endless = {self.number[id]: len(flows) + n for n, id in enumerate(sorted(endless & self.number.keys()))}
        self.target += self.endless
        self.starts = [number for number, node in enumerate(nodes) if node.type == "startEvent"]
        self.reach = self._reach()
        self.order = self._order()
        self.left_over = [mask.bit_count() for mask in self.reach]
        self._find_joins()
        self._find_rest()
        self._known_before: dict[int, int] = {}
        self.capped = False
        # The short way out first: what goes wrong in a plain course is seen before tokens pile up in a long one.
        self.ways = [sorted(self._ways(number), key=self._way_left) for number in range(len(nodes))]

    def _next(self) -> list[list[int]]:
        leaving = [[self.target[place] for place in places] for places in self.outgoing]
        return [[*targets, *events] for targets, events in zip(leaving, self.borders, strict=True)]

    def _reach(self) -> list[int]:
        """Return for each element, as a bit mask, what lies ahead of it: itself only by a loop."""
        pairs = [(source, target) for source, targets in enumerate(self._next()) for target in targets]
        reach = [0] * len(self.nodes)
        growing = True
        while growing:
            growing = False
            for source, target in reversed(pairs):
                ahead = reach[source] | reach[target] | 1 << target
                growing = growing or ahead != reach[source]
                reach[source] = ahead
        return reach

    def _order(self) -> dict[int, int]:
        """Number what can be reached so that every line leads to a lower number, unless it leads back."""
        following = self._next()
        order: dict[int, int] = {}
        seen: set[int] = set()
        pending = list(self.starts)
        while pending:
            number = pending.pop()
            if number < 0:  # all that follows has its number
                order[~number] = len(order)
            elif number not in seen:
                seen.add(number)
                pending += [~number, *reversed(following[number])]
        return order

    def _find_joins(self) -> None:
        joining = [number for number, places in enumerate(self.incoming) if len(places) > 1]
        self.joins = {n for n in joining if self.nodes[n].type in ("parallelGateway", "inclusiveGateway")}
        self.inclusive = {n for n in self.joins if self.nodes[n].type == "inclusiveGateway"}
        # Tokens on these places keep an inclusive join waiting, as in engine/runner/gateways.py.
        self.upstream = {
            join: {p for p, node in enumerate(self.target) if node != join and self.reach[node] >> join & 1}
            for join in self.inclusive
        }

    def _find_rest(self) -> None:
        """Find the places that a token never leaves."""
        ending = [(p, self.nodes[n].event) for p, n in enumerate(self.target) if self.nodes[n].type == "endEvent"]
        self.terminating = {place for place, event in ending if event.has("terminate")}
        self.ending = self.terminating | {place for place, event in ending if event.has("error", "cancel")}
        self.resting = self.ending | set(self.endless.values())

    def _ways(self, number: int) -> Iterator[tuple[int, ...]]:
        """Yield the sets of flows that tokens can leave an element by."""
        node, outgoing = self.nodes[number], self.outgoing[number]
        if node.type in ("exclusiveGateway", "eventBasedGateway"):
            yield from ((place,) for place in outgoing)
        elif node.type == "inclusiveGateway":
            yield from self._chosen(node, outgoing)
        else:
            yield from self._done_or_interrupted(number)

    def _way_left(self, way: tuple[int, ...]) -> int:
        return max((self.left_over[self.target[place]] for place in way), default=0)

    def _chosen(self, node: Node, outgoing: list[int]) -> Iterator[tuple[int, ...]]:
        open_ = [place for place in outgoing if not self.flows[place].condition]
        default = [p for p in outgoing if self.flows[p].id == node.default] or (open_ if len(open_) == 1 else [])
        # Normalisation writes "True" at the flow without a condition that leaves an activity beside conditional ones.
        sure = tuple(p for p in outgoing if p not in default and self.flows[p].condition == "True")
        free = [place for place in outgoing if place not in default and place not in sure]
        yield from (sure + some for some in self._some(free) if sure or some)
        yield from ((*sure, place) for place in default)

    def _done_or_interrupted(self, number: int) -> Iterator[tuple[int, ...]]:
        endless = self.endless.get(number)
        exits = [tuple(self.outgoing[number]) if endless is None else (endless,)]
        besides = []
        for event in self.borders[number]:
            if self.nodes[event].interrupting:
                exits.append(tuple(self.outgoing[event]))
            else:
                besides.append(event)
        for events in self._some(besides):
            more = tuple(place for event in events for place in self.outgoing[event])
            yield from (exit + more for exit in exits)

    def _some(self, of: list[int]) -> Iterator[tuple[int, ...]]:
        """Yield subsets: every one of four, and of more the smallest and the whole."""
        count = len(of)
        sizes = range(count + 1) if count <= 4 else (0, 1, 2, count) if count <= 6 else (0, 1, count)
        self.capped = self.capped or count > 4
        for size in sizes:
            yield from combinations(of, size)

    def moves(self, marking: Marking) -> list[Move]:
        """Return what can happen next, the furthest ahead first."""
        found: list[Move] = []
        gathered: dict[int, list[int]] = {}
        for place in places_of(marking) - self.resting:
            node = self.target[place]
            if node in self.joins:
                gathered.setdefault(node, []).append(place)
            else:
                found.append(Move(self.left_over[node], node, (place,)))
        for join, places in gathered.items():
            if self._is_complete(join, places, marking):
                found.append(Move(self.left_over[join], join, tuple(places)))
        return sorted(found)

    def _is_complete(self, join: int, places: list[int], marking: Marking) -> bool:
        if join not in self.inclusive:
            return len(places) == len(self.incoming[join])
        return self.upstream[join].isdisjoint(marking)

    def after(self, marking: Marking, move: Move) -> Iterator[Marking]:
        """Yield the markings that an element can leave behind."""
        left = list(marking)
        for place in move.taken:
            if move.node in self.inclusive:
                left = [other for other in left if other != place]
            elif place in left:
                left.remove(place)
        for way in self.ways[move.node]:
            held = list(left)
            for place in way:
                count = held.count(place)
                if count == MOST:
                    held = [~place, *(other for other in held if other != place)]
                elif not (count and place in self.resting) and ~place not in held:
                    held.append(place)
            yield tuple(sorted(held))

    def ahead(self, number: int) -> set[int]:
        """Return what lies ahead of an element."""
        mask = self.reach[number]
        return {other for other in range(len(self.nodes)) if mask >> other & 1}

    def roots(self, numbers: Set[int]) -> list[int]:
        """Return those that do not merely lie behind another one; of those in one loop the first."""
        among = sum(1 << number for number in numbers)
        return [number for number in sorted(numbers) if not among & self._before(number)]

    def _before(self, number: int) -> int:
        if number not in self._known_before:
            place = self.order.get(number, -1)
            self._known_before[number] = sum(
                1 << other
                for other, reach in enumerate(self.reach)
                if reach >> number & 1 and (self.order.get(other, -1) > place or not self.reach[number] >> other & 1)
            )
        return self._known_before[number]


class Game:
    """What was seen when every course of a net was played.

    No token is ever taken from an element by another one, so that in each marking it is enough to move one element,
    in all its ways, unless that only leads back to where the course has been: then the others have their turn. (These
    are the persistent sets and the cycle proviso of partial-order reduction: what can happen and where tokens can be
    stuck stays the same.) The end of a scope by a terminate or error event is held back for the same reason.
    """

    def __init__(self, net: Net, spare: int = WORK, *, first: Marking | None = None) -> None:
        self.net = net
        self.marked: set[int] = set()  # places that held a token
        self.moved: set[int] = set()  # elements that took one
        self.stuck: set[frozenset[int]] = set()  # elements that wait for ever, together
        self.ended_beside: set[int] = set()  # places that held a token when the scope could be ended from beside
        self.overflowing: set[int] = set()  # places where tokens pile up
        self.completes = False
        self._seen: set[Marking] = set()
        self._left = spare + _WORK_PER_NODE * len(net.nodes)
        for marking in [tuple(net.outgoing[start]) for start in net.starts] if first is None else [first]:
            self._play(marking)
        # More tokens hold up nothing but an inclusive join: only there a course that was left out could tell more.
        guessed = net.inclusive and (net.capped or self.overflowing)
        # What such a join waits for is not clear if it lies ahead of itself; another rule refuses it.
        if any(net.reach[join] >> join & 1 for join in net.inclusive):
            guessed, self.stuck, self.overflowing = True, set(), set()
        self.decided = self._left > 0 and not guessed
        self.spare = min(spare, max(self._left, 0))
        self.completes = self.completes or not self.decided or bool(self.overflowing) or not net.starts

    def _play(self, first: Marking) -> None:
        course: dict[Marking, Iterator[Marking]] = {}
        following: Marking | None = first
        while self._left > 0:
            if following is None:
                course.popitem()
            elif following not in self._seen:
                self._seen.add(following)
                course[following] = iter(())
                course[following] = iter(self._following(following, course))
            if not course:
                return
            following = next(course[next(reversed(course))], None)

    def _following(self, marking: Marking, course: dict[Marking, Iterator[Marking]]) -> list[Marking]:
        moves = self.net.moves(marking)
        self._note(marking, resting=not moves)
        following: list[Marking] = []
        for move in moves:
            self.moved.add(move.node)
            following += (self._piled(one, marking, course) for one in self.net.after(marking, move))
            self._left -= (1 + len(marking)) * (1 + len(self.net.ways[move.node]))
            if any(one not in course for one in following):
                break
        return following

    def _piled(self, marking: Marking, last: Marking, course: Iterable[Marking]) -> Marking:
        """A course that has come back with more tokens can do so again, and there may be any number of them."""
        double = {place for place, other in pairwise(marking) if place == other}
        grown = {place for place in double if last.count(place) < marking.count(place)}
        for before in course if grown else ():
            self._left -= 1 + len(before)
            if all(marking.count(place) >= before.count(place) or ~place in marking for place in before):
                more = {place for place in grown if marking.count(place) > before.count(place)}
                left = [place for place in marking if place not in more]
                marking = tuple(sorted([*left, *(~place for place in more)]))
                grown -= more
        return marking

    def _note(self, marking: Marking, *, resting: bool) -> None:
        net, places = self.net, places_of(marking)
        many = {~place for place in marking if place < 0}
        self.marked |= places
        self.overflowing |= many
        self.completes = self.completes or not places or bool(places & net.terminating)
        if places & net.ending:
            self.ended_beside |= places
        elif resting and places and not many:
            self.stuck.add(frozenset(net.target[place] for place in places))

"""What a bundle rules: its steps in their order, who has which part in each, and what leaves the usual course.

Values only, read from the drawing as it is; `webapp/regulations` puts them into words.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from engine import bpmn
from engine.bpmn import SUBPROCESSES, Diagram, Event, Node, Process
from engine.designs.courses import Course, Way
from engine.designs.drawing import Drawing, drawings_of
from engine.lint.rules.work import RECIPIENTS

_PEOPLE: Final = SUBPROCESSES | {"userTask", "manualTask", "task"}


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody with a part.

    `kind`: "role", "recipients" (a named set), "chosen" (whom the step before names), "drawn" (`code` is the name).
    """

    kind: str
    code: str


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of work: who leads, who coordinates in it, who is informed of what came of it, how it goes on."""

    number: int
    node: Node
    page: str
    lead: Party | None
    coordinating: tuple[Party, ...]
    informed: tuple[Party, ...]
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Detour:
    """What leaves the usual course, or bounds it.

    `kind`: "boundary" (meanwhile at a step), "beside" (an event sub-process), "return", "cutoff" (a wait for many that
    ends), "wait" (one that does not), "undo", "apart" (not by who did another step), "skipped" (where only the person
    who did another step could do it).
    """

    kind: str
    name: str
    at: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    event: Event | None = None
    stops: bool = True
    working_days: str | None = None
    waited: Party | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What one process rules."""

    process: Process
    drawings: tuple[Drawing, ...]
    steps: tuple[Step, ...]
    detours: tuple[Detour, ...]


def rules_of(files: Mapping[str, bytes], *, first: str | None = None) -> list[Rules]:
    """Read what every process of a bundle rules, that with the id `first` before the others; nothing is checked."""
    read = [(content, bpmn.read(name, content)) for name, content in sorted(files.items()) if name.endswith(".bpmn")]
    names = {process.id: process.name or process.id for _, diagram in read for process in diagram.processes}
    found = [
        _Reading(diagram, process, names).rules(drawings_of(content))
        for content, diagram in read
        for process in diagram.processes
    ]
    return sorted(found, key=lambda one: one.process.id != first)


class _Reading:
    """One process on its way into rules; `names` are those of all processes at hand."""

    def __init__(self, diagram: Diagram, process: Process, names: Mapping[str, str]) -> None:
        self.diagram, self.process, self.nodes, self.names = diagram, process, process.nodes, names
        self.course = Course(process)
        self.senders, self.receivers = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
        for flow in diagram.message_flows:
            self.senders[flow.target].append(flow.source)
            self.receivers[flow.source].append(flow.target)

    def rules(self, drawings: Iterable[Drawing]) -> Rules:
        """Gather it; of a file with several processes each shows the pages of its own sub-processes, and the whole."""
        others = {id for one in self.diagram.processes if one is not self.process for id in (one.id, *one.nodes)}
        shown = tuple(one for one in drawings if one.of not in others)
        steps = tuple(self._step(number, node) for number, node in enumerate(self.course.work(), start=1))
        return Rules(self.process, shown, steps, tuple(self._detours()))

    def _step(self, number: int, node: Node) -> Step:
        role = (node.ext.get("role") or node.lane_role) if node.type in _PEOPLE else "system"
        heard = dict.fromkeys(party for one in self.course.before(node) for party in self._heard(one))
        told = dict.fromkeys(party for one in self.course.after(node) for party in self._told(one))
        page = self._name(node.parent) if node.parent else ""
        return Step(
            number=number,
            node=node,
            page=page,
            lead=Party("role", role) if role else None,
            coordinating=tuple(heard),
            informed=tuple(told),
            ways=tuple(self.course.ways(node)),
        )

    def _heard(self, node: Node) -> Iterator[Party]:
        """Yield whose answers or calls come in at a node."""
        if node.called:
            yield Party("drawn", self.names.get(node.called, node.called))
        elif "collect" in node.ext:
            yield _set(node.ext["collect"])
        elif node.type in ("intermediateCatchEvent", "receiveTask") and node.event.has("message"):
            yield from self._drawn(node, self.senders)

    def _told(self, node: Node) -> Iterator[Party]:
        """Yield whom a node sends something."""
        if "recipients" in node.ext:
            yield _set(node.ext["recipients"])
        elif node.type in ("intermediateThrowEvent", "endEvent", "sendTask") and node.event.has("message"):
            yield from self._drawn(node, self.receivers)

    def _drawn(self, node: Node, others: Mapping[str, list[str]]) -> Iterator[Party]:
        """Yield to whom the drawing leads from a node, or from the page around it where only one is possible."""
        around = node.parent or ""
        ends = others.get(node.id) or (others.get(around, []) if len(others.get(around, [])) == 1 else [])
        yield from (Party("drawn", name) for end in ends if (name := self._pool(end)))

    def _pool(self, end: str) -> str | None:
        owner = next((one.id for one in self.diagram.processes if end in one.nodes), None)
        shown = owner or self.diagram.participants.get(end)
        return self.diagram.pools.get(end) or (self.names.get(shown) if shown else None)

    def _name(self, id: str) -> str:
        return (self.nodes[id].name or id) if id in self.nodes else id

    def _detours(self) -> Iterator[Detour]:
        for node in self.nodes.values():
            yield from self._of(node)
        for back in self.course.returns():
            if back.to is not None:
                after = tuple(self._name(one.id) for one in back.after)
                yield Detour("return", back.name, after, (self._name(back.to.id),))

    def _of(self, node: Node) -> Iterator[Detour]:
        """Yield what a node itself says of the unusual."""
        ext, own = node.ext, self._name(node.id)
        if node.attached_to and node.event.kind != "compensation":
            yield Detour("boundary", node.name or "", (self._name(node.attached_to),), self._next(node), node.event,
                         node.interrupting)  # fmt: skip
        if node.triggered:
            yield from self._beside(node)
        if node.undone_by:
            yield Detour("undo", own, to=(self._name(node.undone_by),))
        bounded = ext.keys() & {"cutoff", "cutoffWorkingDays"}
        waited = _set(ext["collect"]) if "collect" in ext else None
        if bounded or waited:
            days = ext.get("cutoffWorkingDays")
            yield Detour("cutoff" if bounded else "wait", own, working_days=days, waited=waited)
        for attribute, kind in (("notSameAs", "apart"), ("skipIfSame", "skipped")):
            if attribute in ext:
                yield Detour(kind, own, (self._name(ext[attribute]),))

    def _beside(self, node: Node) -> Iterator[Detour]:
        for begun in self.process.scope(node.id):
            if begun.type == "startEvent":
                at = (self._name(node.parent),) if node.parent else ()
                yield Detour("beside", begun.name or node.name or "", at, self._next(begun), begun.event,
                             begun.interrupting)  # fmt: skip

    def _next(self, node: Node) -> tuple[str, ...]:
        return tuple(dict.fromkeys(way.to.name or way.to.id for way in self.course.ways(node)))


def _set(code: str) -> Party:
    return Party("recipients", code) if code in RECIPIENTS else Party("chosen", code)

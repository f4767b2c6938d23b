"""What differs between two bundles, as values for sentences: steps, people, deadlines, ways, forms, tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine import bpmn, scenarios
from engine.bpmn import Flow, Node, Process
from engine.designs import form_differences, outline, table_differences
from engine.designs.canonical import DI, Said, canonical, local, namespace
from engine.designs.difference import Difference

# What our extension says of an element, as the kind of difference it makes; the rest is named by its attribute.
_EXTENSIONS: Final = {
    "workingDays": "working_days", "due": "due", "form": "form", "operator": "operator", "recipients": "recipients",
    "notSameAs": "not_same_as", "skipIfSame": "skip_if_same", "progress": "progress", "decision": "decision",
    "assign": "assign", "level": "level", "posts": "posts", "seenBy": "seen_by", "collect": "collect",
    "cutoff": "cutoff", "cutoffWorkingDays": "cutoff_working_days", "title": "title",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs between two bundles; `drawings` are the diagrams of which something was only moved."""

    differences: tuple[Difference, ...]
    drawings: tuple[str, ...]

    @property
    def elements(self) -> list[str]:
        """Name what differs, each once: elements, forms and tables by their ids."""
        return sorted({one.element for one in self.differences})

    @property
    def is_nothing(self) -> bool:
        """Tell whether the two bundles say and show the same."""
        return not self.differences and not self.drawings


def compared(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Comparison:
    """Compare two bundles; every difference of meaning is named, at least by the element it is about."""
    old, new = ({process.id: process for process in outline.drawn(files)} for files in (before, after))
    found = [*_of_processes(old, new)]
    found += form_differences.of_forms(before, after)
    found += table_differences.of_tables(before, after)
    found += _of_scenarios(before, after)
    rest, drawings = _of_drawings(before, after, {one.element for one in found})
    return Comparison((*found, *rest), drawings)


def _of_processes(old: Mapping[str, Process], new: Mapping[str, Process]) -> Iterator[Difference]:
    for key in sorted(old.keys() | new.keys()):
        if key not in new:
            yield Difference("process_removed", key, old[key].name or key)
        elif key not in old:
            yield Difference("process_added", key, new[key].name or key)
        else:
            yield from _of_process(old[key], new[key])


def _of_process(old: Process, new: Process) -> Iterator[Difference]:
    name = new.name or new.id
    yield from _changed("process_renamed", new.id, name, old.name, new.name)
    yield from _changed("executable", new.id, name, _yes(old.executable), _yes(new.executable))
    yield from _changed("documentation", new.id, name, old.documentation, new.documentation)
    for id, node in old.nodes.items():
        if id not in new.nodes:
            yield Difference("removed", id, _name(node), detail=node.type)
    for id, node in new.nodes.items():
        if id not in old.nodes:
            yield Difference("added", id, _name(node), detail=node.type)
            yield from (one for one in _of_node(Node(id, node.type, node.name), node) if one.kind in _TOLD_OF_NEW)
        else:
            yield from _of_node(old.nodes[id], node)
    yield from _of_ways(old, new)


_TOLD_OF_NEW: Final = frozenset({"role", "working_days", "due", "form", "operator", "message", "timer", "decision",
                                  "assign", "level", "posts", "seen_by"})  # fmt: skip


def _of_node(old: Node, new: Node) -> Iterator[Difference]:
    id, name = new.id, _name(new)
    yield from _changed("renamed", id, name, old.name or id, new.name or id)
    yield from _changed("type", id, name, old.type, new.type)
    yield from _changed("role", id, name, old.ext.get("role") or old.lane_role, new.ext.get("role") or new.lane_role)
    for key in sorted((old.ext.keys() | new.ext.keys()) - {"role"}):
        yield from _changed(_EXTENSIONS.get(key, "extension"), id, name, old.ext.get(key), new.ext.get(key), key)
    yield from _changed("documentation", id, name, old.documentation, new.documentation)
    kind = new.event.kind if new.event.kind in ("message", "signal") else "event"
    yield from _changed(kind, id, name, _event(old), _event(new))
    yield from _changed("timer", id, name, _timer(old), _timer(new))
    yield from _changed("interrupting", id, name, _yes(old.interrupting), _yes(new.interrupting))
    yield from _changed("script", id, name, old.script, new.script)
    yield from _changed("called", id, name, old.called, new.called)
    yield from _changed("loop", id, name, _loop(old), _loop(new))
    yield from _changed("data", id, name, _copies(old), _copies(new))
    yield from _changed("place", id, name, old.parent, new.parent)
    yield from _changed("place", id, name, old.attached_to, new.attached_to)


def _of_ways(old: Process, new: Process) -> Iterator[Difference]:
    """Yield where a step leads on to other steps than before, and under which condition."""
    for id in (id for id in new.nodes if id in old.nodes):
        name, node = _name(new.nodes[id]), new.nodes[id]
        before, after = _leaving(old, id), _leaving(new, id)
        if before.keys() != after.keys():
            yield Difference("next", id, name, _targets(before, old), _targets(after, new))
        for target in (one for one in after if one in before):
            way = _name(new.nodes[target]) if target in new.nodes else target
            yield from _changed(
                "condition", id, name, before[target].condition, after[target].condition, after[target].name or way
            )
        yield from _changed("default", id, name, _default(old, id), _default(new, node.id))


def _leaving(process: Process, id: str) -> dict[str, Flow]:
    return {flow.target: flow for flow in process.flows if flow.source == id}


def _targets(flows: Mapping[str, Flow], process: Process) -> str:
    return ", ".join(sorted(_name(process.nodes[one]) if one in process.nodes else one for one in flows))


def _default(process: Process, id: str) -> str:
    for flow in process.flows:
        if flow.id == process.nodes[id].default:
            return flow.name or (_name(process.nodes[flow.target]) if flow.target in process.nodes else flow.target)
    return ""


def _of_scenarios(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[Difference]:
    for name in sorted(one for one in before.keys() | after.keys() if one.startswith("scenarios/")):
        if before.get(name) != after.get(name):
            kind = "changed" if name in before and name in after else "added" if name in after else "removed"
            called = scenarios.name_of(name, after.get(name) or before[name])
            yield Difference(f"scenario_{kind}", name, called)


def _of_drawings(
    before: Mapping[str, bytes], after: Mapping[str, bytes], named: set[str]
) -> tuple[list[Difference], tuple[str, ...]]:
    """Return what else differs in diagrams that both bundles have, by element, and which were only drawn otherwise."""
    rest: list[Difference] = []
    moved = []
    for name in sorted(one for one in before.keys() & after.keys() if one.endswith(".bpmn")):
        if before[name] == after[name]:
            continue
        try:
            old, new = canonical(before[name]), canonical(after[name])
        except bpmn.Unreadable:
            rest.append(Difference("other", name, name))
            continue
        changed = [*(old - new), *(new - old)]
        if any(namespace(said.path[0]) == DI for said in changed):
            moved.append(name)
        texts = {said.anchor: said for said in changed if namespace(said.path[0]) != DI and not _is_place(said, named)}
        labels = _labels(before[name]) | _labels(after[name])
        rest += [Difference("other", id, labels.get(id, id)) for id in texts if _is_untold(id, named, labels)]
    return rest, tuple(moved)


def _is_place(said: Said, named: set[str]) -> bool:
    """Tell whether a lane says no more than that a step lies in it of which something has been said."""
    return local(said.path[-1]) == "flowNodeRef" and (said.kind != "text" or said.value in named)


def _is_untold(id: str, named: set[str], labels: Mapping[str, str]) -> bool:
    """Tell whether nothing has been said yet about an element, or about what a flow of it connects."""
    return id not in named and not (labels.get(id, "").startswith("→"))


def _labels(content: bytes) -> dict[str, str]:
    """Return the names of the elements of a file; flows are told by what they connect."""
    found = {}
    for element in bpmn.parse(content).iter():
        id = element.get("id")
        if id:
            found[id] = f"→{element.get('targetRef')}" if element.get("targetRef") else element.get("name") or id
    return found


def _changed(
    kind: str, element: str, name: str, before: str | None, after: str | None, detail: str = ""
) -> Iterator[Difference]:
    if (before or "").strip() != (after or "").strip():
        yield Difference(kind, element, name, (before or "").strip(), (after or "").strip(), detail)


def _name(node: Node) -> str:
    return node.name or node.id


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _event(node: Node) -> str:
    if node.event.kind in ("none", "timer"):
        return ""
    said = (one.condition or (one.timer.text if one.timer else "") or one.name or one.kind for one in node.event.each)
    return (" & " if node.event.together else ", ").join(said)


def _timer(node: Node) -> str:
    timer = node.event.timer
    if timer is None:
        return ""
    return f"{timer.working_days}" if timer.working_days is not None else timer.text


def _loop(node: Node) -> str:
    if node.loop is None:
        return ""
    loop = node.loop
    said: list[Any] = [loop.kind, loop.collection, loop.items, loop.cardinality, loop.condition]
    return " · ".join(str(one) for one in said if one)


def _copies(node: Node) -> str:
    return ", ".join(f"{one.source or one.expression} → {one.target}" for one in (*node.inputs, *node.outputs))

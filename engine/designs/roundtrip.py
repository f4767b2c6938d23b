"""What saving a file would lose without anybody having asked for it: the elements stay, and something of them goes."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from engine import bpmn
from engine.bpmn.model import MODEL
from engine.designs.canonical import OURS, Place, Said, canonical, local, namespace, places, said_at

__all__ = ["Loss", "canonical", "losses"]

# What a person takes away in the editor; if there were several, a library may have kept only one.
_REMOVABLE: Final = frozenset(
    {
        "completionCondition", "conditionExpression", "documentation", "extensionElements", "flowNodeRef",
        "loopCardinality", "multiInstanceLoopCharacteristics", "script", "standardLoopCharacteristics", "text",
        "timeCycle", "timeDate", "timeDuration",
    }
)  # fmt: skip
_DOCUMENTED_IN_THE_EDITOR: Final = (
    "Task", "task", "Event", "Gateway", "subProcess", "transaction", "callActivity", "process", "participant", "lane",
    "sequenceFlow", "collaboration",
)  # fmt: skip
_FLOW_ENDS: Final = frozenset({"default", "sourceRef", "targetRef", "flowNodeRef", "attachedToRef"})


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that would vanish. Kinds: attribute, extension, reference, repeated, part, drawing."""

    kind: str
    element: str
    name: str
    what: str


@dataclass(frozen=True, slots=True)
class _File:
    """What a file says, in the ways the comparison asks."""

    said: Counter[Said]
    names: Mapping[str, str]  # of the elements with an id
    drawn: frozenset[str]  # the elements that have a shape or an edge

    @classmethod
    def read(cls, content: bytes) -> "_File":
        found = list(places(bpmn.parse(content)))
        return cls(
            Counter(said for place in found for said in said_at(place)),
            {place.anchor: place.element.get("name") or place.anchor for place in found if _is_its_own(place)},
            frozenset(place.element.get("bpmnElement", "") for place in found),
        )


def losses(name: str, before: bytes, after: bytes) -> list[Loss]:
    """Compare a diagram before and after it was saved: what vanishes although its element stays, each named once.

    What somebody deletes or changes is no loss. Other files are written by editors that keep them whole.
    """
    if not name.endswith(".bpmn") or before == after:
        return []
    try:
        old, new = _File.read(before), _File.read(after)
    except bpmn.Unreadable:
        return []  # what cannot be read is refused by name, and what could not be read had nothing to lose
    return list(dict.fromkeys(_lost(old, new)))


def _is_its_own(place: Place) -> bool:
    return place.element.get("id") == place.anchor


def _lost(old: _File, new: _File) -> Iterator[Loss]:
    still = {(said.anchor, said.path, said.kind, said.name) for said in new.said}
    # Of a part that is gone only the outermost is named; what holds what other tools put in is none itself.
    gone = {
        (said.anchor, said.path)
        for said in old.said - new.said
        if said.kind == "element"
        and (said.anchor, said.path, "element", said.name) not in still
        and not said.name.endswith("}extensionElements")
    }
    for said in old.said - new.said:
        if (said.anchor in new.names or not said.anchor) and not any(
            (said.anchor, said.path[:depth]) in gone for depth in range(1, len(said.path))
        ):
            what = _what(said, old, new, (said.anchor, said.path, said.kind, said.name) in still)
            if what is not None:
                yield Loss(what, said.anchor, _named(said.anchor, old), _shown(said, what))
    yield from _undrawn(old, new)


def _what(said: Said, old: _File, new: _File, still: bool) -> str | None:
    if said.kind == "attribute":
        if still:
            return None  # its value was changed
        if namespace(said.name) and namespace(said.name) not in OURS:
            return "attribute"
        return "reference" if _is_lost_reference(said.name, said.value, old, new) else None
    if said.kind == "text":
        tag = local(said.path[-1])
        is_gone = (said.anchor, said.path, "text", "") not in {one[:4] for one in new.said}
        return "reference" if is_gone and _is_lost_reference(tag, said.value, old, new) else None
    tag = said.path[-1]
    if namespace(tag) not in OURS:
        return None if still and not _is_fewer(said, old, new) else "extension"
    if namespace(tag) != MODEL or len(said.path) < 2 or tag.endswith(("Ref", "EventDefinition")):
        return None
    return _of_part(said, old, new)


def _of_part(said: Said, old: _File, new: _File) -> str | None:
    """Tell what it means that a part of the standard's without an id is gone from an element that stays."""
    tag, parent = local(said.path[-1]), local(said.path[-2])
    if new.said[said] or _count(said, old) > 1:
        return "repeated"
    if tag == "documentation" and not parent.endswith(_DOCUMENTED_IN_THE_EDITOR):
        return "part"
    return None if tag in _REMOVABLE else "part"


def _count(said: Said, file: _File) -> int:
    return file.said[said]


def _is_fewer(said: Said, old: _File, new: _File) -> bool:
    return old.said[said] > new.said[said]


def _is_lost_reference(name: str, value: str, old: _File, new: _File) -> bool:
    """Tell whether a reference went by itself: it led nowhere, or where it led is still there."""
    if not name.endswith("Ref") or name in _FLOW_ENDS:
        return False
    target = value.rpartition(":")[2]
    return target not in old.names or target in new.names


def _undrawn(old: _File, new: _File) -> Iterator[Loss]:
    for element in sorted((old.drawn - new.drawn) & new.names.keys()):
        yield Loss("drawing", element, _named(element, old), "")


def _named(anchor: str, file: _File) -> str:
    return file.names.get(anchor, anchor)


def _shown(said: Said, what: str) -> str:
    if said.kind == "attribute":
        return f"{local(said.name)}={said.value}"
    tag = local(said.path[-1])
    return f"{tag}: {said.value}" if said.kind == "text" and what == "reference" else tag

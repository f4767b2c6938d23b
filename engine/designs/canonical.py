"""A BPMN or DMN file as a multiset of what it says, in which spellings that mean the same are the same."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from lxml import etree

from engine import bpmn
from engine.bpmn.model import EXTENSION, MODEL

DI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
_XSI: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
# What is written in these is the standard's, or ours; all else is of another tool.
OURS: Final = frozenset(
    {
        MODEL, DI, EXTENSION,
        "http://www.omg.org/spec/DD/20100524/DC",
        "http://www.omg.org/spec/DD/20100524/DI",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/DMNDI/",
        "http://www.omg.org/spec/DMN/20180521/DI/",
        "http://www.omg.org/spec/DMN/20180521/DC/",
    }
)  # fmt: skip
# The values an attribute has where it is not written (BPMN20.xsd, Semantic.xsd).
_DEFAULTS: Final = {
    "associationDirection": "None",
    "behavior": "All",
    "cancelActivity": "true",
    "cancelRemainingInstances": "true",
    "completionQuantity": "1",
    "eventGatewayType": "Exclusive",
    "expressionLanguage": "http://www.w3.org/1999/XPath",
    "gatewayDirection": "Unspecified",
    "instantiate": "false",
    "isClosed": "false",
    "isCollection": "false",
    "isForCompensation": "false",
    "isInterrupting": "true",
    "isSequential": "false",
    "isUnlimited": "true",
    "itemKind": "Information",
    "messageVisibleKind": "initiating",
    "method": "##Compensate",
    "mustUnderstand": "false",
    "ordering": "Parallel",
    "parallelMultiple": "false",
    "processType": "None",
    "startQuantity": "1",
    "testBefore": "false",
    "textFormat": "text/plain",
    "triggeredByEvent": "false",
    "typeLanguage": "http://www.w3.org/2001/XMLSchema",
    "waitForCompletion": "true",
}
_UNTOLD: Final = {
    "userTask": "##unspecified", "businessRuleTask": "##unspecified", "serviceTask": "##WebService",
    "sendTask": "##WebService", "receiveTask": "##WebService",
}  # fmt: skip
# Who wrote a file last is no part of what it says; the flows themselves say what enters and leaves an element.
_BY_WHOM: Final = frozenset({"exporter", "exporterVersion"})
_SAID_BY_FLOWS: Final = frozenset({"incoming", "outgoing"})
_SAME_TAGS: Final = {"formalExpression": "expression"}


class Said(NamedTuple):
    """One thing a file says: at which element with an id, by which path below it, and what."""

    anchor: str
    path: tuple[str, ...]
    kind: str  # element, attribute, text
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Place:
    """An element of a file with the anchor it is found by."""

    element: etree._Element
    anchor: str
    path: tuple[str, ...]


def canonical(content: bytes) -> Counter[Said]:
    """Return everything a file says, as a multiset; equal multisets mean the same and look the same.

    Raises bpmn.Unreadable.
    """
    return Counter(said for place in places(bpmn.parse(content)) for said in said_at(place))


def places(root: etree._Element) -> Iterator[Place]:
    """Yield the elements of a tree from the top, without those that only repeat what the flows say."""
    pending = [Place(root, root.get("id") or "", (_tag(root),))]
    while pending:
        place = pending.pop()
        yield place
        bends = 0
        for child in place.element:
            tag = _tag(child)
            if tag.split("}")[1] in _SAID_BY_FLOWS or (tag == f"{{{MODEL}}}extensionElements" and not len(child)):
                continue
            if tag.endswith("}waypoint"):  # the order of bends is part of the drawing
                bends, tag = bends + 1, f"{tag}{bends}"
            # What other tools put into an element belongs to it, whatever ids they give their parts.
            id = child.get("id") if namespace(tag) in OURS else None
            pending.append(Place(child, id, (tag,)) if id else Place(child, place.anchor, (*place.path, tag)))


def said_at(place: Place) -> Iterator[Said]:
    """Yield what one element says."""
    yield Said(place.anchor, place.path, "element", place.path[-1], "")
    for name, value in place.element.attrib.items():
        value = _plain(str(value))
        if not _goes_without_saying(place, str(name), value):
            yield Said(place.anchor, place.path, "attribute", str(name), value)
    text = (place.element.text or "").strip()
    if text:
        yield Said(place.anchor, place.path, "text", "", text)


def namespace(name: str) -> str:
    """Return the namespace of a name in Clark's notation; nothing where it has none."""
    return name[1:].partition("}")[0] if name.startswith("{") else ""


def local(name: str) -> str:
    """Return a name without its namespace."""
    return name.rpartition("}")[2]


def _tag(element: etree._Element) -> str:
    name = str(element.tag)
    tag = local(name)
    return f"{{{namespace(name)}}}{_SAME_TAGS.get(tag, tag)}"


def _goes_without_saying(place: Place, name: str, value: str) -> bool:
    if name.startswith(_XSI):
        return True
    if name in _BY_WHOM:
        return place.path[-1].endswith("}definitions")
    if name == "implementation":
        return _UNTOLD.get(local(place.path[-1])) == value
    return _DEFAULTS.get(name) == value


def _plain(value: str) -> str:
    """Write a number in one way: 160, 160.0 and 1.6e2 are the same place."""
    try:
        number = float(value)
    except ValueError:
        return value.strip()
    return f"{number:g}" if abs(number) < 1e6 and value.strip()[:1] in "-0123456789" and "_" not in value else value

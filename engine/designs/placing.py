"""Drawing beside what is drawn: a new event next to an element, and the flow between two of them."""

from typing import Final

from lxml import etree

from engine.bpmn.model import MODEL
from engine.designs.canonical import DI

Tree = etree._Element

_DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
_WAY: Final = "http://www.omg.org/spec/DD/20100524/DI"
_EVENT, _GAP = 36.0, 54.0  # the width of an event and the room beside an element, as bpmn-js draws them


def place_beside(root: Tree, node: Tree, tag: str, *, after: bool) -> Tree:
    """Add an event to the scope of an element, drawn left of it, or right of it with `after`; return the event."""
    event = etree.Element(f"{{{MODEL}}}{tag}", id=_free(root, f"{node.get('id')}_{'done' if after else 'begin'}"))
    node.addprevious(event)
    box = _box(root, node)
    plane = next(root.iter(f"{{{DI}}}BPMNPlane"), None)
    if box is not None and plane is not None:
        x, y, width, height = box
        left = x + width + _GAP if after else x - _GAP - _EVENT
        shape = etree.SubElement(
            plane, f"{{{DI}}}BPMNShape", id=_free(root, f"{event.get('id')}_shape"), bpmnElement=event.get("id", "")
        )
        bounds = {"x": left, "y": y + height / 2 - _EVENT / 2, "width": _EVENT, "height": _EVENT}
        etree.SubElement(shape, f"{{{_DC}}}Bounds", {name: f"{value:g}" for name, value in bounds.items()})
    for lane in root.iter(f"{{{MODEL}}}flowNodeRef"):
        if (lane.text or "").strip() == node.get("id"):
            reference = etree.Element(f"{{{MODEL}}}flowNodeRef")
            reference.text = event.get("id")
            lane.addnext(reference)
            break
    return event


def connect(root: Tree, source: Tree, target: Tree) -> None:
    """Add the sequence flow between two elements of one scope, drawn where both are."""
    ends = source.get("id", ""), target.get("id", "")
    flow = etree.Element(
        f"{{{MODEL}}}sequenceFlow", id=_free(root, f"{ends[0]}_to_{ends[1]}"), sourceRef=ends[0], targetRef=ends[1]
    )
    source.addnext(flow)
    _say(source, "outgoing", flow)
    _say(target, "incoming", flow)
    begin, end, plane = _box(root, source), _box(root, target), next(root.iter(f"{{{DI}}}BPMNPlane"), None)
    if begin is None or end is None or plane is None:
        return
    edge = etree.SubElement(
        plane, f"{{{DI}}}BPMNEdge", id=_free(root, f"{flow.get('id')}_edge"), bpmnElement=flow.get("id", "")
    )
    (x, y, width, height), (to_x, to_y, _, to_height) = begin, end
    for way in ((x + width, y + height / 2), (to_x, to_y + to_height / 2)):
        etree.SubElement(edge, f"{{{_WAY}}}waypoint", {"x": f"{way[0]:g}", "y": f"{way[1]:g}"})


def _say(node: Tree, tag: str, flow: Tree) -> None:
    """Note a flow at its end, behind what documents the element: the standard has an order."""
    said = etree.Element(f"{{{MODEL}}}{tag}")
    said.text = flow.get("id")
    before = [f"{{{MODEL}}}{name}" for name in ("documentation", "extensionElements", "incoming", "outgoing")]
    before = before[: 3 if tag == "incoming" else 4]
    node.insert(sum(1 for child in node if child.tag in before), said)


def _box(root: Tree, node: Tree) -> tuple[float, float, float, float] | None:
    for shape in root.iter(f"{{{DI}}}BPMNShape"):
        bounds = shape.find(f"{{{_DC}}}Bounds")
        if shape.get("bpmnElement") == node.get("id") and bounds is not None:
            try:
                x, y, width, height = (float(bounds.get(name, "0")) for name in ("x", "y", "width", "height"))
            except ValueError:
                return None
            return x, y, width, height
    return None


def _free(root: Tree, wanted: str) -> str:
    taken = {element.get("id") for element in root.iter()}
    return next(one for one in (wanted, *(f"{wanted}_{n}" for n in range(2, len(taken) + 3))) if one not in taken)

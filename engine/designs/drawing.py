"""The drawing of a BPMN file as pictures: every shape and edge of its interchange, without a browser or the engine."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine import bpmn
from engine.bpmn.model import ACTIVITIES, EVENTS, GATEWAYS, MODEL, SUBPROCESSES
from engine.bpmn.reading.words import flag
from engine.designs import pictures
from engine.designs.canonical import DI
from engine.designs.pictures import INK, PAPER, SVG, WASH, Box, Point, Tree

_DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
_WAY: Final = "http://www.omg.org/spec/DD/20100524/DI"
_EDGE: Final = 20.0  # free room around a drawing
_BAND: Final = 30.0  # where the name of a pool or lane stands
_LABEL: Final = 100.0  # the least width of a label beside its element
_FAR: Final = 100_000.0  # a drawing larger than this is a mistake, or meant to be one
_FONT: Final = "Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"


@dataclass(frozen=True, slots=True)
class Drawing:
    """One page of a diagram: what it shows (an id), its name, and its picture; sizes in pixels."""

    of: str
    name: str
    svg: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Shade:
    """How an element stands out: its colour, and what the colour says in a few letters; `heavy` draws it bolder."""

    fill: str
    mark: str
    heavy: bool = False


@dataclass(frozen=True, slots=True)
class _Shape:
    """An element where it is drawn."""

    element: Tree
    drawn: Tree
    box: Box
    shade: Shade | None = None

    @property
    def kind(self) -> str:
        return _local(self.element)

    @property
    def name(self) -> str:
        return self.element.get("name") or (self.element.findtext(f"{{{MODEL}}}text") or "").strip()

    def fill(self, usual: str) -> str:
        """Return the colour of its inside."""
        return self.shade.fill if self.shade is not None else usual

    def stroke(self, usual: float) -> float:
        """Return the width of its border."""
        return 3.0 if self.shade is not None and self.shade.heavy else usual


def drawings_of(content: bytes, shades: Mapping[str, Shade] | None = None) -> list[Drawing]:
    """Draw every page of a BPMN file, the whole first; none where it cannot be read or says nothing of places.

    `shades` make steps, events and gateways stand out, by their ids.
    """
    try:
        root = bpmn.parse(content)
    except bpmn.Unreadable:
        return []
    meant = {id: element for element in root.iter() if (id := element.get("id")) and _is_model(element)}
    planes = [plane for plane in root.iter(f"{{{DI}}}BPMNPlane") if len(plane)]
    return [_drawing(plane, meant, shades or {}) for plane in planes]


def _drawing(plane: Tree, meant: Mapping[str, Tree], shades: Mapping[str, Shade]) -> Drawing:
    shapes = sorted(_shapes(plane, meant, shades), key=lambda one: _LAYERS.get(one.kind, 2))
    edges = list(_edges(plane, meant))
    points = [corner for shape in shapes for corner in shape.box.corners]
    points += [point for _, _, way in edges for point in way]
    points += [corner for one in plane for box in [_label(one)] if box for corner in box.corners]
    (left, top), (right, bottom) = _extent(points)
    width, height = right - left, bottom - top
    size = {"width": width, "height": height, "viewBox": f"{left:.6g} {top:.6g} {width:.6g} {height:.6g}"}
    picture = etree.Element(f"{{{SVG}}}svg", {name: str(value) for name, value in size.items()}, nsmap={None: SVG})
    whole = pictures.add(picture, "g", font_family=_FONT, font_size=12.0)
    for shape in shapes:
        _draw(_group(whole, shape.element), shape)
    for element, drawn, way in edges:
        _draw_edge(_group(whole, element), element, drawn, way)
    for shape in shapes:
        if shape.shade is not None:
            pictures.badge(whole, shape.box.corners[1][0], shape.box.y, shape.shade.mark)
    of = plane.get("bpmnElement", "")
    name = meant[of].get("name", "") if of in meant else ""
    return Drawing(of, name, etree.tostring(picture, encoding="unicode"), width, height)


def _shapes(plane: Tree, meant: Mapping[str, Tree], shades: Mapping[str, Shade]) -> Iterator[_Shape]:
    for drawn in plane.iter(f"{{{DI}}}BPMNShape"):
        box, id = _box(drawn), drawn.get("bpmnElement", "")
        if box and id in meant:
            yield _Shape(meant[id], drawn, box, shades.get(id))


def _edges(plane: Tree, meant: Mapping[str, Tree]) -> Iterator[tuple[Tree, Tree, list[Point]]]:
    for drawn in plane.iter(f"{{{DI}}}BPMNEdge"):
        way = [point for point in map(_point, drawn.findall(f"{{{_WAY}}}waypoint")) if point]
        id = drawn.get("bpmnElement", "")
        if len(way) > 1 and id in meant:
            yield meant[id], drawn, way


def _extent(points: list[Point]) -> tuple[Point, Point]:
    across, down = [x for x, _ in points] or [0], [y for _, y in points] or [0]
    return (min(across) - _EDGE, min(down) - _EDGE), (max(across) + _EDGE, max(down) + _EDGE)


def _group(whole: Tree, element: Tree) -> Tree:
    group = pictures.add(whole, "g", data_element=element.get("id", ""))
    if element.get("name"):
        pictures.add(group, "title").text = element.get("name")
    return group


def _draw(group: Tree, shape: _Shape) -> None:
    _PAINTERS.get(shape.kind, _anything)(group, shape)


def _pool(group: Tree, shape: _Shape) -> None:
    box, across = shape.box, shape.drawn.get("isHorizontal", "true") != "false"
    pictures.rectangle(group, box)
    if shape.name and across and box.height > 2 * _BAND:
        pictures.words(group, shape.name, (box.x + _BAND / 2, box.middle[1]), box.height, turned=True)
    elif shape.name:
        pictures.words(group, shape.name, (box.middle[0], box.y + min(_BAND, box.height) / 2), box.width)


def _activity(group: Tree, shape: _Shape) -> None:
    box, inside = shape.box, shape.kind in SUBPROCESSES
    expanded = inside and shape.drawn.get("isExpanded") == "true"
    dashes = {"stroke_dasharray": "6 4"} if flag(shape.element, "triggeredByEvent") else {}
    border = shape.stroke(3.0 if shape.kind == "callActivity" else 1.5)
    pictures.rectangle(group, box, round=8, fill=shape.fill(PAPER if expanded else WASH), stroke_width=border, **dashes)
    middle = (box.middle[0], box.y + 6) if expanded else box.middle
    pictures.words(group, shape.name, middle, box.width - 10, top=expanded)
    if shape.kind == "userTask":
        pictures.person(group, (box.x, box.y))
    if shape.kind in ("sendTask", "receiveTask"):
        pictures.envelope(group, (box.x + 16, box.y + 13), 8, filled=shape.kind == "sendTask")
    foot = box.x + box.width / 2, box.y + box.height - 10
    if inside and not expanded:
        _collapsed(group, foot)
    if any(_local(child) == "multiInstanceLoopCharacteristics" for child in shape.element):
        for at in (-4, 0, 4):
            pictures.line(group, ((foot[0] + at, foot[1] - 6), (foot[0] + at, foot[1] + 6)), stroke_width=2.0)


def _collapsed(group: Tree, foot: Point) -> None:
    x, y = foot
    pictures.rectangle(group, Box(x - 7, y - 7, 14, 14))
    pictures.line(group, ((x - 4, y), (x + 4, y)))
    pictures.line(group, ((x, y - 4), (x, y + 4)))


def _event(group: Tree, shape: _Shape) -> None:
    box, kind = shape.box, shape.kind
    radius = min(box.width, box.height) / 2
    passing = kind not in ("startEvent", "endEvent")
    lasting = not all(flag(shape.element, name, default=True) for name in ("cancelActivity", "isInterrupting"))
    dashes = {"stroke_dasharray": "4 3"} if lasting else {}
    border, fill = shape.stroke(3.5 if kind == "endEvent" else 1.5), shape.fill(PAPER)
    pictures.ring(group, box.middle, radius, fill=fill, stroke_width=border, **dashes)
    if passing:
        pictures.ring(group, box.middle, radius - 3, fill=fill, **dashes)
    meaning = next((_local(child) for child in shape.element if _local(child).endswith("EventDefinition")), "")
    _sign(group, meaning, box.middle, radius * 0.5, filled=kind in ("endEvent", "intermediateThrowEvent"))
    _beside(group, shape)


def _sign(group: Tree, meaning: str, middle: Point, size: float, *, filled: bool) -> None:
    (x, y), fill = middle, INK if filled else PAPER
    if meaning == "messageEventDefinition":
        pictures.envelope(group, middle, size, filled=filled)
    elif meaning == "timerEventDefinition":
        pictures.clock(group, middle, size)
    elif meaning == "signalEventDefinition":
        pictures.area(group, ((x - size, y + size * 0.7), (x, y - size), (x + size, y + size * 0.7)), fill=fill)
    elif meaning == "terminateEventDefinition":
        pictures.ring(group, middle, size, fill=INK)
    elif meaning == "errorEventDefinition":
        bolt = ((x - size, y + size), (x - size * 0.3, y - size * 0.6), (x + size * 0.3, y + size * 0.3))
        pictures.area(group, (*bolt, (x + size, y - size), (x, y + size)), fill=fill)
    elif meaning == "escalationEventDefinition":
        pictures.area(group, ((x - size * 0.8, y + size), (x, y - size), (x + size * 0.8, y + size), (x, y)), fill=fill)


def _gateway(group: Tree, shape: _Shape) -> None:
    box = shape.box
    x, y = box.middle
    corners = (x, box.y), (box.x + box.width, y), (x, box.y + box.height), (box.x, y)
    pictures.area(group, corners, fill=shape.fill(PAPER), stroke_width=shape.stroke(1.5))
    arm = min(box.width, box.height) * 0.2
    if shape.kind == "exclusiveGateway":
        for turn in (-arm, arm):
            pictures.line(group, ((x - arm, y - turn), (x + arm, y + turn)), stroke_width=2.5)
    elif shape.kind == "parallelGateway":
        pictures.line(group, ((x - arm, y), (x + arm, y)), stroke_width=2.5)
        pictures.line(group, ((x, y - arm), (x, y + arm)), stroke_width=2.5)
    else:
        pictures.ring(group, box.middle, arm, stroke_width=2.5 if shape.kind == "inclusiveGateway" else 1.0)
    _beside(group, shape)


def _note(group: Tree, shape: _Shape) -> None:
    box = shape.box
    (left, top), (_, bottom) = box.corners
    pictures.line(group, ((left + 12, top), (left, top), (left, bottom), (left + 12, bottom)))
    pictures.words(group, shape.name, box.middle, box.width - 8)


def _anything(group: Tree, shape: _Shape) -> None:
    pictures.rectangle(group, shape.box, fill="none", stroke_dasharray="4 3")
    _beside(group, shape)


def _beside(group: Tree, shape: _Shape) -> None:
    box = _label(shape.drawn) or Box(shape.box.x, shape.box.y + shape.box.height + 2, shape.box.width, 0)
    pictures.words(group, shape.name, (box.middle[0], box.y), max(box.width, _LABEL), top=True)


def _draw_edge(group: Tree, element: Tree, drawn: Tree, way: list[Point]) -> None:
    kind = _local(element)
    dashes = {"messageFlow": "8 5", "association": "2 4"}.get(kind) or ("5 4" if kind.startswith("data") else "")
    pictures.line(group, way, **({"stroke_dasharray": dashes} if dashes else {}))
    if kind != "association":
        pictures.arrow(group, way, hollow=kind == "messageFlow")
    if kind == "messageFlow":
        pictures.ring(group, way[0], 3.5)
    box = _label(drawn)
    middle = way[len(way) // 2 - 1], way[len(way) // 2]
    x, y = (middle[0][0] + middle[1][0]) / 2, (middle[0][1] + middle[1][1]) / 2
    place = (box.middle[0], box.y) if box else (x, y - 16)
    pictures.words(group, element.get("name", ""), place, max(box.width if box else 0, _LABEL), top=True)


def _label(drawn: Tree) -> Box | None:
    label = drawn.find(f"{{{DI}}}BPMNLabel")
    return _box(label) if label is not None else None


def _box(drawn: Tree) -> Box | None:
    bounds = drawn.find(f"{{{_DC}}}Bounds")
    if bounds is None:
        return None
    sides = [_number(bounds.get(name)) for name in ("x", "y", "width", "height")]
    known = [side for side in sides if side is not None]
    return Box(*known) if len(known) == len(sides) and min(known[2:]) >= 0 else None


def _point(way: Tree) -> Point | None:
    x, y = _number(way.get("x")), _number(way.get("y"))
    return (x, y) if x is not None and y is not None else None


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) < _FAR else None


def _is_model(element: Tree) -> bool:
    return etree.QName(element).namespace == MODEL


def _local(element: Tree) -> str:
    return etree.QName(element).localname


# What lies below is drawn first.
_LAYERS: Final = {"participant": 0, "lane": 1, "subProcess": 1, "transaction": 1, "boundaryEvent": 3}
_PAINTERS: Final[dict[str, Callable[[Tree, _Shape], None]]] = {
    "participant": _pool,
    "lane": _pool,
    "textAnnotation": _note,
    **dict.fromkeys(ACTIVITIES, _activity),
    **dict.fromkeys(GATEWAYS, _gateway),
    **dict.fromkeys(EVENTS, _event),
}

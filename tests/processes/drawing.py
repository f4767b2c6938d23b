"""A shipped BPMN file as its reader sees it: pages with shapes, labels and lines."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files

from lxml import etree

from webapp.founding import PROCESSES

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
LT = "{urn:lienthong:bpmn:1}"
NODES = frozenset(
    {
        "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "userTask",
        "serviceTask", "businessRuleTask", "exclusiveGateway", "eventBasedGateway", "subProcess",
    }
)  # fmt: skip
Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle on a page."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    def meets(self, other: "Box") -> bool:
        """Tell whether two boxes share more than their border."""
        across = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        down = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return across > 1 and down > 1

    def touches(self, point: Point) -> bool:
        """Tell whether a point lies on the box or its border."""
        return -1 <= point[0] - self.x <= self.width + 1 and -1 <= point[1] - self.y <= self.height + 1


@dataclass
class Page:
    """One plane: the process itself, or the inside of a collapsed sub-process."""

    process: str
    element: etree._Element
    shapes: dict[str, Box] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)
    lines: dict[str, list[Point]] = field(default_factory=dict)

    @property
    def nodes(self) -> list[etree._Element]:
        return [child for child in self.element if local(child) in NODES]

    @property
    def flows(self) -> list[etree._Element]:
        return self.element.findall(f"{BPMN}sequenceFlow")

    @property
    def lanes(self) -> list[etree._Element]:
        return self.element.findall(f"{BPMN}laneSet/{BPMN}lane")

    @property
    def title(self) -> str:
        return f"{self.process}/{self.element.get('id')}"

    def leaving(self, node: str) -> list[etree._Element]:
        return [flow for flow in self.flows if flow.get("sourceRef") == node]


class Drawing:
    """One file: its elements by id, and its pages, the process first."""

    def __init__(self, process: str) -> None:
        self.process = process
        self.root = etree.fromstring(files("processes").joinpath(process, f"{process}.bpmn").read_bytes())
        self.by_id = {element.get("id"): element for element in self.root.iter() if element.get("id")}

    @cached_property
    def pages(self) -> list[Page]:
        return [self._page(plane) for plane in self.root.iter(f"{DI}BPMNPlane")]

    def _page(self, plane: etree._Element) -> Page:
        shown = self.by_id[plane.get("bpmnElement")]
        if local(shown) == "collaboration":
            shown = self.by_id[self.process]
        page = Page(self.process, shown)
        for shape in plane.iter(f"{DI}BPMNShape"):
            page.shapes[_of(shape)] = _box(shape)
            self._label(page, shape)
        for edge in plane.iter(f"{DI}BPMNEdge"):
            page.lines[_of(edge)] = [_point(point) for point in edge.findall(WAYPOINT)]
            self._label(page, edge)
        return page

    def _label(self, page: Page, drawn: etree._Element) -> None:
        label = drawn.find(f"{DI}BPMNLabel")
        if label is not None:
            page.labels[_of(drawn)] = _box(label)


def all_pages() -> Iterator[Page]:
    """Go through every page of every shipped process."""
    for process in PROCESSES:
        yield from Drawing(process).pages


def local(element: etree._Element) -> str:
    """Return the BPMN name of an element without its namespace."""
    return str(element.tag).removeprefix(BPMN)


def _of(drawn: etree._Element) -> str:
    return str(drawn.get("bpmnElement"))


def _point(point: etree._Element) -> Point:
    return float(point.get("x", "nan")), float(point.get("y", "nan"))


def _box(holder: etree._Element) -> Box:
    bounds = holder.find(f"{DC}Bounds")
    assert bounds is not None
    x, y, width, height = (float(bounds.get(name, "nan")) for name in ("x", "y", "width", "height"))
    return Box(x, y, width, height)

"""The parts of a picture in SVG: boxes, rings, lines, signs and wrapped words; whatever is said in it stays text."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from lxml import etree

Tree = etree._Element
Point = tuple[float, float]

SVG: Final = "http://www.w3.org/2000/svg"
INK, PAPER, WASH = "#1b2430", "#ffffff", "#eef3f9"
_SIZE: Final = 12.0
_LEADING: Final = 1.25
_WIDE: Final = 0.56  # the mean width of a letter, in parts of the size
_MOST_LINES: Final = 6
_TIP, _HALF = 9.0, 4.0  # length and half width of the head of an arrow


class Box(NamedTuple):
    """Where a shape lies, in pixels of the diagram."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        """Return the point in the middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def corners(self) -> tuple[Point, Point]:
        """Return the upper left and the lower right corner."""
        return (self.x, self.y), (self.x + self.width, self.y + self.height)


def add(parent: Tree, tag: str, **attributes: float | str) -> Tree:
    """Add an element; numbers are written short, `_` in a name stands for `-`."""
    written = {
        name.replace("_", "-"): value if isinstance(value, str) else f"{value:.6g}"
        for name, value in attributes.items()
    }
    return etree.SubElement(parent, f"{{{SVG}}}{tag}", written)


def rectangle(parent: Tree, box: Box, *, round: float = 0, **style: float | str) -> None:
    """Draw a box."""
    look: dict[str, float | str] = {"fill": PAPER, "stroke": INK, **style}
    add(parent, "rect", x=box.x, y=box.y, width=box.width, height=box.height, rx=round, **look)


def ring(parent: Tree, middle: Point, radius: float, **style: float | str) -> None:
    """Draw a circle."""
    look: dict[str, float | str] = {"fill": PAPER, "stroke": INK, **style}
    add(parent, "circle", cx=middle[0], cy=middle[1], r=max(radius, 1), **look)


def line(parent: Tree, points: Sequence[Point], **style: float | str) -> None:
    """Draw a line through some points."""
    look: dict[str, float | str] = {"fill": "none", "stroke": INK, **style}
    add(parent, "polyline", points=_written(points), **look)


def area(parent: Tree, points: Sequence[Point], **style: float | str) -> None:
    """Draw a closed line."""
    look: dict[str, float | str] = {"fill": PAPER, "stroke": INK, **style}
    add(parent, "polygon", points=_written(points), **look)


def _written(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.6g},{y:.6g}" for x, y in points)


def arrow(parent: Tree, points: Sequence[Point], *, hollow: bool = False) -> None:
    """Draw the head of an arrow where a line ends."""
    (from_x, from_y), (x, y) = points[-2:]
    length = math.hypot(x - from_x, y - from_y)
    if not length:
        return
    along, across = (x - from_x) / length, (y - from_y) / length
    back = x - along * _TIP, y - across * _TIP
    sides = ((back[0] - across * _HALF, back[1] + along * _HALF), (back[0] + across * _HALF, back[1] - along * _HALF))
    area(parent, (sides[0], (x, y), sides[1]), fill=PAPER if hollow else INK)


def words(parent: Tree, text: str, middle: Point, width: float, *, top: bool = False, turned: bool = False) -> None:
    """Write a text in lines no wider than `width`, around a point or, with `top`, below it; `turned` reads upwards."""
    x, y = middle
    lines = wrapped(text, width)
    first = y + _SIZE if top else y - (len(lines) - 1) * _SIZE * _LEADING / 2 + _SIZE / 3
    more = {"transform": f"rotate(-90 {x:.6g} {y:.6g})"} if turned else {}
    for count, said in enumerate(lines):
        place = {"x": x, "y": first + count * _SIZE * _LEADING}
        add(parent, "text", text_anchor="middle", fill=INK, stroke="none", **place, **more).text = said


def badge(parent: Tree, right: float, top: float, text: str) -> None:
    """Write a few letters on a small sign over the upper right corner of something."""
    width, height = len(text) * _SIZE * _WIDE + 10, _SIZE * 1.4
    box = Box(right - width * 0.75, top - height * 0.6, width, height)
    rectangle(parent, box, round=height / 2)
    x, y = box.middle
    sign = add(parent, "text", x=x, y=y + _SIZE / 3, text_anchor="middle", fill=INK, stroke="none", font_weight="bold")
    sign.text = text


def wrapped(text: str, width: float) -> list[str]:
    """Break a text into lines of about a width in pixels; what is left over ends in an ellipsis."""
    most = max(int(width / (_SIZE * _WIDE)), 4)
    lines = [""]
    for word in text.split():
        parts = [word[at : at + most] for at in range(0, len(word), most)]
        for part in parts:
            longer = f"{lines[-1]} {part}".strip()
            if len(longer) <= most:
                lines[-1] = longer
            else:
                lines.append(part)
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], f"{lines[_MOST_LINES - 1]}…"]
    return [said for said in lines if said]


def envelope(parent: Tree, middle: Point, size: float, *, filled: bool) -> None:
    """Draw the sign of a message."""
    x, y = middle
    box = Box(x - size, y - size * 0.7, size * 2, size * 1.4)
    rectangle(parent, box, fill=INK if filled else PAPER)
    flap = ((box.x, box.y), (x, y), (box.x + box.width, box.y))
    line(parent, flap, stroke=PAPER if filled else INK)


def clock(parent: Tree, middle: Point, size: float) -> None:
    """Draw the sign of a timer."""
    x, y = middle
    ring(parent, middle, size)
    line(parent, ((x, y - size * 0.7), (x, y), (x + size * 0.5, y)))


def person(parent: Tree, corner: Point) -> None:
    """Draw the sign of somebody's work, below and right of a corner."""
    x, y = corner
    ring(parent, (x + 13, y + 10), 4)
    line(parent, ((x + 6, y + 22), (x + 8, y + 16), (x + 18, y + 16), (x + 20, y + 22), (x + 6, y + 22)))

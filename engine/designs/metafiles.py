"""A picture as an Enhanced Metafile: the vector format that every Word shows, with sharp lines in print.

Word before 2019 shows no SVG, and a raster would need a font on the server, without which names are missing in it; a
metafile is drawn by who opens it. Format: Microsoft's open specification [MS-EMF]; the parts are those of `pictures`.
"""

import re
import struct
import unicodedata
from typing import Final

from lxml import etree

from engine.designs.pictures import Tree

_FINE: Final = 20  # units of the metafile in a pixel of the drawing
_SIZE: Final = 12.0
_MILLIMETRES: Final = 25.4 / 96  # in a pixel
_FONT: Final = "Arial"
_POLYGON, _POLYLINE, _ELLIPSE, _ROUNDED = 3, 4, 42, 44
_TEXT: Final = 84
_SOLID, _DASHED, _DOTTED, _NOTHING = 0, 1, 2, 5
_GEOMETRIC, _FLAT = 0x10000, 0x200
# The advance widths of Arial from the blank to the tilde, in thousandths of the size; a mark over a letter adds none.
_WIDTHS: Final = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
)  # fmt: skip
_HORN: Final = "\u031b"
_HORNED: Final = {"o": 656, "u": 669, "O": 857, "U": 854}
_OTHER_WIDTHS: Final = {"Đ": 722, "’": 222, "“": 333, "”": 333, "…": 1000}
_USUAL_WIDTH: Final = 556


def metafile(svg: str) -> bytes:
    """Turn a drawing of `engine.designs.drawing` into an Enhanced Metafile of the same size."""
    picture = etree.fromstring(svg)
    left, top, width, height = (float(number) for number in picture.get("viewBox", "").split())
    written = _Metafile(left, top, width, height)
    for element in picture.iter():
        written.draw(element)
    return written.content()


class _Metafile:
    """The records of a metafile, and the pens and brushes they share."""

    def __init__(self, left: float, top: float, width: float, height: float) -> None:
        self.width, self.height = round(width), round(height)
        self.records: list[bytes] = []
        self.tools: dict[tuple[float | str, ...], int] = {}
        self._record(17, "I", 8)  # units as we say, in both directions
        self._record(10, "ii", _fine(left), _fine(top))
        self._record(9, "ii", _fine(width), _fine(height))
        self._record(12, "ii", 0, 0)
        self._record(11, "ii", self.width, self.height)
        self._record(18, "I", 1)  # nothing behind letters
        self._record(22, "I", 6 | 24)  # texts around a point of their base line

    def draw(self, element: Tree) -> None:
        """Draw one element of the picture; groups and titles draw nothing."""
        draw = {
            "rect": self._rectangle, "circle": self._ring, "polyline": self._line, "polygon": self._area,
            "text": self._text,
        }.get(etree.QName(element).localname)  # fmt: skip
        if draw is not None:
            draw(element)

    def content(self) -> bytes:
        """Return the whole file."""
        self._record(14, "III", 0, 16, 20)
        body = b"".join(self.records)
        frame = (round(side * _MILLIMETRES * 100) for side in (0, 0, self.width, self.height))
        bounds = 0, 0, self.width, self.height
        counts = 88 + len(body), len(self.records) + 1, len(self.tools) + 1
        head = struct.pack("<II4i4i", 1, 88, *bounds, *frame) + b" EMF" + struct.pack("<IIIHH", 0x10000, *counts, 0)
        return head + struct.pack("<III2i2i", 0, 0, 0, 1920, 1080, 508, 286) + body

    def _record(self, kind: int, form: str, *values: float, more: bytes = b"") -> None:
        body = struct.pack(f"<{form}", *values) + more
        body += bytes(-len(body) % 4)
        self.records.append(struct.pack("<II", kind, 8 + len(body)) + body)

    def _tool(self, kind: int, form: str, *values: float, more: bytes = b"") -> None:
        """Take a pen, brush or font in hand, made where it is the first of its kind."""
        wanted = (kind, *values)
        if wanted not in self.tools:
            self.tools[wanted] = len(self.tools) + 1
            self._record(kind, f"I{form}", self.tools[wanted], *values, more=more)
        self._record(37, "I", self.tools[wanted])

    def _style(self, element: Tree) -> None:
        width, dashes = float(element.get("stroke-width", 1)), element.get("stroke-dasharray", "")
        style = _SOLID if not dashes else _DOTTED if dashes.startswith("2") else _DASHED
        if element.get("stroke") == "none":
            style = _NOTHING
        # A simple pen is dashed at its thinnest only, and LibreOffice draws that whole.
        drawn = _GEOMETRIC | _FLAT | style, _fine(width), 0, _colour(element.get("stroke")), 0, 0
        self._tool(95, "4I6I", 0, 0, 0, 0, *drawn)
        fill = element.get("fill")
        self._tool(39, "III", int(fill in (None, "none")), _colour(fill), 0)

    def _rectangle(self, element: Tree) -> None:
        self._style(element)
        x, y, width, height, round_ = (float(element.get(name, 0)) for name in ("x", "y", "width", "height", "rx"))
        corners = _fine(x), _fine(y), _fine(x + width), _fine(y + height)
        self._record(_ROUNDED, "4i2i", *corners, _fine(round_ * 2), _fine(round_ * 2))

    def _ring(self, element: Tree) -> None:
        self._style(element)
        x, y, radius = (float(element.get(name, 0)) for name in ("cx", "cy", "r"))
        self._record(_ELLIPSE, "4i", _fine(x - radius), _fine(y - radius), _fine(x + radius), _fine(y + radius))

    def _line(self, element: Tree) -> None:
        self._points(_POLYLINE, element)

    def _area(self, element: Tree) -> None:
        self._points(_POLYGON, element)

    def _points(self, kind: int, element: Tree) -> None:
        self._style(element)
        points = [_fine(float(number)) for number in re.split(r"[ ,]", element.get("points", ""))]
        across, down = points[::2], points[1::2]
        bounds = min(across), min(down), max(across), max(down)
        self._record(kind, f"4iI{len(points)}i", *bounds, len(across), *points)

    def _text(self, element: Tree) -> None:
        text = element.text or ""
        turned = 900 if element.get("transform", "").startswith("rotate(-90") else 0
        face = _FONT.encode("utf-16-le").ljust(64, b"\0")
        self._tool(82, "iiiii8B", -_fine(_SIZE), 0, turned, turned, 400, *bytes(8), more=face.ljust(64 + 228, b"\0"))
        self._record(24, "I", _colour(element.get("fill")))
        letters = text.encode("utf-16-le")
        steps = b"".join(struct.pack("<I", one) for letter in text for one in _steps(letter))
        count, begins = len(letters) // 2, 76
        padded = letters + bytes(-len(letters) % 4)
        place = _fine(float(element.get("x", 0))), _fine(float(element.get("y", 0)))
        rest = count, begins, 0, 0, 0, -1, -1, begins + len(padded)
        self._record(_TEXT, "4iIff2iIII4iI", 0, 0, -1, -1, 2, 1.0, 1.0, *place, *rest, more=padded + steps)


def _fine(pixels: float) -> int:
    return round(pixels * _FINE)


def _colour(written: str | None) -> int:
    """Return #rrggbb as a number with red in its lowest byte."""
    if not written or not written.startswith("#"):
        return 0
    return int.from_bytes(bytes.fromhex(written[1:]), "little")


def _steps(letter: str) -> list[int]:
    """Return how far each of the (one or two) code units of a letter leads, in units of the metafile."""
    apart = unicodedata.normalize("NFD", letter)
    base, marks = apart[0], apart[1:]
    width = _WIDTHS[ord(base) - 32] if " " <= base <= "~" else _OTHER_WIDTHS.get(base, _USUAL_WIDTH)
    if _HORN in marks:
        width = _HORNED.get(base, width)
    return [_fine(width * _SIZE / 1000)] + [0] * (len(letter.encode("utf-16-le")) // 2 - 1)

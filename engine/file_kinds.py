"""Tells by content what a file is, refuses what is two kinds at once, and takes the traces out of photos. A leaf."""

import os
import struct
import zipfile
from typing import BinaryIO

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
_OOXML = "application/vnd.openxmlformats-officedocument."
_PARTS = {
    "word/document.xml": _OOXML + "wordprocessingml.document",
    "xl/workbook.xml": _OOXML + "spreadsheetml.sheet",
}
_ODF = frozenset("application/vnd.oasis.opendocument." + kind for kind in ("text", "spreadsheet"))
MEDIA_TYPES = frozenset({PDF, JPEG, PNG, *_PARTS.values(), *_ODF})

_MOST_ENTRIES, _MOST_BYTES, _MOST_RATIO, _RATIO_FROM = 2000, 300 * 1024 * 1024, 200, 10 * 1024 * 1024
_PNG_SIGN = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB bKGD hIST pHYs sPLT acTL fcTL fdAT cICP".split()
)
_SOI, _EOI, _SOS, _APP1, _APP2, _APP13, _COMMENT = 0xD8, 0xD9, 0xDA, 0xE1, 0xE2, 0xED, 0xFE
_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
_ORIENTATION = 0x0112


class Unfit(Exception):
    """The file is of no kind that is kept, damaged, or something else besides."""


def examine(file: BinaryIO) -> tuple[str, bytes | None]:
    """Return the media type, and new bytes where traces had to be taken out (photos); Unfit otherwise."""
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG, clean_jpeg(file.read())
    if head == _PNG_SIGN:
        return PNG, clean_png(file.read())
    if head.startswith(b"%PDF-"):
        return _pdf(file), None
    if head.startswith(b"PK\x03\x04"):
        return _package(file), None
    raise Unfit("unknown")


def clean_jpeg(data: bytes) -> bytes:
    """Drop Exif, XMP, IPTC, comments, further pictures and whatever follows the end; the pixels are not touched.

    Only the orientation stays, or photos of phones would lie on their side.
    """
    out, place, turned = bytearray(b"\xff\xd8"), 2, None
    while True:
        marker, start, end = _segment(data, place)
        if marker == _EOI:
            out += b"\xff\xd9"
            break
        if marker == _SOS:
            end = _end_of_scan(data, end)
        if marker == _APP1 and turned is None:
            turned = _orientation(data[start + 4 : end])
        if not _is_trace(marker, data[start + 4 : end]):
            out += data[start:end]
        place = end
    if turned is not None and turned != 1:
        out[2:2] = _oriented(turned)
    return bytes(out)


def clean_png(data: bytes) -> bytes:
    """Keep what draws the picture; drop Exif, texts, times and whatever follows the end."""
    out, place = bytearray(_PNG_SIGN), len(_PNG_SIGN)
    while True:
        if place + 12 > len(data):
            raise Unfit("damaged")
        length, name = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        if end > len(data):
            raise Unfit("damaged")
        if name in _PNG_KEPT:
            out += data[place:end]
        place = end
        if name == b"IEND":
            return bytes(out)


def _pdf(file: BinaryIO) -> str:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 2048))
    if b"%%EOF" not in file.read():
        raise Unfit("damaged")
    file.seek(0)
    if zipfile.is_zipfile(file):
        raise Unfit("two_kinds")
    return PDF


def _package(file: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(file) as package:
            entries = package.infolist()
            _require_harmless(entries)
            names = {entry.filename for entry in entries}
            for part, kind in _PARTS.items():
                if part in names and "[Content_Types].xml" in names:
                    return kind
            first = entries[0] if entries else None
            if first is not None and first.filename == "mimetype" and first.file_size < len(max(_ODF, key=len)) + 1:
                kind = package.read(first).decode("ascii", "replace")
                if kind in _ODF and "content.xml" in names:
                    return kind
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, RuntimeError):
        raise Unfit("damaged") from None
    raise Unfit("unknown")


def _require_harmless(entries: list[zipfile.ZipInfo]) -> None:
    packed, unpacked = sum(entry.compress_size for entry in entries), sum(entry.file_size for entry in entries)
    if len(entries) > _MOST_ENTRIES or unpacked > _MOST_BYTES:
        raise Unfit("bomb")
    if unpacked > _RATIO_FROM and unpacked > _MOST_RATIO * max(packed, 1):
        raise Unfit("bomb")
    if not entries or min(entry.header_offset for entry in entries) != 0:
        raise Unfit("two_kinds")
    for entry in entries:
        name = entry.filename.lower()
        if entry.flag_bits & 0x1 or name.endswith(("vbaproject.bin", ".exe", ".js", ".jar", ".class")):
            raise Unfit("active")


def _segment(data: bytes, place: int) -> tuple[int, int, int]:
    """Return the marker at a place of a JPEG, where its segment starts and where it ends."""
    while place + 1 < len(data) and data[place] == 0xFF and data[place + 1] == 0xFF:
        place += 1
    if place + 2 > len(data) or data[place] != 0xFF:
        raise Unfit("damaged")
    marker = data[place + 1]
    if marker == _EOI or marker in _NO_LENGTH:
        return marker, place, place + 2
    if marker in (0x00, _SOI) or place + 4 > len(data):
        raise Unfit("damaged")
    end = place + 2 + int.from_bytes(data[place + 2 : place + 4])
    if end < place + 4 or end > len(data):
        raise Unfit("damaged")
    return marker, place, end


def _end_of_scan(data: bytes, place: int) -> int:
    """Return where the compressed picture data ends: at the next marker that is not a restart."""
    while True:
        place = data.find(b"\xff", place)
        if place < 0 or place + 1 >= len(data):
            raise Unfit("damaged")
        if data[place + 1] == 0xFF:
            place += 1
        elif data[place + 1] == 0x00 or data[place + 1] in _NO_LENGTH:
            place += 2
        else:
            return place


def _is_trace(marker: int, content: bytes) -> bool:
    if marker == _APP2:
        return not content.startswith(b"ICC_PROFILE\x00")
    return marker in (_APP1, _APP13, _COMMENT) or 0xE3 <= marker <= 0xEC


def _orientation(content: bytes) -> int | None:
    """Return the orientation (1 to 8) an Exif segment gives, None where it gives none."""
    if not content.startswith(b"Exif\x00\x00"):
        return None
    tiff = content[6:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return None
    try:
        (start,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, start)
        for n in range(min(count, 200)):
            tag, _kind, _count, value = struct.unpack_from(order + "HHIH", tiff, start + 2 + 12 * n)
            if tag == _ORIENTATION:
                return value if 1 <= value <= 8 else None
    except struct.error:
        return None
    return None


def _oriented(turned: int) -> bytes:
    """Return an Exif segment that says nothing but the orientation."""
    tiff = b"MM\x00\x2a" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, turned, 0, 0)
    content = b"Exif\x00\x00" + tiff
    return b"\xff\xe1" + (len(content) + 2).to_bytes(2) + content

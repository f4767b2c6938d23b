"""Names and texts in a BPMN file: tags without namespaces, references without prefixes, texts without stray spaces."""

import unicodedata

from lxml import etree

from engine.bpmn.model import EXTENSION, MODEL


def tag(local_name: str) -> str:
    """Return how the parser calls an element of BPMN."""
    return f"{{{MODEL}}}{local_name}"


def local(element: etree._Element) -> str:
    """Return what an element is called without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def is_bpmn(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and element.tag.startswith(f"{{{MODEL}}}")


def clean(text: str | None) -> str | None:
    """Return a name on one line; None where there is none."""
    return " ".join(unicodedata.normalize("NFC", text).split()) or None if text else None


def text_of(element: etree._Element | None) -> str | None:
    """Return what is written in an element; None where nothing is."""
    return (unicodedata.normalize("NFC", element.text or "").strip() or None) if element is not None else None


def documentation_of(element: etree._Element) -> str | None:
    return text_of(element.find(tag("documentation")))


def flag(element: etree._Element, name: str, *, default: bool = False) -> bool:
    """Return a truth that an attribute says; XML Schema writes each in two ways."""
    said = (element.get(name) or "").strip()
    return said in ("true", "1") if said in ("true", "1", "false", "0") else default


def unprefixed(ref: str | None) -> str:
    return (ref or "").strip().rpartition(":")[2]


def unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1].strip()
    return text


def extension_of(element: etree._Element) -> dict[str, str]:
    """Return our own attributes at an element."""
    prefix = f"{{{EXTENSION}}}"
    return {
        str(name).removeprefix(prefix): str(value)
        for name, value in element.attrib.items()
        if str(name).startswith(prefix)
    }

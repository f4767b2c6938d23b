"""The one door for XML from outside: bytes in, a tree without entities, DTDs, network or surprises out."""

import re
from collections.abc import Mapping
from typing import Final

from lxml import etree

MAX_BYTES: Final = 1_000_000
MAX_ELEMENTS: Final = 40_000
MAX_DEPTH: Final = 60
# The attributes of the standard that are true or false, which XML Schema lets be written 1 or 0.
TRUTHS: Final = frozenset(
    {
        "cancelActivity", "cancelRemainingInstances", "instantiate", "isClosed", "isCollection", "isExecutable",
        "isExpanded", "isForCompensation", "isHorizontal", "isImmediate", "isInterrupting", "isMarkerVisible",
        "isMessageVisible", "isSequential", "isUnlimited", "parallelMultiple", "testBefore", "triggeredByEvent",
        "waitForCompletion",
    }
)  # fmt: skip
_NUMBERED: Final = re.compile(rb"\b(?:%s)\s*=\s*[\"']\s*[01]\s*[\"']" % "|".join(sorted(TRUTHS)).encode())


class Unreadable(Exception):
    """The bytes are not an XML document we accept; `rule` says why."""

    def __init__(self, rule: str, *, line: int | None = None, detail: str = "") -> None:
        super().__init__(f"{rule}: {detail}" if detail else rule)
        self.rule = rule
        self.line = line
        self.detail = detail


def parse(content: bytes) -> etree._Element:
    """Parse untrusted bytes; raises Unreadable and nothing else."""
    if len(content) > MAX_BYTES:
        raise Unreadable("file-too-large", detail=str(len(content)))
    if _names_a_doctype(content):
        raise Unreadable("doctype-refused")
    try:
        root = etree.fromstring(content, _parser(whole=False))
    except etree.XMLSyntaxError as error:
        raise Unreadable("not-xml", line=error.lineno, detail=_first_line(str(error))) from None
    except (etree.LxmlError, ValueError, LookupError, RecursionError, MemoryError) as error:
        raise Unreadable("not-xml", detail=_first_line(str(error))) from None
    if root is None:
        raise Unreadable("not-xml")
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("doctype-refused")
    _require_modest(root)
    return root


def for_browsers(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return readable files as the libraries in browsers understand them; what they understand stays byte for byte.

    They take every file for UTF-8, and a truth for false that is written 1. Errors: Unreadable.
    """
    return {name: _plainly(content) if name.endswith((".bpmn", ".dmn")) else content for name, content in files.items()}


def _plainly(content: bytes) -> bytes:
    is_utf8 = (parse(content).getroottree().docinfo.encoding or "UTF-8").upper() in ("UTF-8", "US-ASCII", "ASCII")
    if is_utf8 and not _NUMBERED.search(content):
        return content
    root = etree.fromstring(content, _parser(whole=True))
    for element in root.iter(etree.Element):
        for name in TRUTHS.intersection(map(str, element.keys())):
            element.set(name, {"1": "true", "0": "false"}.get(element.get(name, "").strip(), element.get(name, "")))
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")


def _parser(*, whole: bool) -> etree.XMLParser:
    """Make a parser for files of strangers; a whole tree has its comments and instructions, too."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=not whole,
        remove_pis=not whole,
        collect_ids=False,
    )


def _names_a_doctype(content: bytes) -> bool:
    return any(
        "<!DOCTYPE".encode(encoding) in content or "<!ENTITY".encode(encoding) in content
        for encoding in ("ascii", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
    )


def _require_modest(root: etree._Element) -> None:
    count, level = 0, [root]
    for _depth in range(MAX_DEPTH):
        count += len(level)
        if count > MAX_ELEMENTS:
            raise Unreadable("too-many-elements", detail=str(count))
        level = [child for element in level for child in element]
        if not level:
            return
    raise Unreadable("too-deep", line=level[0].sourceline)


def _first_line(text: str) -> str:
    return text.splitlines()[0][:200] if text else ""

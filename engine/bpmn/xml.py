"""The one door for XML from outside: bytes in, a tree without entities, DTDs, network or surprises out."""

from typing import Final

from lxml import etree

MAX_BYTES: Final = 1_000_000
MAX_ELEMENTS: Final = 40_000
MAX_DEPTH: Final = 60


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
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(content, parser)
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

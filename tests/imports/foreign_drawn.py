"""Diagrams of other tools, and what is told about them."""

from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from engine.bpmn import parse
from engine.bpmn.dialects import Remark, dialect_of
from engine.bpmn.foreign import Imported, imported, remarks

FOLDER = Path(__file__).parent

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:flowable="http://flowable.org/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:lt="urn:lienthong:bpmn:1">'
)


@cache
def drawn(file: str) -> tuple[etree._Element, str]:
    root = parse((FOLDER / f"{file}.bpmn").read_bytes())
    return root, dialect_of(root)


def seen(file: str, element: str) -> Imported:
    root, dialect = drawn(file)
    return imported(next(one for one in root.iter(etree.Element) if one.get("id") == element), dialect)


def told(file: str, element: str, **given: Any) -> dict[str, Remark]:
    return {one.rule: one for one in remarks(seen(file, element), **given)}


def lone(text: str, dialect: str = "camunda") -> Imported:
    """What one element says that stands alone in a process."""
    root = parse(f"{HEAD}<process id='p'>{text}</process></definitions>".encode())
    return imported(root[0][-1], dialect)

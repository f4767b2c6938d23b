"""The forms that other tools draw into a diagram, as forms of ours: lists of fields, and form-js files as a whole."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from engine import forms
from engine.bpmn.model import Drawn
from engine.bpmn.vendors import extensions, local
from engine.forms.allowed import MAX_COMPONENTS

_TYPES: Final = {
    "string": "textfield", "long": "number", "integer": "number", "int": "number", "double": "number",
    "boolean": "checkbox", "date": "datetime", "enum": "select",
}  # fmt: skip
_WHOLE: Final = frozenset({"long", "integer", "int"})
_BOUNDS: Final = {"min": "min", "max": "max", "minlength": "minLength", "maxlength": "maxLength"}
_BOUNDED: Final = {"number": ("min", "max"), "textfield": ("minlength", "maxlength")}
_NUMBER: Final = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?", re.ASCII)
_ELSEWHERE: Final = ("variable", "expression", "datePattern")
_SHOWN: Final = 200


def drawn_at(task: etree._Element) -> Drawn | None:
    """Return the form of the fields that are drawn at a task; None where none are."""
    fields = list(_fields(task))
    if not fields:
        return None
    taken: dict[str, dict[str, Any]] = {}
    lost: list[tuple[str, str]] = []
    for field in fields:
        one = _Field(field)
        component = one.component()
        lost += [(f"{one.key or '?'}: {what}",) * 2 for what in one.lost]
        if component is None:
            continue
        why = (f"{one.key} × 2",) * 2 if one.key in taken else _why_not(_form(component))
        if why is not None or len(taken) == MAX_COMPONENTS:
            lost.append(why or (one.key, one.key))
        else:
            taken[one.key] = component
    return Drawn(_form(*taken.values()) if taken else None, tuple(dict.fromkeys(lost)))


def embedded_in(process: etree._Element) -> dict[str, Drawn]:
    """Return the form-js files that stand in a process, by their ids."""
    found = {}
    for one in extensions(process):
        if one.is_working and one.local == "userTaskForm" and one.element is not None:
            content = one.text.encode()
            why = _why_not(content)
            asks = why is None and bool(forms.compile(content).components)
            found[one.element.get("id", "")] = Drawn(content if asks else None, () if why is None else (why,))
    return found


def _fields(task: etree._Element) -> Iterator[etree._Element]:
    for one in extensions(task):
        if not one.is_working or one.element is None:
            continue
        if one.local == "formProperty":
            yield one.element
        elif one.local == "formData":
            yield from (child for child in one.element.iterchildren(etree.Element) if local(child.tag) == "formField")


def _form(*components: dict[str, Any]) -> bytes:
    return json.dumps({"type": "default", "components": components}, ensure_ascii=False).encode()


def _why_not(content: bytes) -> tuple[str, str] | None:
    """Return what forbids to show a form, in Vietnamese and in English; None where it can be shown."""
    try:
        forms.compile(content)
    except forms.FormError as error:
        first = error.problems[0]
        return f"{first.component}: {first.message_vi}"[:_SHOWN], f"{first.component}: {first.message_en}"[:_SHOWN]
    return None


class _Field:
    """One field while it is read: what of it is lost."""

    def __init__(self, drawn: etree._Element) -> None:
        self.drawn = drawn
        self.key = drawn.get("id", "").strip()
        self.type = drawn.get("type", "string").strip().lower()
        self.given = dict(self._constraints())
        self.lost: list[str] = [name for name in _ELSEWHERE if drawn.get(name)]

    def component(self) -> dict[str, Any] | None:
        """Return the field as form-js writes it; None where it cannot be asked."""
        kind = _TYPES.get(self.type)
        if kind is None or "readonly" in self.given:
            self.lost.append(f"type={self.type}" if kind is None else "readonly")
            return None
        label = self.drawn.get("label") or self.drawn.get("name") or self.key
        one: dict[str, Any] = {"type": kind, "key": self.key, "label": label}
        one |= {"decimalDigits": 0} if self.type in _WHOLE else {}
        one |= {"values": self._values()} if kind == "select" else {}
        if checks := dict(self._checks(kind)):
            one["validate"] = checks
        default = self.drawn.get("defaultValue") or self.drawn.get("default")
        if default is not None and (value := self._default(kind, default)) is not None:
            one["defaultValue"] = value
        return one

    def _constraints(self) -> Iterator[tuple[str, str]]:
        """Yield name and value of what restricts the answer, as Camunda and as Flowable write it."""
        if self.drawn.get("required", "").lower() == "true":
            yield "required", "true"
        if "false" in (self.drawn.get(name, "").lower() for name in ("writable", "writeable", "readable")):
            yield "readonly", "true"
        for one in self.drawn.iterdescendants(etree.Element):
            if local(one.tag) == "constraint" and one.get("config", "").lower() != "false":
                yield one.get("name", "?"), one.get("config", "")

    def _checks(self, kind: str) -> Iterator[tuple[str, Any]]:
        for name, value in self.given.items():
            # A box that must be answered may be answered with no; ours would have to be ticked.
            if name == "required" and kind != "checkbox":
                yield name, True
            elif name in _BOUNDED.get(kind, ()) and _NUMBER.fullmatch(value.strip()):
                yield _BOUNDS[name], value.strip()
            else:
                self.lost.append(f"{name}={value}" if value else name)

    def _values(self) -> list[dict[str, str]]:
        return [
            {"value": one.get("id", ""), "label": one.get("name", "") or one.get("id", "")}
            for one in self.drawn.iterchildren(etree.Element)
            if local(one.tag) == "value"
        ]

    def _default(self, kind: str, text: str) -> Any:
        """Return the value that a field starts with; None, and the loss noted, where it is calculated or misfits."""
        if kind == "textfield" and "{" not in text and not text.startswith("="):
            return text
        if kind == "checkbox" and text.lower() in ("true", "false"):
            return text.lower() == "true"
        if kind == "number" and _NUMBER.fullmatch(text.strip()):
            return json.loads(str(float(text)) if "." in text else str(int(text)))
        if kind == "select" and text in (one["value"] for one in self._values()):
            return text
        self.lost.append(f"default={text}")
        return None

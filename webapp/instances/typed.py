"""Routing data as fields of a form without scripts: each value with its kind, and one more may be added."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from engine.operations import IDENTITY
from models.errors import Invalid

KINDS = {
    "text": "chữ",
    "number": "số",
    "truth": "có hoặc không",
    "list": "danh sách, mỗi dòng một mục",
    "json": "JSON",
}
PREFIX, KIND = "value-", "kind-"
TRUTHS = {"true": True, "có": True, "yes": True, "false": False, "không": False, "no": False}
LONG = 60


class Field(NamedTuple):
    """One value as it stands in a form; what is fixed can only be read."""

    name: str
    kind: str
    value: str
    is_fixed: bool

    @property
    def is_long(self) -> bool:
        return self.kind in ("list", "json") or len(self.value) > LONG or "\n" in self.value


def fields_of(data: Mapping[str, Any]) -> list[Field]:
    """List data as fields, by name."""
    return [field_of(name, data[name]) for name in sorted(data)]


def field_of(name: str, value: Any) -> Field:
    """Write one value: what JSON does not know, and what an instance is, cannot be changed."""
    kind = _kind(value)
    fixed = kind is None or name in IDENTITY or not name.isascii() or not name.isidentifier()
    return Field(name, kind or "text", _written(kind, value), fixed)


def _kind(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return "text"
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, list) and all(isinstance(one, str) and one.strip() and "\n" not in one for one in value):
        return "list"
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return None
    return "json"


def _written(kind: str | None, value: Any) -> str:
    if kind == "list":
        return "\n".join(value)
    if kind in ("number", "truth", "json"):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def read(form: Mapping[str, str], present: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form says of data that can be changed, and of the one it adds; Invalid by field."""
    changes: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for field in fields_of(present):
        said, kind = form.get(PREFIX + field.name), form.get(KIND + field.name, field.kind)
        if said is not None and not field.is_fixed and (_lines(said), kind) != (field.value, field.kind):
            _take(changes, wrong, field.name, kind, said)
    added = form.get("new_name", "").strip()
    if added:
        _take(changes, wrong, added, form.get("new_kind", "text"), form.get("new_value", ""))
    if wrong:
        raise Invalid(wrong)
    return changes


def _take(changes: dict[str, Any], wrong: dict[str, str], name: str, kind: str, said: str) -> None:
    try:
        changes[name] = _value(kind, _lines(said))
    except ValueError:
        wrong[f"data.{name}"] = f"data_{kind}" if kind in KINDS else "unknown"


def _lines(said: str) -> str:
    return said.replace("\r\n", "\n")


def _value(kind: str, said: str) -> Any:
    if kind == "list":
        return [line.strip() for line in said.split("\n") if line.strip()]
    if kind == "truth":
        return TRUTHS[said.strip().lower()] if said.strip().lower() in TRUTHS else _refuse()
    if kind == "number":
        number = said.strip().replace(",", ".")
        return int(number) if number.lstrip("-").isdecimal() else float(number)
    if kind == "json":
        return json.loads(said, parse_constant=_refuse)
    return said if kind == "text" else _refuse()


def _refuse(*what: object) -> Any:
    raise ValueError(what)

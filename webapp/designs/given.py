"""Data that somebody gives a trial: rows of name, kind and value, and JSON for what a row cannot say."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from flask import request
from werkzeug.datastructures import MultiDict

from models.errors import Invalid

# A yes or a no needs no value beside it.
KINDS: Final = ("text", "number", "yes", "no")


@dataclass(frozen=True, slots=True)
class Row:
    """One value: its name, its kind (of KINDS), and what is typed."""

    name: str = ""
    kind: str = "text"
    value: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What a group of fields shows: rows, the last of them empty, and the rest as JSON."""

    rows: list[Row]
    rest: str


def given(group: str, key: str, data: Mapping[str, Any] | None = None) -> Given:
    """Return what a group shows: what was typed into it and comes back, or `data`."""
    if group in request.form.getlist("_group"):
        return Given([*_typed(request.form, key), Row()], request.form.get(key, ""))
    rows = {name: row for name, value in (data or {}).items() if (row := _row(name, value)) is not None}
    rest = {name: value for name, value in (data or {}).items() if name not in rows}
    return Given([*rows.values(), Row()], json.dumps(rest, ensure_ascii=False) if rest else "")


def wants_a_row() -> bool:
    """Tell whether somebody only asked for one more row."""
    return "_more" in request.form


def data_of(form: MultiDict[str, str], key: str, label: str) -> dict[str, Any]:
    """Return the data of a group: its JSON, and over it its rows. Invalid for no JSON object, and for no number."""
    return {
        **_object(form.get(key, "").strip(), key, label),
        **{row.name: _value(row, key) for row in _typed(form, key)},
    }


def _typed(form: MultiDict[str, str], key: str) -> list[Row]:
    columns = (form.getlist(f"{key}_{part}") for part in ("name", "kind", "value"))
    rows = (Row(name.strip(), kind, value.strip()) for name, kind, value in zip(*columns, strict=False))
    return [row for row in rows if row.name]


def _row(name: str, value: Any) -> Row | None:
    if isinstance(value, bool):
        return Row(name, "yes" if value else "no")
    if isinstance(value, int | float):
        return Row(name, "number", str(value))
    return Row(name, "text", value) if isinstance(value, str) else None


def _value(row: Row, key: str) -> Any:
    if row.kind == "number":
        try:
            number = Decimal(row.value.replace(",", "."))
            return int(number) if number == number.to_integral_value() else float(number)
        except (ArithmeticError, ValueError):
            raise Invalid({key: "trial_no_number"}, reason="trial_no_number", name=row.name) from None
    return row.value if row.kind not in ("yes", "no") else row.kind == "yes"


def _object(text: str, key: str, label: str) -> dict[str, Any]:
    try:
        said = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise Invalid({key: "trial_no_json"}, reason="trial_no_json", key=label)
    return said

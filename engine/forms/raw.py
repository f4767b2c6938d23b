"""Answers as they were typed: an HTML form or plain JSON, brought into one nested shape for drafts and pages.

`{"note": "…", "agree": true, "records": [{"held_on": "5/2", "figures": {"people": {"value": "58", "qualifier": ""}}}]}`

The names of an HTML form are paths: `note`, `records-0-held_on`, `figures-people`, its qualifier `…-q`; `…-as` is the
reading chosen where what was typed had two. An empty `records-0` says that a row is there. Unknown names are dropped.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol, TypeGuard, cast

from engine.forms.allowed import MAX_ROWS
from engine.forms.components import Component
from models.text import nfc

Raw = dict[str, Any]
_FALSE: Final = ("", "0", "false", "off")


class HtmlForm(Protocol):
    """What werkzeug's MultiDict offers."""

    def get(self, key: str, default: Any = None) -> Any: ...

    def getlist(self, key: str) -> list[Any]: ...

    def keys(self) -> Iterable[str]: ...


Answers = HtmlForm | Mapping[str, Any]


def is_html(answers: Answers) -> TypeGuard[HtmlForm]:
    """Tell an HTML form, whose names are flat, from nested JSON."""
    return hasattr(answers, "getlist")


def read_raw(components: Iterable[Component], answers: Answers) -> Raw:
    """Pick what the form knows; `nothing` is the button "Không phát sinh"."""
    if is_html(answers):
        raw = _from_html(components, answers, sorted(map(str, answers.keys())), "")
        nothing = answers.get("nothing", "") not in _FALSE or answers.get("do") == "nothing"
    else:
        given = cast(Mapping[str, Any], answers)
        raw = _from_json(components, given)
        nothing = bool(given.get("nothing"))
    return {**raw, "nothing": True} if nothing else raw


def edit_rows(components: Iterable[Component], answers: Answers) -> Raw | None:
    """Do what a pressed `add-<list>` or `remove-<list>-<row>` button says; None if no such button was pressed."""
    known = list(components)
    lists = [component for top in known for component in top.walk() if component.type == "dynamiclist"]
    raw = read_raw(known, answers)
    pressed = set(map(str, answers.keys()))
    edited = False
    for component in lists:
        rows = raw.setdefault(component.key, [])
        for name in pressed:
            if match := re.fullmatch(rf"remove-{component.key}-([0-9]{{1,3}})", name):
                del rows[int(match[1]) : int(match[1]) + 1]
                edited = True
        if f"add-{component.key}" in pressed:
            edited = True
            if len(rows) < MAX_ROWS:
                rows.append({})
    return raw if edited else None


def _from_html(components: Iterable[Component], answers: HtmlForm, names: list[str], prefix: str) -> Raw:
    raw: Raw = {}
    for component in components:
        name = prefix + component.key
        if component.type == "group":
            raw.update(_from_html(component.children, answers, names, prefix))
        elif component.type == "dynamiclist":
            _put(raw, component.key, _rows(component, answers, names, name))
        elif component.type == "figures":
            _put(raw, component.key, _figures(answers, names, name))
        elif component.type == "checkbox":
            raw[component.key] = answers.get(name, "") not in _FALSE
        elif component.type == "checklist" or (component.type == "organization" and component.multiple):
            raw[component.key] = [_typed(value) for value in answers.getlist(name)]
        elif component.type not in ("text", "separator", "filepicker"):
            asked = component.type in ("number", "datetime")
            chosen = (asked and answers.get(f"{name}-as")) or answers.get(name)
            _put(raw, component.key, None if chosen is None else _typed(chosen))
    return raw


def _put(raw: Raw, key: str, value: Any) -> None:
    if value is not None:
        raw[key] = value


def _rows(component: Component, answers: HtmlForm, names: list[str], name: str) -> list[Raw] | None:
    pattern = re.compile(rf"{re.escape(name)}-([0-9]{{1,3}})(?:-|$)")
    places = {int(match[1]) for each in names if (match := pattern.match(each))}
    if not places:
        return None
    count = min(max(places) + 1, MAX_ROWS)
    return [_from_html(component.children, answers, names, f"{name}-{row}-") for row in range(count)]


def _figures(answers: HtmlForm, names: list[str], name: str) -> Raw | None:
    figures: Raw = {}
    for each in names:
        if each.startswith(f"{name}-"):
            code, part = _code_and_part(each.removeprefix(f"{name}-"))
            figures.setdefault(code, {})[part] = _typed(answers.get(each))
    for figure in figures.values():
        figure["value"] = figure.pop("reading", "") or figure.get("value", "")
    return figures or None


def _code_and_part(name: str) -> tuple[str, str]:
    for ending, part in (("-q", "qualifier"), ("-as", "reading")):
        if name.endswith(ending):
            return name.removesuffix(ending), part
    return name, "value"


def _from_json(components: Iterable[Component], answers: Mapping[str, Any]) -> Raw:
    raw: Raw = {}
    for component in components:
        if component.type == "group":
            raw.update(_from_json(component.children, answers))
            continue
        value = answers.get(component.key)
        if value is None or component.type in ("text", "separator", "filepicker"):
            continue
        if component.type == "dynamiclist":
            rows = value[: MAX_ROWS + 1] if isinstance(value, list) else []
            value = [_from_json(component.children, row if isinstance(row, Mapping) else {}) for row in rows]
        elif component.type == "figures":
            given = value if isinstance(value, Mapping) else {}
            value = {str(code): _figure(figure) for code, figure in given.items()}
        raw[component.key] = value
    return raw


def _figure(given: Any) -> Raw:
    if isinstance(given, Mapping):
        return {"value": given.get("value"), "qualifier": given.get("qualifier") or ""}
    return {"value": given}


def _typed(value: Any) -> str:
    return nfc(str(value))

"""What differs between the forms of two bundles, field by field."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from engine.designs.difference import Difference

_FORM: Final = ".form.json"
_DEPTH: Final = 12


def of_forms(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[Difference]:
    """Yield forms that were added or removed, and what differs in the fields of the others."""
    for file in sorted(one for one in before.keys() | after.keys() if one.endswith(_FORM)):
        name = file.rpartition("/")[2].removesuffix(_FORM)
        if file not in after:
            yield Difference("form_removed", name, name)
        elif file not in before:
            fields = ", ".join(_label(one) for one in _fields(after[file]).values())
            yield Difference("form_added", name, name, after=fields)
        elif before[file] != after[file]:
            yield from _of_form(name, before[file], after[file])


def _of_form(name: str, before: bytes, after: bytes) -> Iterator[Difference]:
    old, new = _fields(before), _fields(after)
    found = [Difference("field_removed", name, name, detail=_label(old[key])) for key in old if key not in new]
    found += [Difference("field_added", name, name, detail=_label(new[key])) for key in new if key not in old]
    for key in (key for key in new if key in old and new[key] != old[key]):
        for part in sorted(old[key].keys() | new[key].keys()):
            values = _said(old[key].get(part)), _said(new[key].get(part))
            if values[0] != values[1]:
                found.append(Difference("field_changed", name, name, *values, detail=f"{_label(new[key])} · {part}"))
    kept = [key for key in old if key in new]
    if kept != [key for key in new if key in old]:
        found.append(Difference("fields_ordered", name, name))
    yield from found or [Difference("form_changed", name, name)]


def _fields(content: bytes) -> dict[str, dict[str, Any]]:
    try:
        form = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return dict(_walk(form, ""))


def _walk(component: Any, path: str, depth: int = 0) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(component, dict) or depth > _DEPTH:
        return
    children = component.get("components")
    for place, child in enumerate(children if isinstance(children, list) else ()):
        if not isinstance(child, dict):
            continue
        name = child.get("key") or child.get("path") or child.get("id") or f"{child.get('type')}{place}"
        key = f"{path}/{name}"
        own = {name: value for name, value in child.items() if name not in ("components", "id", "layout")}
        yield key, own
        yield from _walk(child, key, depth + 1)


def _label(field: Mapping[str, Any]) -> str:
    return str(field.get("label") or field.get("text") or field.get("key") or field.get("type") or "?")[:100]


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return ", ".join(str(one.get("label") or one.get("value")) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_said(one)}" for name, one in sorted(value.items()))
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)

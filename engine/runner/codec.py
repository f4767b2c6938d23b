"""Our own text form of instance data: JSON types plus date, datetime and Decimal, whatever the keys are called."""

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from engine.sandbox import NotPlain, plain

_TAG: Final = "$"
MAX_INPUT: Final = 256_000


def checked(data: Any) -> dict[str, Any]:
    """Return a deep copy of data that enters an instance; raises NotPlain for what cannot be stored."""
    if not isinstance(data, dict):
        raise NotPlain("Dữ liệu phải là tập các trường.")
    copied: dict[str, Any] = plain(data, limit=MAX_INPUT)
    return copied


def copied(value: Any, known: dict[int, Any] | None = None) -> Any:
    """Copy plain data deeply; `known` lets many copies of one moment share what they have in common."""
    kind = type(value)
    if kind is not dict and kind is not list:
        return value
    if known is not None and id(value) in known:
        return known[id(value)]
    copy: Any
    if kind is dict:
        copy = {key: copied(item, known) for key, item in value.items()}
    else:
        copy = [copied(item, known) for item in value]
    if known is not None:
        known[id(value)] = copy
    return copy


def dumps(document: Any) -> str:
    """Write plain data as JSON text; tags are added only where JSON has no type or a user key looks like a tag."""
    try:
        text = _ENCODER.encode(document)
    except _NeedsTags:
        return _ENCODER.encode(_tagged(document))
    return text if '"$"' not in text else _ENCODER.encode(_tagged(document))


def loads(text: str) -> Any:
    """Read what `dumps` wrote."""
    document = json.loads(text)
    return _untagged(document) if '"$"' in text else document


class _NeedsTags(Exception):
    pass


def _refuse(value: Any) -> Any:
    raise _NeedsTags


_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_refuse)


def _tagged(value: Any) -> Any:
    kind = type(value)
    if kind is dict:
        inner = {key: _tagged(item) for key, item in value.items()}
        return {_TAG: "dict", "v": inner} if _TAG in inner else inner
    if kind is list or kind is tuple:
        return [_tagged(item) for item in value]
    if kind is Decimal:
        return {_TAG: "decimal", "v": str(value)}
    if kind is datetime:
        return {_TAG: "datetime", "v": value.isoformat()}
    if kind is date:
        return {_TAG: "date", "v": value.isoformat()}
    return value


_READERS: Final[dict[str, Callable[[str], Any]]] = {
    "decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
}


def _untagged(value: Any) -> Any:
    if type(value) is list:
        return [_untagged(item) for item in value]
    if type(value) is not dict:
        return value
    tag = value.get(_TAG)
    if tag is None:
        return {key: _untagged(item) for key, item in value.items()}
    if tag == "dict":
        return {key: _untagged(item) for key, item in value["v"].items()}
    return _READERS[tag](value["v"])

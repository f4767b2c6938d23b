"""The one byte form of an entry, of which its leaf is the hash: plain values, sorted keys, composed accents."""

import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from engine.audit.tree import leaf_hash
from models.audit import AuditEntry

VERSION: Final = 2  # of new entries: those of version 1 have their texts among the facts
COLUMNS: Final = AuditEntry.__table__.columns
HASHED: Final = tuple(column.name for column in COLUMNS if column.name != "leaf")
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def canonical(entry: Mapping[Any, Any]) -> bytes:
    """Give the one byte form of an entry: JSON with sorted keys, no spaces, UTF-8 NFC, integers and strings only."""
    return _json({name: plain(entry[name]) for name in HASHED if entry[name] is not None}).encode()


def encoded(row: Mapping[str, Any]) -> bytes:
    """Give the byte form of an entry whose facts are plain already and whose columns are codes: at half the cost."""
    said = {name: value for name, value in row.items() if value is not None}
    return _json({**said, "at": plain(row["at"]), "refused": int(row["refused"])}).encode()


def leaf_of(entry: Mapping[Any, Any]) -> str:
    """Return the hash of one entry (RFC 9162: a leaf begins with 0x00)."""
    return leaf_hash(canonical(entry)).hex()


def is_composed(entry: Mapping[Any, Any]) -> bool:
    """Tell whether the texts of a stored entry have composed accents; hashing composes them, and would not see it."""
    said = json.dumps([value for value in entry.values() if isinstance(value, str | dict | list)], ensure_ascii=False)
    return said.isascii() or unicodedata.is_normalized("NFC", said)


def plain(value: Any) -> Any:
    """Reduce a value to texts, integers, lists and mappings, the same whichever database it comes from."""
    if isinstance(value, str):
        clean = value.value if isinstance(value, Enum) else value
        return clean if clean.isascii() and "\x00" not in clean else _clean(clean)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | float):
        return format(Decimal(str(value)).normalize(), "f")
    if isinstance(value, Mapping):
        return {key(name): plain(one) for name, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return ["" if one is None else plain(one) for one in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(one) for one in value)
    raise TypeError(f"{type(value).__name__} cannot stand in the audit log")


def key(name: str) -> str:
    """Return a name that can be a key in the log; ValueError for one that is not ASCII."""
    if not name.isascii():
        raise ValueError(f"{name!r} cannot be a key in the audit log: ASCII only")
    return name


def _clean(value: str) -> str:
    """Compose the text; what JSON in a database cannot hold (NUL, lone surrogates) becomes a replacement mark."""
    value = value.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
    return unicodedata.normalize("NFC", value)

"""Takes the hash that stands beside an entry for the one that would be computed."""

from collections.abc import Mapping
from typing import Any

from engine import audit
from tests.torture.trial import replace


def believed(entry: Mapping[str, Any]) -> str:
    """Return what is stored, if anything is."""
    return str(entry["leaf"]) if entry.get("leaf") else str(original(entry))


original = replace(audit, "leaf_of", believed)

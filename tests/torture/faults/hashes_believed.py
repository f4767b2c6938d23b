"""Takes the hash that stands beside an entry for the one that would be computed."""

from collections.abc import Mapping
from typing import Any

from engine.audit import verification
from tests.torture.trial import replace

_stored: list[bytes] = []


def canonical(entry: Mapping[Any, Any]) -> bytes:
    """Remember what is stored."""
    _stored.append(bytes.fromhex(entry["leaf"]))
    return b""


class Believed:
    """The tree, with leaves that nobody computed."""

    def __getattr__(self, name: str) -> Any:
        return getattr(tree, name)

    @staticmethod
    def leaf_hash(content: bytes) -> bytes:
        """Return what is stored."""
        return _stored.pop()


tree = verification.tree
replace(verification, "canonical", canonical)
replace(verification, "tree", Believed())

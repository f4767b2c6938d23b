"""Takes every other node for gone, whether it holds its lock or not."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from engine import nodes
from tests.torture.trial import replace


def gone(lease: Any, names: Any) -> list[str]:
    """Believe that nobody else lives."""
    return sorted(set(names) - {lease.node})


@contextmanager
def unasked(lease: Any, node: str) -> Iterator[bool]:
    """Ask no lock."""
    yield True


replace(nodes.Lease, "gone", gone)
replace(nodes.Lease, "in_place_of", unasked)

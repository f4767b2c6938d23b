"""Leaves the jobs of a node that is gone to themselves."""

from typing import Any

from engine import nodes
from tests.torture.trial import replace


def gone(lease: Any, names: Any) -> list[str]:
    """Believe that every node lives."""
    return []


replace(nodes.Lease, "gone", gone)

"""Verifies the log against itself alone."""

from typing import Any

from engine import audit
from tests.torture import p07_tampering
from tests.torture.trial import replace


def find(session: Any, held: object) -> bool:
    """Ask the log whether the log is sound."""
    return not audit.verify(session).is_sound


replace(p07_tampering, "find", find)

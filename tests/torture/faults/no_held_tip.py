"""Verifies the log against itself alone."""

from typing import Any

from engine import audit
from engine.audit.verification import Verification
from tests.torture import p07_tampering
from tests.torture.trial import replace


def find(session: Any, held: object) -> Verification:
    """Ask the log whether the log is sound."""
    return audit.verify(session)


replace(p07_tampering, "find", find)

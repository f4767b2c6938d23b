"""Verifies the log and takes its word for what stands in archives."""

from typing import Any

from engine.audit import sealed
from engine.audit.verification import Verification
from tests.torture import p07_tampering
from tests.torture.trial import replace


def find(session: Any, held: Any) -> Verification:
    """Ask nobody for the files."""
    return sealed.examine(session, held.outside, note=held.note)


replace(p07_tampering, "find", find)

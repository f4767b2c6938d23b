"""Tells the log in the order of its times, which a clock that jumps does not keep."""

from typing import Any

from sqlalchemy import select

from models.audit import AuditEntry
from tests.torture.trial import replace


def by_time(subject_id: str) -> Any:
    """Select what happened to one subject, by the clock."""
    return select(AuditEntry).where(AuditEntry.subject_id == subject_id).order_by(AuditEntry.at, AuditEntry.seq)


replace(AuditEntry, "of", by_time)

"""Keeps instants as the local time of the machine, without a zone."""

from datetime import UTC, datetime
from typing import Any

from models.base import UTCDateTime
from tests.torture.trial import replace


def written(kind: Any, value: datetime | None, dialect: Any) -> datetime | None:
    """Write what a clock on the wall shows."""
    return value.astimezone().replace(tzinfo=None) if value is not None else None


def read(kind: Any, value: datetime | None, dialect: Any) -> datetime | None:
    """Believe that the wall has not moved."""
    return value.replace(tzinfo=None).astimezone(UTC) if value is not None else None


replace(UTCDateTime, "process_bind_param", written)
replace(UTCDateTime, "process_result_value", read)

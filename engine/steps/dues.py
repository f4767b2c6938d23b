"""Days as the forms of steps give them, and the dues they mean."""

from datetime import date, datetime
from typing import Any

from engine.clock import close_of
from models.errors import Invalid


def day_of(value: Any) -> date | None:
    """Return the day a form gave, None for an empty field."""
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None


def close_of_day(value: Any) -> datetime | None:
    """Return when work is due on the day a form gave, None for an empty field."""
    day = day_of(value)
    return close_of(day) if day is not None else None


def within(due: datetime | None, limit: datetime | None, field: str) -> datetime | None:
    """Return a due that is not later than the one above it, else raise Invalid about the field."""
    if due is not None and limit is not None and due > limit:
        raise Invalid({field: "later_than_above"}, reason="later_than_above", at=limit)
    return due

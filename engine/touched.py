"""What a committed transaction was about, as a line of the log says it: ids and facts, nothing anybody wrote."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy.orm import Session

from engine import audit

_MOST: Final = 20


def touched(session: Session) -> dict[str, list[str]]:
    """Return the instances, tasks and orders of the acts just committed, and what the acts were; bounded."""
    acts = audit.appended(session)
    found = {
        "instance": _some(entry["instance_id"] for entry in acts),
        "task": _some(entry["subject_id"] for entry in acts if entry["subject_type"] == "task"),
        "order": _some(entry["order_id"] for entry in acts),
        "acts": _some(entry["fact"] for entry in acts),
    }
    return {name: values for name, values in found.items() if values}


def _some(values: Iterable[Any]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))[:_MOST]

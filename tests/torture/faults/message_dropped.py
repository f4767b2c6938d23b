"""Drops a message for which nobody waits yet."""

from typing import Any

from engine import messages
from tests.torture.trial import replace


def drop(session: Any, instance: Any, message: Any) -> None:
    """Close it as dead instead of keeping it."""
    messages._close(session, message, "dead")


replace(messages, "_keep", drop)

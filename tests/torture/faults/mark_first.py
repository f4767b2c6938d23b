"""Marks a letter as sent when it is taken from the outbox, before any mail server has it."""

from typing import Any

from engine import notifications
from tests.torture.trial import replace


def claim(session: Any, *given: Any) -> Any:
    """Take letters and believe that they will arrive."""
    letters = original(session, *given)
    for letter in letters:
        notifications.record_sent(session, letter.id)
    return letters


original = replace(notifications, "claim_mails", claim)

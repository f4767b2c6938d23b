"""Gives a letter another key at each try, so that its receiver takes it for a new one."""

from dataclasses import replace as with_values
from typing import Any
from uuid import uuid4

from engine import mail
from tests.torture.trial import replace


def compose(letter: Any, **given: Any) -> Any:
    """Make the message under a key of its own."""
    return original(with_values(letter, id=uuid4().hex), **given)


original = replace(mail, "compose", compose)

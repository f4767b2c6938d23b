"""Forgets the key of a request: a repeat is a new request."""

from typing import Any

from engine import idempotency
from tests.torture.trial import replace


def forgotten(*given: Any) -> None:
    """Remember nothing and know nothing."""


replace(idempotency, "recall", forgotten)
replace(idempotency, "remember", forgotten)

"""Who is told that the worker of an expression died or ran into a limit: those who count, where somebody does."""

from collections.abc import Callable
from typing import Final

_TOLD: Final[list[Callable[[str], None]]] = []


def hear(listener: Callable[[str], None]) -> None:
    """Tell somebody from now on why a worker was given up: crash or limit."""
    _TOLD.append(listener)


def tell(why: str) -> None:
    """Tell it."""
    for listener in _TOLD:
        listener(why)

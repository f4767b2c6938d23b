"""How fast one person may ask: so many requests a second, twice as many at once, the others wait for nobody."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from time import monotonic

from flask import Flask, current_app

from models.errors import Rejected

MOST_KEPT = 10_000


class TooManyRequests(Rejected):
    """One person asks too much: facts say how many `seconds` to wait."""

    status = 429


@dataclass
class Pace:
    """One bucket for each person, in the memory of this process: it fills with `rate` a second and holds two seconds.

    In memory, as a row in the database for each request would cost more than most of what is asked for.
    """

    rate: int
    clock: Callable[[], float] = monotonic
    _kept: dict[str, tuple[float, float]] = field(default_factory=dict)

    def take(self, whose: str) -> None:
        """Let one request of somebody pass, or raise TooManyRequests; a rate of 0 lets everything pass."""
        if not self.rate:
            return
        at, full = self.clock(), 2.0 * self.rate
        left, seen = self._kept.get(whose, (full, at))
        left = min(full, left + (at - seen) * self.rate)
        if left < 1:
            raise TooManyRequests("too_many_requests", seconds=ceil((1 - left) / self.rate))
        if len(self._kept) >= MOST_KEPT:  # whoever is forgotten begins with a full bucket
            self._kept.clear()
        self._kept[whose] = (left - 1, at)


def install(app: Flask, rate: int) -> None:
    """Keep the buckets with their application."""
    app.extensions["pace"] = Pace(rate)


def keep_pace(whose: str) -> None:
    """Let one request of somebody (a person, or a session) pass, or raise TooManyRequests."""
    current_app.extensions["pace"].take(whose)

"""What has to be done again and again: messages, timers, reminders, totals and mail, each in small transactions."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from engine import audit_words, idempotency, messages, notifications, rollups, start_events, suspicions, timers, users
from engine.audit import nodes

log = logging.getLogger(__name__)

_LONGEST_REST = 60.0


@dataclass(frozen=True, slots=True)
class Chore:
    """Rows that wait, oldest first, and what to do with one: found by reading, done one transaction each."""

    name: str
    find: Callable[[Session, int], Sequence[str]]
    do: Callable[[Session, str], None]


@dataclass(frozen=True, slots=True)
class Batch:
    """Work that is taken many rows at a time; returns how many, 0 when nothing is left."""

    name: str
    do: Callable[[Session], int]


def chores() -> tuple[Chore, ...]:
    """Return the chores done row by row, so that one that fails holds up nobody."""
    # A publication may queue jobs, and their queue tidies up with what stands here: bound late to close the circle.
    from engine.designs import publishing

    return (
        Chore("messages", messages.pending, messages.deliver),
        Chore("timers", timers.due, timers.fire),
        Chore("starts", start_events.due, start_events.fire),
        Chore("reminders", timers.to_remind, timers.remind),
        Chore("publications", publishing.due, publishing.publish),
        Chore("suspicions", suspicions.due, suspicions.follow),
    )


def batches() -> tuple[Batch, ...]:
    """Return the chores done many rows at a time."""
    return (
        Batch("totals", rollups.fold),
        Batch("comparisons", suspicions.compare),
        Batch("letters", notifications.write_mails),
        Batch("words", audit_words.fold),
        Batch("tree", nodes.fill),
    )


def tidy(session: Session) -> None:
    """Delete what nobody needs any more; once an hour is enough."""
    users.forget_attempts(session)
    idempotency.forget(session)


@dataclass
class Failures:
    """What failed lately and is left alone for a while, longer each time."""

    _rests: dict[str, tuple[float, float]] = field(default_factory=dict)

    def rests(self, key: str) -> bool:
        """Tell whether it is too early to try again."""
        return key in self._rests and time.monotonic() < self._rests[key][0]

    @property
    def count(self) -> int:
        """Return how many things failed: they stand at the head of what is due, and must not hide the rest."""
        return len(self._rests)

    def add(self, key: str) -> None:
        """Log the exception that is being handled, and let the thing rest."""
        self._forget_long_gone()
        rest = min(2 * self._rests.get(key, (0.0, 0.5))[1], _LONGEST_REST)
        self._rests[key] = (time.monotonic() + rest, rest)
        log.exception("%s failed; tried again in %d s", key, rest)

    def clear(self, key: str) -> None:
        """Forget that it failed."""
        self._rests.pop(key, None)

    def _forget_long_gone(self) -> None:
        # What is not due any more (a cancelled timer) is never tried again, and would be counted for ever.
        horizon = time.monotonic() - 10 * _LONGEST_REST
        self._rests = {key: rest for key, rest in self._rests.items() if rest[0] > horizon}

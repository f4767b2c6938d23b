"""Keeps the answer to a key in a transaction of its own, after the one with the effect."""

from typing import Any

from engine import idempotency, jobs
from engine.jobs import sweeping
from tests.torture.trial import replace

_remember = idempotency.remember
_committing = jobs.committing


def later(session: Any, *given: Any) -> None:
    """Note what is to be kept once the effect is committed."""
    session.info["to remember"] = given


class Apart:
    """The transaction of an act, and after it that of its key."""

    def __init__(self, database: Any, clock: Any) -> None:
        self.given, self.inner = (database, clock), _committing(database, clock)

    def __enter__(self) -> Any:
        self.session = self.inner.__enter__()
        return self.session

    def __exit__(self, *why: Any) -> Any:
        handled = self.inner.__exit__(*why)
        noted = self.session.info.pop("to remember", None)
        if noted is not None and why[0] is None:
            with _committing(*self.given) as session:
                _remember(session, *noted)
        return handled


replace(idempotency, "remember", later)
replace(jobs, "committing", Apart)
replace(sweeping, "committing", Apart)

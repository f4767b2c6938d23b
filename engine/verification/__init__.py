"""Checks what must be true at every commit (invariants I3 to I8), reading row by row on either database."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from types import MappingProxyType
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine.clock import Clock, begin
from engine.verification.deliveries import deliveries
from engine.verification.finding import Seen, Violation
from engine.verification.histories import histories
from engine.verification.ledger import ledger
from engine.verification.log import log, said_of
from engine.verification.storage import not_examined, storage
from engine.verification.tokens import tokens
from engine.verification.totals import totals, unfolded
from models.database import Database

__all__ = ["CHECKS", "Violation", "left_out", "regain_trust", "said_of", "snapshot", "violations"]

_said = logging.getLogger(__name__)

Check = Callable[[Session, Seen], Iterator[Violation]]
Watch = Callable[[str, int], None]


def _both(first: Check, second: Check) -> Check:
    """Make one check of two."""

    def check(session: Session, seen: Seen) -> Iterator[Violation]:
        yield from first(session, seen)
        yield from second(session, seen)

    return check


CHECKS: Final[Mapping[str, Check]] = MappingProxyType(
    {"I3": tokens, "I4": _both(histories, ledger), "I5": log, "I6": deliveries, "I7": storage, "I8": totals}
)


def _nobody(invariant: str, count: int) -> None:
    """Tell nobody how far it has come."""


def violations(session: Session, *, only: Collection[str] = (), watch: Watch = _nobody) -> Iterator[Violation]:
    """Give everything that breaks an invariant; nothing is changed. `watch(invariant, rows)` is told how far it is.

    The session has its instant (`snapshot`, or `clock.begin`). I1 and I2, that acked acts are there and no others, need
    the journal of a client and are for the torture of the product.
    """
    for invariant, check in CHECKS.items():
        if not only or invariant in only:
            watch(invariant, 0)
            try:
                yield from check(session, partial(watch, invariant))
            except Exception as error:  # what cannot even be read is a finding, and the other checks go on
                session.rollback()
                said = str(error.orig).splitlines()[0] if isinstance(error, DBAPIError) else type(error).__name__
                yield Violation(invariant, "database", f"cannot be read: {said}")


def left_out(session: Session, *, only: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """Give (invariant, why) for what could not be examined: not run is not passed."""
    if not only or "I7" in only:
        yield from (("I7", why) for why in not_examined(session))
    if (not only or "I8" in only) and (waiting := unfolded(session)):
        yield "I8", f"{waiting} figures are still to be added to the totals"


@contextmanager
def snapshot(database: Database, clock: Clock) -> Iterator[Session]:
    """Yield a reading session that sees one state however long it reads, beside people who go on working."""
    with database.read() as session:
        if not database.is_sqlite:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            for setting in ("statement_timeout", "idle_in_transaction_session_timeout"):
                session.execute(text(f"SET LOCAL {setting} = 0"))
        yield begin(session, clock)


def regain_trust(database: Database, clock: Clock) -> bool:
    """Verify all of a database that is doubted; let writing go on if nothing is wrong, else tell the log what is."""
    with snapshot(database, clock) as session:
        wrong = list(violations(session))
    for one in wrong:
        _said.error("nothing is written: %s", one)
    if not wrong:
        database.trust()
        _said.warning("the database was verified after an I/O error: writing goes on")
    return not wrong

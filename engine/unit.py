"""A unit of work: one write session with one instant, whose audit entries are written last."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from engine import audit
from engine.clock import Clock, begin
from models.database import Database


@contextmanager
def unit(database: Database, clock: Clock) -> Iterator[Session]:
    """Yield a session for one command or more; on leaving, the audit entries are appended; the caller commits.

    The commit belongs to the doors (request, job, command line): `with unit(...) as session: ...; session.commit()`
    would come too early, so doors use `engine.unit.finish` inside: see `webapp/transaction.py`.
    """
    with database.write() as session:
        yield begin(session, clock)


def finish(session: Session) -> None:
    """Write what the transaction has to say to the audit log; call it directly before the commit."""
    session.flush()
    audit.flush(session)

"""Tells people of an open task in a transaction of its own, after the one that opened it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from engine import jobs
from engine.jobs import sweeping
from models.notifications import Notification
from tests.torture import acts
from tests.torture.trial import replace

original = jobs.committing


@contextmanager
def apart(database: Any, clock: Any) -> Iterator[Any]:
    """Take the notices out of the act and write them after it."""
    with original(database, clock) as session:
        yield session
        session.flush()
        table = Notification.__table__
        fresh = session.execute(table.select().where(table.c.at == session.info["now"], table.c.mailed_at.is_(None)))
        rows = [dict(row) for row in fresh.mappings()]
        session.execute(table.delete().where(table.c.id.in_([row["id"] for row in rows])))
    if rows:
        time.sleep(0.1)  # so that a kill has room in between
        with database.write() as session:
            session.execute(table.insert(), rows)
            session.commit()


replace(acts, "committing", apart)
replace(jobs, "committing", apart)
replace(sweeping, "committing", apart)

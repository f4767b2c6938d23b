"""Appends the audit entries in a transaction of their own, after the act was committed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from engine import audit, jobs
from engine.clock import begin
from engine.jobs import sweeping
from tests.torture import acts
from tests.torture.trial import replace


@contextmanager
def apart(database: Any, clock: Any) -> Iterator[Any]:
    """Commit the act, then what the log says of it."""
    with database.write() as session:
        yield begin(session, clock)
        recorded = session.info.pop("audit", None)
        session.commit()
    time.sleep(0.03)  # so that a kill has room in between
    with database.write() as session:
        begin(session, clock).info["audit"] = recorded
        audit.flush(session)
        session.commit()


replace(acts, "committing", apart)
replace(jobs, "committing", apart)
replace(sweeping, "committing", apart)

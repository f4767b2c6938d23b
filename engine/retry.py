"""Tries an act again that the database undid for the sake of another one."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from engine import metrics
from models.database import is_passing
from models.errors import Conflict

T = TypeVar("T")
ATTEMPTS = 5
_PAUSE = 0.02


def again(act: Callable[[], T], *, attempts: int = ATTEMPTS) -> T:
    """Run an act that is one whole transaction, anew when a deadlock, a lock or a unique index undid it.

    Nothing of a failed attempt remains. After the last one Conflict: somebody else was always first.
    """
    for attempt in range(attempts):
        try:
            return act()
        except (DBAPIError, StaleDataError) as error:
            if isinstance(error, DBAPIError) and not is_passing(error):
                raise
            metrics.CONFLICTS.labels("repeated").inc()
            if attempt == attempts - 1:
                raise Conflict("changed_meanwhile") from error
        time.sleep(random.uniform(0, _PAUSE * 2**attempt))  # noqa: S311
    raise ValueError("at least one attempt")

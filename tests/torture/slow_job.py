"""Start-up module of nodes: a job of the queue that takes its time, and leaves a trace of each time it was done."""

import os
import time
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from engine import jobs
from models.calendar import Setting

NAME: Final = "slow"
LASTS: Final = 1.0


@jobs.job(NAME)
def take_time(session: Session, payload: Mapping[str, Any]) -> None:
    """Say who begins, take a while, then note that it was done: once, however often it is begun."""
    with open(payload["begun"], "a", encoding="ascii") as begun:
        begun.write(f"{payload['number']} {os.getpid()} {time.time()}\n")
    time.sleep(LASTS)
    if session.get(Setting, trace(payload["number"])) is None:
        session.add(Setting(name=trace(payload["number"]), value="done"))


def trace(number: int) -> str:
    """Return what a job leaves when it is done."""
    return f"slow-{number}"

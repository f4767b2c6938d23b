"""Commits the claim of a timer, and then does what it is for in a second transaction."""

import time
from typing import Any

from sqlalchemy import select

from engine import instances, timers
from engine.audit import Fact
from engine.clock import now
from models.permissions import SYSTEM
from models.timers import Timer
from tests.torture.trial import replace


def fire(session: Any, timer_id: str) -> None:
    """Mark it fired, commit, fire."""
    timer = session.scalar(select(Timer).where(Timer.id == timer_id, Timer.is_pending()).with_for_update())
    if timer is None:
        return
    timer.fired_at = now(session)
    session.commit()
    time.sleep(0.03)  # so that a kill has room in between
    instance = instances.lock(session, timer.instance_id)
    timers._log(session, timer, instance, Fact.TIMER_FIRED, actor=SYSTEM)
    timers._ring(session, timer, instance, actor=SYSTEM)


replace(timers, "fire", fire)

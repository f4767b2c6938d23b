"""Marks notices as written to their readers in one transaction, and writes the letters in another."""

import time
from typing import Any

from sqlalchemy import select, update

from engine import notifications
from engine.clock import now
from engine.unit import finish
from models.notifications import Notification
from tests.torture.trial import replace


def apart(session: Any, limit: int = 200) -> int:
    """Mark, commit, and then write."""
    due = select(Notification.id).where(Notification.mailed_at.is_(None)).order_by(Notification.id).limit(limit)
    marked = session.scalars(due).all()
    if not marked:
        return 0
    these = update(Notification).where(Notification.id.in_(marked))
    session.execute(these.values(mailed_at=now(session)))
    finish(session)
    session.commit()
    time.sleep(0.3)  # so that a kill has room in between
    session.execute(these.values(mailed_at=None))
    written: int = original(session, limit)
    return written


original = replace(notifications, "write_mails", apart)

"""Takes every letter that is due, though an earlier one to the same address has not left."""

from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select

from engine import notifications
from engine.clock import now
from engine.notifications import Letter
from models.notifications import Mail
from tests.torture.trial import replace


def claim(session: Any, limit: int = 20) -> list[Letter]:
    """Take letters by their instants alone."""
    due = or_(Mail.next_try_at.is_(None), Mail.next_try_at <= now(session))
    mails = session.scalars(select(Mail).where(Mail.sent_at.is_(None), due).order_by(Mail.id).limit(limit)).all()
    for mail in mails:
        mail.next_try_at = now(session) + timedelta(minutes=1)
    return [Letter(mail.id, mail.to, mail.subject, mail.body) for mail in mails]


replace(notifications, "claim_mails", claim)

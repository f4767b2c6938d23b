"""That somebody read the log is an entry too, once for what one reads on in."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.facts import Fact
from engine.audit.recording import record
from engine.clock import now
from models.audit import AuditEntry
from models.permissions import Actor

# Whoever goes on reading the same reads once: else the log would be of readings.
ONCE_IN: Final = timedelta(minutes=10)
_LOOKED_AT: Final = 50


def note(session: Session, *, actor: Actor, page: str, about: str | None = None, query: str | None = None) -> None:
    """Record that somebody reads a page of the log, about whom or what, unless it did so lately."""
    mine = select(AuditEntry).where(AuditEntry.person_id == actor.person_id).order_by(AuditEntry.seq.desc())
    for entry in session.scalars(mine.limit(_LOOKED_AT)):
        if entry.at <= now(session) - ONCE_IN:
            break
        if entry.fact == Fact.AUDIT_READ and (entry.facts["page"], entry.facts.get("about")) == (page, about):
            return
    record(session, actor, Fact.AUDIT_READ, None, page=page, about=about, query=query or None)

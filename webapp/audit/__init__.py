"""The audit log for people: what happened to one thing or, with the right, everything; and whether it is whole."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import audit, notation
from engine.calendar import local_day
from engine.clock import ZONE, now
from models.audit import AuditEntry, AuditTip
from models.orders import Order
from models.permissions import Permission, may
from webapp.audit import queries, words
from webapp.audit.queries import Filters
from webapp.auth import current_actor
from webapp.text import say
from webapp.text.facts import SENTENCES, Telling
from webapp.transaction import reading

LENGTH = 50

blueprint = Blueprint("audit", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it is read: sentence, who, what changed."""

    seq: int
    at: datetime
    telling: Telling
    who: str
    refused: bool
    channel: str
    changes: list[tuple[str, str, str]]


@blueprint.get("/audit")
def index() -> str:
    """Read the log about a subject, or the whole log; narrowed by what stands in the address."""
    with reading() as session:
        subject = request.args.get("subject") or None
        filters, wrong = _filters(session)
        readable = queries.readable_by(session, current_actor(), subject)
        rows = session.scalars(queries.narrowed(readable, filters).limit(LENGTH + 1)).all()
        return render_template(
            "audit/index.html",
            lines=words.lines_of(session, rows[:LENGTH]),
            next=rows[LENGTH - 1].seq if len(rows) > LENGTH else None,
            filters=filters,
            wrong=wrong,
            subject=subject,
            order=session.get(Order, subject) if subject else None,
            count=session.scalar(readable.with_only_columns(func.count()).order_by(None)),
            bodies=session.execute(queries.acting(readable)).all() if subject else [],
            facts=_facts(),
            until_day=filters.until and local_day(filters.until),
            **_integrity(session),
        )


def _filters(session: Session) -> tuple[Filters, str]:
    given = request.args
    before = given.get("before", "")
    until, wrong = _until(session, given.get("until", ""))
    return Filters(
        organization=given.get("organization", ""),
        fact=given.get("fact", ""),
        refused=given.get("refused") == "1",
        until=until,
        before=int(before) if before.isdecimal() and len(before) < 16 else None,
    ), wrong


def _until(session: Session, typed: str) -> tuple[datetime | None, str]:
    if not typed:
        return None, ""
    try:
        day = notation.parse_date(typed, today=local_day(now(session)))
    except notation.BadNotation:
        return None, say("Ngày không đọc được; ghi như 12/10/2018.")
    return datetime.combine(day, datetime.max.time(), ZONE), ""


def _facts() -> list[tuple[str, str]]:
    """List the facts by their sentences without the actor: "ký ban hành đặt hàng"."""
    named = [(code, words.bare(sentence)) for code, sentence in SENTENCES.items()]
    return sorted(named, key=lambda item: item[1])


def _integrity(session: Session) -> dict[str, Any]:
    """Say where the chain stands; it is recomputed only when asked, and only for those who read everything."""
    actor = current_actor()
    reads_all = may(actor, Permission.AUDIT_READ) or may(actor, Permission.EVERYTHING_READ)
    tip = session.get(AuditTip, 1)
    last = session.scalar(select(AuditEntry.at).where(AuditEntry.seq == tip.seq)) if tip else None
    verified = audit.verify(session) if reads_all and request.args.get("verify") == "1" else None
    return {"tip": tip, "tip_at": last, "reads_all": reads_all, "verified": verified}

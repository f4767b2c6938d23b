"""Reads from the log what an analysis of a period needs, and says when it was too much to read at once."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.analysis import FACTS, Flow, Scope, flow_of
from models.audit import AuditEntry
from webapp.audit.resolving import Wanted, bounds

# Entries of one period, and as many again of what its orders and instances did before.
MOST = 20_000
_CHUNK = 500
_COLUMNS = (
    AuditEntry.seq, AuditEntry.at, AuditEntry.fact, AuditEntry.person_id, AuditEntry.organization_id,
    AuditEntry.subject_id, AuditEntry.order_id, AuditEntry.instance_id, AuditEntry.definition_id, AuditEntry.refused,
    AuditEntry.stored.label("facts"),
)  # fmt: skip


def flow_in(session: Session, wanted: Wanted, process: str | None, definition: str | None = None) -> tuple[Flow, bool]:
    """Return the flow of a period, and whether its oldest entries were left out."""
    low, high = bounds(session, wanted)
    query = select(*_COLUMNS).where(AuditEntry.fact.in_(FACTS), AuditEntry.refused.is_(False))
    if low is not None:
        query = query.where(AuditEntry.seq >= low)
    if high is not None:
        query = query.where(AuditEntry.seq < high)
    if wanted.until is not None:
        query = query.where(AuditEntry.at < wanted.until)
    newest = session.execute(query.order_by(AuditEntry.seq.desc()).limit(MOST + 1)).all()
    entries, is_cut = newest[:MOST][::-1], len(newest) > MOST
    earlier = _before(session, entries) if entries and entries[0].seq > 1 else []
    bodies = frozenset(wanted.keys["organization_id"]) if "organization_id" in wanted.keys else None
    scope = Scope(wanted.since, wanted.until, bodies, process, definition)
    return flow_of([*earlier[:MOST], *entries], scope), is_cut or len(earlier) > MOST


def _before(session: Session, entries: Sequence[Any]) -> list[Any]:
    """Return what the orders and instances of the entries did before: without it their openings are not known."""
    orders = sorted({one.order_id for one in entries if one.order_id})
    alone = sorted({one.instance_id for one in entries if one.instance_id and not one.order_id})
    found: list[Any] = []
    for column, ids, rest in (
        (AuditEntry.order_id, orders, AuditEntry.order_id.is_not(None)),
        (AuditEntry.instance_id, alone, AuditEntry.order_id.is_(None)),
    ):
        for first in range(0, len(ids), _CHUNK):
            mine = column.in_(ids[first : first + _CHUNK])
            query = select(*_COLUMNS).where(mine, rest, AuditEntry.fact.in_(FACTS), AuditEntry.refused.is_(False))
            # In the order of the index by orders: in that of the numbers a planner would read the whole log before.
            query = query.where(AuditEntry.seq < entries[0].seq).order_by(column, AuditEntry.seq)
            found += session.execute(query.limit(MOST + 1 - len(found))).all()
    return sorted(found, key=lambda one: one.seq)

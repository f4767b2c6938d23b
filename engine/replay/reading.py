"""Reads from the log what a replay needs, in its order, and nothing of what happened later."""

from collections.abc import Iterator

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from engine.replay.folding import OF_DEFINITIONS
from models.audit import AuditEntry

_BATCH = 1000


def entries_until(
    session: Session, seq: int | None = None, *, order_id: str | None = None, instance_id: str | None = None
) -> Iterator[AuditEntry]:
    """Yield the entries of one order, or of an instance outside orders, up to one of the log; all without `seq`."""
    alone = and_(AuditEntry.instance_id == instance_id, AuditEntry.order_id.is_(None))
    mine = AuditEntry.order_id == order_id if order_id else alone
    query = select(AuditEntry).where(or_(mine, AuditEntry.fact.in_(OF_DEFINITIONS)))
    if seq is not None:
        query = query.where(AuditEntry.seq <= seq)
    with session.scalars(query.order_by(AuditEntry.seq).execution_options(yield_per=_BATCH)) as found:
        yield from found

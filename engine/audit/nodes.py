"""Complete subtrees of the log, kept as rows, so that a proof reads hundreds of hashes at most."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from engine.audit import leaves, tree
from models.audit import AuditNode, AuditTip

# At most so many a time: whoever has an old log lets others write in between.
_MOST: Final = 200


class NotInTheLog(LookupError):
    """Leaves or nodes are asked for that the log has not: it is shorter than its tip says."""


def fill(session: Session) -> int:
    """Keep the subtrees that have become complete; returns how many, 0 when none is left."""
    size = session.scalar(select(AuditTip.seq).where(AuditTip.id == 1)) or 0
    below, done = 0, 0
    for level in tree.KEPT:
        last = session.scalar(select(func.max(AuditNode.number)).where(AuditNode.level == level))
        first = 0 if last is None else last + 1
        rows = [
            {"level": level, "number": number, "hash": _complete(session, below, number << level - below, level).hex()}
            for number in range(first, min(size >> level, first + _MOST))
        ]
        if rows:
            session.connection().execute(insert(AuditNode), rows)
        # A subtree needs those below it: they may have to wait for the next time.
        size = (first + len(rows)) << level
        below, done = level, done + len(rows)
    return done


def subtree(session: Session) -> tree.Subtree:
    """Return what gives the hash of any complete subtree of the log."""

    def hash_of(level: int, number: int) -> bytes:
        for base in (*reversed(tree.KEPT), 0):
            if base <= level:
                count = 1 << level - base
                found = _row_of(session, base, number << level - base, count)
                if len(found) == count:
                    return tree.complete(found)
        raise NotInTheLog(f"level {level}, number {number}")

    return hash_of


def _complete(session: Session, below: int, first: int, level: int) -> bytes:
    found = _row_of(session, below, first, 1 << level - below)
    if len(found) != 1 << level - below:
        raise NotInTheLog(f"level {below}, from {first}")
    return tree.complete(found)


def _row_of(session: Session, level: int, first: int, count: int) -> Sequence[bytes]:
    """Return what is stored of a level, from a number on."""
    if level == 0:
        return [leaf.hash for leaf in leaves.stream(session, after=first, upto=first + count)]
    kept = select(AuditNode.hash).where(AuditNode.level == level)
    kept = kept.where(AuditNode.number >= first, AuditNode.number < first + count)
    return [bytes.fromhex(row) for row in session.scalars(kept.order_by(AuditNode.number))]

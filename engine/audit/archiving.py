"""Lets old entries leave the database for a signed file: their leaves stay, so the tree and every proof go on."""

from datetime import datetime
from typing import Final

from sqlalchemy import Select, bindparam, delete, insert, select
from sqlalchemy.orm import Session

from engine import audit_words
from engine.audit import leaves, sealed, witnesses
from engine.audit.checkpoints import Outside
from engine.audit.facts import Fact
from engine.audit.recording import record
from engine.audit.retention import Kind, due, kind_of, require_keeper
from models.audit import AuditEntry
from models.audit_archives import AuditArchive, AuditLeaf
from models.audit_texts import AuditText
from models.audit_words import AuditWord
from models.errors import AuditBroken, Conflict
from models.permissions import Actor

# In one file: leaving together, they hold others up for some seconds at most.
MOST: Final = 50_000
_BATCH: Final = 1_000
_WORK: Final = frozenset(fact.value for fact in Fact if kind_of(fact) is Kind.WORK)


def protected(session: Session, outside: Outside) -> int:
    """Return up to which number entries are below a checkpoint that is kept outside, or that a witness signed.

    AuditBroken where the log is not whole: nothing leaves a log of which nobody knows whether it is true.
    """
    found = sealed.examine(session, outside)
    if not found.is_sound:
        raise AuditBroken(f"entry {found.broken_seq} does not fit: {found.why}")
    seen = (row for row in witnesses.newest_of_each(session))
    witnessed = (row.size for row in seen if witnesses.is_ours(session, row.size, bytes.fromhex(row.root)))
    return max([found.held, *witnessed])


def leave(
    session: Session, archive: AuditArchive, *, actor: Actor, until: datetime, upto: int, digest: str
) -> None:  # fmt: skip
    """Keep the leaves of the entries an archive's file holds, and record it; `clear` then takes them out.

    `digest` is that of the leaves in the file. Errors: NotAllowed; Conflict where other entries are due by now.
    """
    require_keeper(actor)
    columns = (AuditEntry.seq, AuditEntry.leaf, AuditEntry.subject_id, AuditEntry.fact)
    rows = session.execute(some_due(session, until=until, upto=upto).with_only_columns(*columns)).all()
    if leaves.digest((row.seq, row.leaf) for row in rows) != (archive.count, digest):
        raise Conflict("log_changed_meanwhile")
    session.add(archive)
    session.flush()
    stay = [
        {"seq": row.seq, "leaf": row.leaf, "archive_id": archive.id,
         "subject_id": row.subject_id if row.fact in _WORK else None}
        for row in rows
    ]  # fmt: skip
    session.connection().execute(insert(AuditLeaf), stay)
    record(
        session, actor, Fact.ARCHIVE_MADE, archive, name=archive.name, sha256=archive.sha256, count=archive.count,
        first=archive.first, last=archive.last, size=archive.size, leaves=digest,
    )  # fmt: skip


def some_due(session: Session, *, until: datetime, upto: int) -> Select[AuditEntry]:
    """Select the oldest entries that may leave, as many as one file takes."""
    return due(session, until=until, upto=upto).limit(MOST)


def clear(session: Session, archive: str) -> int:
    """Take some entries out that an archive holds, with their texts and words; returns how many, 0 at the end."""
    mine = select(AuditEntry).join(AuditLeaf, AuditLeaf.seq == AuditEntry.seq).where(AuditLeaf.archive_id == archive)
    gone = session.scalars(mine.order_by(AuditEntry.seq).limit(_BATCH)).all()
    said = [{"s": entry.seq, "w": word} for entry in gone for word in audit_words.words_of(entry.facts)]
    numbers, connection = [{"s": entry.seq} for entry in gone], session.connection()
    if said:
        one = (AuditWord.seq == bindparam("s")) & (AuditWord.word == bindparam("w"))
        connection.execute(delete(AuditWord).where(one), said)
    if numbers:
        connection.execute(delete(AuditText).where(AuditText.seq == bindparam("s")), numbers)
        connection.execute(delete(AuditEntry).where(AuditEntry.seq == bindparam("s")), numbers)
    return len(numbers)

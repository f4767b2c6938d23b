"""Erases texts that stand beside the leaves, under the law: value, salt and words go; the leaf and its proofs stay."""

from collections.abc import Collection
from itertools import groupby
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from engine import audit_words
from engine.audit.facts import Fact
from engine.audit.recording import record
from models.audit import AuditEntry
from models.audit_texts import AuditText
from models.errors import Invalid, NotAllowed, NotFound
from models.permissions import Actor, Permission, may
from models.text import nfc

# Entries whose erasure stands in one entry: it must not grow without end.
TOGETHER: Final = 500
_LONGEST: Final = 2000


def erase_texts(
    session: Session, seq: int, *, actor: Actor, basis: str, reason: str, paths: Collection[str] = ()
) -> int:
    """Erase the texts of an entry, or those at some paths of it; returns how many. Twice is refused.

    `basis` names the law. Errors: NotAllowed; Invalid without basis or reason; NotFound where nothing is to be erased.
    """
    chosen = AuditText.seq == seq
    return _erase(session, chosen & AuditText.path.in_(paths) if paths else chosen, actor, basis, reason)


def erase_about(session: Session, subject_id: str, *, actor: Actor, basis: str, reason: str) -> int:
    """Erase every text of the entries about a subject, such as a person; returns how many. Errors: as `erase_texts`."""
    about = select(AuditEntry.seq).where(AuditEntry.subject_id == subject_id)
    return _erase(session, AuditText.seq.in_(about), actor, basis, reason)


def _erase(session: Session, which: ColumnElement[bool], actor: Actor, basis: str, reason: str) -> int:
    if not may(actor, Permission.AUDIT_ERASE):
        raise NotAllowed("not_allowed", permission=Permission.AUDIT_ERASE)
    said = {"basis": nfc(basis.strip())[:_LONGEST], "reason": nfc(reason.strip())[:_LONGEST]}
    if missing := {name: "required" for name, text in said.items() if not text}:
        raise Invalid(missing)
    # Before the texts go: who indexes meanwhile would write their words after us.
    indexed = audit_words.locked(session)
    gone = sorted(session.execute(delete(AuditText).where(which).returning(AuditText.seq, AuditText.path)).all())
    if not gone:
        raise NotFound("nothing_to_erase")
    texts = {seq: [path for _, path in rows] for seq, rows in groupby(gone, key=lambda row: row[0])}
    for seq in texts:
        if seq <= indexed:
            audit_words.renew(session, session.get_one(AuditEntry, seq, populate_existing=True))
    _record(session, actor, texts, said)
    return len(gone)


def _record(session: Session, actor: Actor, texts: dict[int, list[str]], said: dict[str, Any]) -> None:
    numbers = list(texts)
    for first in range(0, len(numbers), TOGETHER):
        some = {str(seq): texts[seq] for seq in numbers[first : first + TOGETHER]}
        count = sum(map(len, some.values()))
        record(session, actor, Fact.TEXT_ERASED, None, **said, count=count, texts=some)

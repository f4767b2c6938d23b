"""Finds the words of new entries of the audit log, behind the requests, so that the log can be searched."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from models.audit import AuditEntry
from models.audit_texts import Erased
from models.audit_words import LONGEST, MARK, AuditWord
from models.text import fold as folded

MOST = 100
_SHORTEST = 2
# Keys, hashes and instants are searched by their own filters, or not at all.
_NOT_SAID = re.compile(r"[0-9a-f]{32,}|\d{4}-\d\d-\d\dT[\d:.+]+")
_TABLE = cast(Table, AuditWord.__table__)
_INSERT = insert(_TABLE)
_MOVE = update(_TABLE).where(_TABLE.c.word == MARK).values(seq=bindparam("last"))


def fold(session: Session, limit: int = 1000) -> int:
    """Index the words of up to `limit` new entries; return how many entries. Two at once: one is undone."""
    known = session.scalar(AuditWord.mark().with_for_update())
    new = select(AuditEntry).where(AuditEntry.seq > (known or 0)).order_by(AuditEntry.seq)
    entries = session.scalars(new.limit(limit)).all()
    if not entries:
        return 0
    rows = [{"word": word, "seq": entry.seq} for entry in entries for word in words_of(entry.facts)]
    mark = {"word": MARK, "seq": entries[-1].seq}
    if known is None:
        rows.append(mark)
    else:
        session.connection().execute(_MOVE, {"last": mark["seq"]})
    if rows:
        session.connection().execute(_INSERT, rows)
    return len(entries)


def locked(session: Session) -> int:
    """Let nobody index meanwhile; return the number of the last entry whose words are known."""
    return session.scalar(AuditWord.mark().with_for_update()) or 0


def renew(session: Session, entry: AuditEntry) -> None:
    """Find the words of an entry anew: some of its texts were erased."""
    session.execute(delete(AuditWord).where(AuditWord.seq == entry.seq, AuditWord.word != MARK))
    if words := words_of(entry.facts):
        session.connection().execute(_INSERT, [{"word": word, "seq": entry.seq} for word in words])


def words_of(facts: Mapping[str, Any]) -> set[str]:
    """Return the folded words in the texts of an entry's facts, at most `MOST`, each once."""
    found: dict[str, None] = {}
    for text in _texts(facts):
        found.update(dict.fromkeys(words_in(text)))
    return set(list(found)[:MOST])


def words_in(text: str) -> list[str]:
    """Return the words of a text as they are searched: without diacritics, lower case, none of one letter."""
    return [word[:LONGEST] for word in folded(text).split() if len(word) >= _SHORTEST]


def behind(session: Session) -> int:
    """Return how many entries are not yet indexed."""
    last = session.scalar(select(func.max(AuditEntry.seq))) or 0
    return last - (session.scalar(AuditWord.mark()) or 0)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if not isinstance(value, Erased) and not _NOT_SAID.fullmatch(value):
            yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)

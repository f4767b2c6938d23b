"""The log as outsiders get it: entries in their canonical form, one a line, with what is needed to check them."""

import json
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.audit import leaves
from engine.audit.canonical_form import COLUMNS, canonical
from engine.audit.facts import Fact
from engine.audit.recording import record
from models.audit import AuditCheckpoint, AuditEntry
from models.audit_texts import AuditText
from models.case_files import CaseEntry, CaseFile
from models.errors import NotAllowed
from models.permissions import Actor, Permission, may

_BATCH: Final = 1000


def announce(
    session: Session, *, actor: Actor, subject: str | None = None, since: int = 0, form: str | None = None,
    query: str | None = None,
) -> None:  # fmt: skip
    """Record that the log is exported: all of it, what is about one subject, or a list as a file of some form."""
    if not may(actor, Permission.AUDIT_READ):
        raise NotAllowed("may_not_read_audit")
    record(session, actor, Fact.AUDIT_EXPORTED, None, about=subject, since=since, form=form, query=query)


def chosen(*, since: int = 0, subject: str | None = None) -> Select[AuditEntry]:
    """Select the entries of an export: those after a number, or those about an order or another subject."""
    found = select(AuditEntry).where(AuditEntry.seq > since)
    if subject is not None:
        found = found.where((AuditEntry.order_id == subject) | (AuditEntry.subject_id == subject))
    return found.order_by(AuditEntry.seq)


def of_case(session: Session, case: CaseFile) -> Select[AuditEntry]:
    """Select the entries that stand in a case file, and those about the case file itself."""
    filed = session.scalars(select(CaseEntry.seq).where(CaseEntry.case_file_id == case.id)).all()
    own = session.scalars(select(AuditEntry.seq).where(AuditEntry.subject_id == case.id)).all()
    # By their numbers: with both conditions in one statement a planner would read the whole log.
    return select(AuditEntry).where(AuditEntry.seq.in_({*filed, *own})).order_by(AuditEntry.seq)


def upto(entries: Select[AuditEntry], size: int) -> Select[AuditEntry]:
    """Leave out what came after the log had a size."""
    return entries.where(AuditEntry.seq <= size)


def numbers(entries: Select[AuditEntry]) -> Select[int]:
    """Select the numbers of entries."""
    return entries.with_only_columns(AuditEntry.seq)


def lines(session: Session, entries: Select[AuditEntry]) -> Iterator[bytes]:
    """Give each entry as the bytes of which its leaf is the hash."""
    rows = entries.with_only_columns(*COLUMNS).execution_options(yield_per=_BATCH)
    for row in session.execute(rows).mappings():
        yield canonical(row)


def elsewhere(session: Session, entries: Select[AuditEntry], size: int) -> Iterator[bytes]:
    """Give what the tree needs instead of the first entries of a log that are not among these: hashes of subtrees."""
    given = iter(session.scalars(numbers(entries).execution_options(yield_per=_BATCH)))
    sizes = frozenset(session.scalars(select(AuditCheckpoint.size)))
    for node in leaves.elsewhere(_marked(leaves.stream(session, upto=size), given), sizes):
        said = {"hash": node.hash.hex(), "level": node.level, "seq": node.seq}
        yield json.dumps(said, separators=(",", ":")).encode()


def _marked(every: Iterator[leaves.Leaf], given: Iterator[int]) -> Iterator[tuple[leaves.Leaf, bool]]:
    following = next(given, None)
    for leaf in every:
        yield leaf, leaf.seq == following
        if leaf.seq == following:
            following = next(given, None)


def texts(session: Session, entries: Select[AuditEntry]) -> Iterator[bytes]:
    """Give the texts beside entries, in their order, each with the salt that makes its hash the one in its entry."""
    rows = select(AuditText).where(AuditText.seq.in_(numbers(entries).order_by(None)))
    rows = rows.order_by(AuditText.seq, AuditText.path).execution_options(yield_per=_BATCH)
    for row in session.scalars(rows):
        said = {"path": row.path, "salt": row.salt, "seq": row.seq, "value": row.value}
        yield json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()

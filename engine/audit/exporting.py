"""The log as outsiders get it: entries in their canonical form, one a line, with what is needed to check them."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.audit.canonical_form import COLUMNS, canonical
from engine.audit.facts import Fact
from engine.audit.recording import record
from models.audit import AuditEntry
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


def upto(entries: Select[AuditEntry], size: int) -> Select[AuditEntry]:
    """Leave out what came after the log had a size."""
    return entries.where(AuditEntry.seq <= size)


def numbers(entries: Select[AuditEntry]) -> Select[int]:
    """Select the numbers of entries."""
    return entries.with_only_columns(AuditEntry.seq)


def lines(session: Session, entries: Select[AuditEntry]) -> Iterator[tuple[int, bytes]]:
    """Give each entry with its number, as the bytes of which its leaf is the hash."""
    rows = entries.with_only_columns(*COLUMNS).execution_options(yield_per=_BATCH)
    for row in session.execute(rows).mappings():
        yield row["seq"], canonical(row)

"""The audit log over the API: the entries about a subject one may see, or all for those who may read the log."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Select
from sqlalchemy.orm import Session

from models.audit import AuditEntry
from models.permissions import Actor, Permission, may
from webapp.api.operations import In, Key, Out, Part, table
from webapp.audit.queries import readable_by
from webapp.audit.readings import note


class Entry(In):
    """Which part of the log: entries follow each other without a gap."""

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Annotated[int | None, Field(ge=0, le=2**53, description="`next` of the part before.")] = None


class AuditQuery(Entry):
    """How the log is narrowed."""

    subject: Annotated[Key | None, Field(description="An order, assignment, task, instance, figure ….")] = None


class EntryOut(Out):
    """One fact: who did what, as which post, on whose behalf, on what."""

    seq: int
    at: datetime
    fact: str
    person: str | None
    post: str | None
    organization: str | None
    behalf_of: str | None
    channel: str
    subject_type: str
    subject: str | None
    order: str | None
    instance: str | None
    definition: str | None
    refused: bool
    facts: dict[str, Any] = Field(description="Before and after, reason and more; `[erased]`: erased under the law.")
    leaf: str = Field(description="The hash of this entry: a leaf of the tree.")

    @classmethod
    def of(cls, entry: AuditEntry) -> "EntryOut":
        """Write an entry down."""
        same = ("seq", "at", "fact", "channel", "subject_type", "refused", "facts", "leaf")
        keys = ("person", "post", "organization", "behalf_of", "subject", "order", "instance", "definition")
        return cls(
            **{name: getattr(entry, name) for name in same}, **{name: getattr(entry, f"{name}_id") for name in keys}
        )

    @classmethod
    def part(cls, session: Session, chosen: Select[AuditEntry], query: Entry) -> "Part[EntryOut]":
        """Fetch one part of the chosen entries, oldest first."""
        if query.cursor is not None:
            chosen = chosen.where(AuditEntry.seq > query.cursor)
        rows = session.scalars(chosen.order_by(AuditEntry.seq).limit(query.limit + 1)).all()
        shown = rows[: query.limit]
        after = str(shown[-1].seq) if len(rows) > query.limit else None
        return Part[EntryOut](items=[cls.of(entry) for entry in shown], next=after)


@table.get("/audit", answer=Part[EntryOut], query=AuditQuery, errors=(403, 404))
def read_audit(session: Session, actor: Actor, *, query: AuditQuery) -> Part[EntryOut]:
    """Read the log about one subject, or the whole log where you may."""
    if may(actor, Permission.AUDIT_READ):
        note(actor, "api.read_audit", query.subject)
    return EntryOut.part(session, readable_by(session, actor, query.subject), query)

"""The audit log: append-only entries in one gapless sequence, chained by hashes."""

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, BigInteger, Index, Select, String, event, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, Key


class AuditEntry(Base):
    """One fact: who did what, as which post, on whose behalf, on what, with before and after."""

    __tablename__ = "audit_entries"
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    fact: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[str | None] = mapped_column(Key)
    post_id: Mapped[str | None] = mapped_column(Key)
    organization_id: Mapped[str | None] = mapped_column(Key)
    behalf_of_id: Mapped[str | None] = mapped_column(Key)
    channel: Mapped[str] = mapped_column(String(12))
    request_id: Mapped[str | None] = mapped_column(String(64))
    subject_type: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[str | None] = mapped_column(Key)
    order_id: Mapped[str | None] = mapped_column(Key)
    instance_id: Mapped[str | None] = mapped_column(Key)
    definition_id: Mapped[str | None] = mapped_column(Key)
    refused: Mapped[bool] = mapped_column(default=False)
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    leaf: Mapped[str] = mapped_column(String(64))
    chain: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        Index("ix_audit_subject", "subject_id", "seq"),
        Index("ix_audit_order", "order_id", "seq"),
        Index("ix_audit_person", "person_id", "seq"),
        Index("ix_audit_organization", "organization_id", "seq"),
    )

    @classmethod
    def of(cls, subject_id: str) -> Select["AuditEntry"]:
        """Select what happened to one subject, oldest first."""
        return select(cls).where(cls.subject_id == subject_id).order_by(cls.seq)


class AuditTip(Base):
    """The end of the chain: the last sequence number and hash; reading it for update is the audit lock."""

    __tablename__ = "audit_tip"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    chain: Mapped[str] = mapped_column(String(64))


event.listen(
    AuditTip.__table__,
    "after_create",
    DDL("INSERT INTO audit_tip (id, seq, chain) VALUES (1, 0, '" + "0" * 64 + "')"),  # type: ignore[no-untyped-call]
)

# Against mistakes, not against administrators: those are met by the hashes.
_REFUSAL = "the audit log is append-only"
APPEND_ONLY = {
    "sqlite": tuple(
        f"CREATE TRIGGER audit_entries_no_{verb.lower()} BEFORE {verb} ON audit_entries "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        for verb in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        "CREATE FUNCTION audit_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$",
        "CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_refuse()",
    ),
}
for _dialect, _statements in APPEND_ONLY.items():
    for _statement in _statements:
        _ddl = DDL(_statement)  # type: ignore[no-untyped-call]
        event.listen(AuditEntry.__table__, "after_create", _ddl.execute_if(dialect=_dialect))

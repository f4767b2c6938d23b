"""The audit log: append-only entries in one gapless sequence, the leaves of a Merkle tree, and who vouched for it."""

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, BigInteger, Index, Select, SmallInteger, String, Text, UniqueConstraint, event, select, text
from sqlalchemy.orm import Mapped, column_property, mapped_column

from models.audit_texts import AuditText, object_of, put_back
from models.base import Base, Json, Key, Keyed


class AuditEntry(Base):
    """One fact: who did what, as which post, on whose behalf, on what, with before and after.

    In version 1 the texts stand among the facts that are hashed; since version 2 beside them (`AuditText`).
    """

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
    stored: Mapped[dict[str, Any]] = mapped_column("facts", Json, default=dict)
    leaf: Mapped[str] = mapped_column(String(64))
    v: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    spoken: Mapped[dict[str, str] | None] = column_property(
        select(object_of(AuditText.path, AuditText.value))
        .where(AuditText.seq == seq)
        .correlate_except(AuditText)
        .scalar_subquery()
    )

    __table_args__ = (
        Index("ix_audit_subject", "subject_id", "seq"),
        Index("ix_audit_order", "order_id", "seq"),
        Index("ix_audit_person", "person_id", "seq"),
        Index("ix_audit_organization", "organization_id", "seq"),
        Index("ix_audit_fact", "fact", "seq"),
        # Of what belongs to no order; the rest is found through its order.
        Index(
            "ix_audit_instance",
            "instance_id",
            "seq",
            sqlite_where=text("order_id IS NULL"),
            postgresql_where=text("order_id IS NULL"),
        ),
        Index("ix_audit_refused", "seq", sqlite_where=text("refused = 1"), postgresql_where=text("refused")),
        Index(
            "ix_audit_behalf",
            "seq",
            sqlite_where=text("behalf_of_id IS NOT NULL"),
            postgresql_where=text("behalf_of_id IS NOT NULL"),
        ),
    )

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the entry says, its texts where they belong."""
        whole: dict[str, Any] = put_back(self.stored, self.spoken or {}) if self.v > 1 else self.stored
        return whole

    @classmethod
    def of(cls, subject_id: str) -> Select["AuditEntry"]:
        """Select what happened to one subject, oldest first."""
        return select(cls).where(cls.subject_id == subject_id).order_by(cls.seq)


class AuditTip(Base):
    """The end of the log: the last sequence number and the compact range; reading it for update is the audit lock."""

    __tablename__ = "audit_tip"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    # Roots of the largest complete subtrees, left to right, 64 hex digits each: at most one for each bit of `seq`.
    peaks: Mapped[str] = mapped_column(Text, server_default="")


event.listen(
    AuditTip.__table__,
    "after_create",
    DDL("INSERT INTO audit_tip (id, seq, peaks) VALUES (1, 0, '')"),  # type: ignore[no-untyped-call]
)


class AuditNode(Base):
    """The root of a complete subtree of 256 or 65,536 leaves: kept so that a proof need not read every leaf."""

    __tablename__ = "audit_nodes"
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))


class AuditCheckpoint(Base):
    """What the log's key signed: so many entries have this root. The note is kept outside the database too."""

    __tablename__ = "audit_checkpoints"
    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    root: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text)


class AuditCosignature(Keyed, Base):
    """What a witness signed: it has seen this checkpoint, and it continues the one the witness saw before."""

    __tablename__ = "audit_cosignatures"
    size: Mapped[int] = mapped_column(BigInteger)
    root: Mapped[str] = mapped_column(String(64))
    witness: Mapped[str] = mapped_column(String(100))
    key: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("size", "key", "root"),)


# Against mistakes, not against administrators: those are met by the hashes. Deleting: models/audit_archives.py.
_REFUSAL = "the audit log is append-only"
APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$",
        "CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR TRUNCATE ON audit_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_refuse()",
    ),
}
# A text may be erased, never changed.
ERASED_ONLY = {
    "sqlite": (
        "CREATE TRIGGER audit_texts_no_update BEFORE UPDATE ON audit_texts "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    ),
    "postgresql": (
        "CREATE TRIGGER audit_texts_erased_only BEFORE UPDATE OR TRUNCATE ON audit_texts "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_refuse()",
    ),
}
# In this order: the second calls the function of the first.
for _table, _guards in ((AuditEntry.__table__, APPEND_ONLY), (AuditText.__table__, ERASED_ONLY)):
    for _dialect, _statements in _guards.items():
        for _statement in _statements:
            _ddl = DDL(_statement)  # type: ignore[no-untyped-call]
            event.listen(_table, "after_create", _ddl.execute_if(dialect=_dialect))

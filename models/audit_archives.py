"""What stays of entries that were archived, who keeps which from being archived, and archives opened for review."""

from datetime import datetime

from sqlalchemy import DDL, BigInteger, Index, Select, String, Text, event, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, Key, Keyed


class AuditArchive(Keyed, Base):
    """A signed file into which entries went: how many, from which to which, under a checkpoint of which size."""

    __tablename__ = "audit_archives"
    at: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    count: Mapped[int] = mapped_column(BigInteger)
    first: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)
    size: Mapped[int] = mapped_column(BigInteger)


class AuditLeaf(Base):
    """The leaf of an archived entry, so that the tree and its proofs stay; of work also what it was about."""

    __tablename__ = "audit_leaves"
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    leaf: Mapped[str] = mapped_column(String(64))
    archive_id: Mapped[str] = mapped_column(Key)
    subject_id: Mapped[str | None] = mapped_column(Key)

    __table_args__ = (Index("ix_audit_leaves_subject", "subject_id"),)

    @classmethod
    def subjects(cls) -> Select[str | None]:
        """Select the keys of what the log here no longer tells of: what it says of them is in the archives."""
        return select(cls.subject_id).where(cls.subject_id.is_not(None))


class AuditHold(Keyed, Base):
    """Who keeps the entries of an order from being archived, and why, until it is ended."""

    __tablename__ = "audit_holds"
    order_id: Mapped[str] = mapped_column(Key, index=True)
    reason: Mapped[str] = mapped_column(Text)
    placed_at: Mapped[datetime]
    placed_as: Mapped[str] = mapped_column(String(300), default="")
    ended_at: Mapped[datetime | None]

    @classmethod
    def held(cls) -> Select[str]:
        """Select the orders that are held."""
        return select(cls.order_id).where(cls.ended_at.is_(None))


class AuditRestored(Base):
    """An entry of an archive that is open for review: its canonical form, and the texts beside it by their paths."""

    __tablename__ = "audit_restored"
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    archive_id: Mapped[str] = mapped_column(Key, index=True)
    order_id: Mapped[str | None] = mapped_column(Key, index=True)
    entry: Mapped[str] = mapped_column(Text)
    texts: Mapped[dict[str, str]] = mapped_column(Json, default=dict)


# An entry leaves only where its leaf stays; what an archive left stays; what is open for review is read, and closed.
_REFUSAL = "the audit log is append-only"
_STAYS = "SELECT 1 FROM audit_leaves WHERE seq = OLD.seq AND leaf = OLD.leaf"
GUARDS = {
    "sqlite": (
        f"CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries WHEN NOT EXISTS ({_STAYS}) "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
        *(
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            for table, verb in (
                ("audit_leaves", "update"), ("audit_leaves", "delete"), ("audit_archives", "update"),
                ("audit_archives", "delete"), ("audit_restored", "update"),
            )
        ),
    ),
    "postgresql": (
        "CREATE FUNCTION audit_entries_stay() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF NOT EXISTS ({_STAYS}) THEN RAISE EXCEPTION '{_REFUSAL}'; END IF; RETURN OLD; END $$",
        "CREATE TRIGGER audit_entries_archived_only BEFORE DELETE ON audit_entries "
        "FOR EACH ROW EXECUTE FUNCTION audit_entries_stay()",
        *(
            f"CREATE TRIGGER {table}_kept BEFORE {verbs} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_refuse()"
            for table, verbs in (
                ("audit_leaves", "UPDATE OR DELETE OR TRUNCATE"), ("audit_archives", "UPDATE OR DELETE OR TRUNCATE"),
                ("audit_restored", "UPDATE"),
            )
        ),
    ),
}  # fmt: skip
# With the last of these tables, when all they speak of is there.
for _dialect, _statements in GUARDS.items():
    for _statement in _statements:
        _ddl = DDL(_statement)  # type: ignore[no-untyped-call]
        event.listen(AuditRestored.__table__, "after_create", _ddl.execute_if(dialect=_dialect))

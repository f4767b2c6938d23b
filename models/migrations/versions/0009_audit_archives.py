"""Entries of the audit log may leave for an archive where their leaves stay; holds, and archives open for review."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_REFUSAL = "the audit log is append-only"
_STAYS = "SELECT 1 FROM audit_leaves WHERE seq = OLD.seq AND leaf = OLD.leaf"


def upgrade() -> None:
    op.create_table(
        "audit_archives",
        sa.Column("id", sa.String(length=32), primary_key=True),
        sa.Column("at", base.UTCDateTime(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("count", "first", "last", "size")),
    )
    op.create_table(
        "audit_leaves",
        sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.Column("archive_id", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.String(length=32), nullable=True),
    )
    op.create_index("ix_audit_leaves_subject", "audit_leaves", ["subject_id"])
    op.create_table(
        "audit_holds",
        sa.Column("id", sa.String(length=32), primary_key=True),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_at", base.UTCDateTime(), nullable=False),
        sa.Column("placed_as", sa.String(length=300), nullable=False),
        sa.Column("ended_at", base.UTCDateTime(), nullable=True),
    )
    op.create_index(op.f("ix_audit_holds_order_id"), "audit_holds", ["order_id"])
    op.create_table(
        "audit_restored",
        sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("archive_id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=True),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("texts", base.Json, nullable=False),
    )
    for name in ("archive_id", "order_id"):
        op.create_index(op.f(f"ix_audit_restored_{name}"), "audit_restored", [name])
    (_embedded if op.get_bind().dialect.name == "sqlite" else _server)()


def _embedded() -> None:
    op.execute("DROP TRIGGER audit_entries_no_delete")
    op.execute(
        f"CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries WHEN NOT EXISTS ({_STAYS}) "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    )
    for table, verbs in (
        ("audit_leaves", ("update", "delete")), ("audit_archives", ("update", "delete")), ("audit_restored", ("update",)),
    ):  # fmt: skip
        for verb in verbs:
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            )


def _server() -> None:
    op.execute("DROP TRIGGER audit_entries_append_only ON audit_entries")
    op.execute(
        "CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR TRUNCATE ON audit_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_refuse()"
    )
    op.execute(
        "CREATE FUNCTION audit_entries_stay() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF NOT EXISTS ({_STAYS}) THEN RAISE EXCEPTION '{_REFUSAL}'; END IF; RETURN OLD; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entries_archived_only BEFORE DELETE ON audit_entries "
        "FOR EACH ROW EXECUTE FUNCTION audit_entries_stay()"
    )
    for table, verbs in (
        ("audit_leaves", "UPDATE OR DELETE OR TRUNCATE"), ("audit_archives", "UPDATE OR DELETE OR TRUNCATE"),
        ("audit_restored", "UPDATE"),
    ):  # fmt: skip
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE {verbs} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_refuse()"
        )

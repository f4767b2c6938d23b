"""Reviewing the audit log: its words, ways into it, lists of it that are kept, and case files."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PARTIAL = {  # columns, and of which entries: on SQLite, on PostgreSQL
    "ix_audit_instance": (["instance_id", "seq"], "order_id IS NULL", "order_id IS NULL"),
    "ix_audit_refused": (["seq"], "refused = 1", "refused"),
    "ix_audit_behalf": (["seq"], "behalf_of_id IS NOT NULL", "behalf_of_id IS NOT NULL"),
}


def upgrade() -> None:
    op.create_index("ix_audit_fact", "audit_entries", ["fact", "seq"])
    for name, (columns, embedded, server) in PARTIAL.items():
        where = {"sqlite_where": sa.text(embedded), "postgresql_where": sa.text(server)}
        op.create_index(name, "audit_entries", columns, **where)
    op.create_table(
        "audit_words",
        sa.Column("word", sa.String(length=40), primary_key=True),
        sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    op.add_column("saved_views", sa.Column("page", sa.String(length=10), nullable=False, server_default="tasks"))
    op.create_table(
        "case_files",
        sa.Column("id", sa.String(length=32), primary_key=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.String(length=32), sa.ForeignKey("organizations.id"), nullable=True),
        sa.Column("opened_by", sa.String(length=32), nullable=True),
        sa.Column("opened_as", sa.String(length=300), nullable=False),
        sa.Column("opened_at", base.UTCDateTime(), nullable=False),
        sa.Column("closed_by", sa.String(length=32), nullable=True),
        sa.Column("closed_as", sa.String(length=300), nullable=True),
        sa.Column("closed_at", base.UTCDateTime(), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=True),
    )
    op.create_index("ix_case_files_opened", "case_files", ["opened_at"])
    op.create_table(
        "case_entries",
        sa.Column("case_file_id", sa.String(length=32), sa.ForeignKey("case_files.id"), primary_key=True),
        sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("added_by", sa.String(length=32), nullable=True),
        sa.Column("added_at", base.UTCDateTime(), nullable=False),
    )

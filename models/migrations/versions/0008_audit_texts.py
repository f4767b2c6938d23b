"""Texts of the audit log stand beside its leaves; entries say which form they have."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

GUARDS = {
    "sqlite": "CREATE TRIGGER audit_texts_no_update BEFORE UPDATE ON audit_texts "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "postgresql": "CREATE TRIGGER audit_texts_erased_only BEFORE UPDATE OR TRUNCATE ON audit_texts "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_refuse()",
}


def upgrade() -> None:
    # Of a constant default: neither database writes the rows anew, and no trigger speaks of it.
    op.add_column("audit_entries", sa.Column("v", sa.SmallInteger(), nullable=False, server_default="1"))
    op.create_table(
        "audit_texts",
        sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("path", sa.Text(), primary_key=True),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute(GUARDS[op.get_bind().dialect.name])

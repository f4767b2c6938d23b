"""Suspensions: since when, by whom and why an instance or a definition stands still."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("definitions", "instances")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("suspended_at", base.UTCDateTime(), nullable=True))
        op.add_column(table, sa.Column("suspended_by", sa.String(length=32), nullable=True))
        op.add_column(table, sa.Column("suspended_reason", sa.Text(), nullable=True))
    op.add_column("instances", sa.Column("suspended_with_id", sa.String(length=32), nullable=True))

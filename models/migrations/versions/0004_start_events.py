"""Starts at a time or a signal, and signals between instances."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "start_events",
        sa.Column("id", sa.String(length=32), primary_key=True),
        sa.Column("definition_id", sa.String(length=32), sa.ForeignKey("definitions.id"), nullable=False),
        sa.Column("element", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=True),
        sa.Column("due_at", base.UTCDateTime(), nullable=True),
        sa.Column("every", sa.String(length=60), nullable=True),
        sa.Column("left", sa.Integer(), nullable=True),
        sa.Column("starter_id", sa.String(length=32), nullable=True),
        sa.Column("organization_id", sa.String(length=32), nullable=True),
    )
    op.create_index("ix_start_events_definition_id", "start_events", ["definition_id"])
    op.create_index("ix_start_events_signal", "start_events", ["kind", "name"])
    op.create_index("ix_start_events_due", "start_events", ["due_at"])
    for table in ("messages", "subscriptions"):
        op.add_column(table, sa.Column("kind", sa.String(length=8), nullable=False, server_default="message"))

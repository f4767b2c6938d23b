"""Records that look like one event: which were compared, and which pairs the lead is asked about."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suspicions",
        sa.Column("id", sa.String(length=32), primary_key=True),
        sa.Column("one_id", sa.String(length=32), sa.ForeignKey("event_records.id"), nullable=False),
        sa.Column("other_id", sa.String(length=32), sa.ForeignKey("event_records.id"), nullable=False),
        sa.Column("raised_at", base.UTCDateTime(), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("settled_at", base.UTCDateTime(), nullable=True),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_suspicions_one_id_other_id")),
    )
    op.create_index(op.f("ix_suspicions_instance_id"), "suspicions", ["instance_id"])
    _index("ix_suspicions_unsettled", "suspicions", "settled_at IS NULL")
    op.add_column("event_records", sa.Column("compared_at", base.UTCDateTime(), nullable=True))
    _index("ix_event_records_uncompared", "event_records", "compared_at IS NULL")


def _index(name: str, table: str, where: str) -> None:
    op.create_index(name, table, ["id"], sqlite_where=sa.text(where), postgresql_where=sa.text(where))

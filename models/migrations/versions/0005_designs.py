"""Designs: working copies of process definitions, their files and the remarks on them."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "designs",
        sa.Column("id", sa.String(length=32), primary_key=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("process_id", sa.String(length=100), nullable=True),
        sa.Column("base_id", sa.String(length=32), sa.ForeignKey("definitions.id"), nullable=True),
        sa.Column("organization_id", sa.String(length=32), sa.ForeignKey("organizations.id"), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=True),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(length=32), nullable=True),
        sa.Column("changed_at", base.UTCDateTime(), nullable=False),
        sa.Column("lease_by", sa.String(length=32), nullable=True),
        sa.Column("lease_until", base.UTCDateTime(), nullable=True),
        sa.Column("submitted_by", sa.String(length=32), nullable=True),
        sa.Column("submitted_at", base.UTCDateTime(), nullable=True),
        sa.Column("submitted_note", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("decided_at", base.UTCDateTime(), nullable=True),
        sa.Column("decided_note", sa.Text(), nullable=True),
        sa.Column("effective_at", base.UTCDateTime(), nullable=True),
        sa.Column("published_hash", sa.String(length=64), nullable=True),
        sa.Column("migrating", base.Json, nullable=False),
    )
    op.create_index("ix_designs_organization_id", "designs", ["organization_id"])
    op.create_index("ix_designs_state_effective_at", "designs", ["state", "effective_at"])
    op.create_table(
        "design_files",
        sa.Column("design_id", sa.String(length=32), sa.ForeignKey("designs.id"), primary_key=True),
        sa.Column("name", sa.String(length=200), primary_key=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("original", sa.LargeBinary(), nullable=True),
    )
    op.create_table(
        "design_comments",
        sa.Column("id", sa.String(length=32), primary_key=True),
        sa.Column("design_id", sa.String(length=32), sa.ForeignKey("designs.id"), nullable=False),
        sa.Column("element_id", sa.String(length=200), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(length=32), nullable=True),
        sa.Column("author", sa.String(length=300), nullable=False),
        sa.Column("written_at", base.UTCDateTime(), nullable=False),
        sa.Column("done_by", sa.String(length=32), nullable=True),
        sa.Column("done_at", base.UTCDateTime(), nullable=True),
    )
    op.create_index("ix_design_comments_design_id", "design_comments", ["design_id"])

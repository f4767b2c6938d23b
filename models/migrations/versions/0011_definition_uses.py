"""Where the versions of a process are in use: everywhere, as until now, or in single areas with all below them."""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_IN_USE = """
INSERT INTO definition_uses (id, process_id, definition_id, since, person_id, organization_id, reason)
SELECT id, process_id, id, deployed_at, deployed_by, (
    SELECT max(organization_id) FROM start_events WHERE definition_id = definitions.id
), note FROM definitions WHERE retired_at IS NULL AND NOT is_draft
"""


def upgrade() -> None:
    op.create_table(
        "definition_uses",
        sa.Column("id", sa.String(length=32), primary_key=True),
        sa.Column("process_id", sa.String(length=100), nullable=False),
        sa.Column("area_id", sa.String(length=32), sa.ForeignKey("areas.id"), nullable=True),
        sa.Column("definition_id", sa.String(length=32), sa.ForeignKey("definitions.id"), nullable=False),
        sa.Column("since", base.UTCDateTime(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("organization_id", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
    )
    everywhere = sa.text("area_id IS NULL")
    op.create_index("ix_definition_uses_definition_id", "definition_uses", ["definition_id"])
    op.create_index("uq_definition_uses_area", "definition_uses", ["process_id", "area_id"], unique=True)
    op.create_index(
        "uq_definition_uses_everywhere",
        "definition_uses",
        ["process_id"],
        unique=True,
        sqlite_where=everywhere,
        postgresql_where=everywhere,
    )
    op.execute(_IN_USE)
    op.add_column("designs", sa.Column("areas", base.Json, nullable=False, server_default="[]"))
    with op.batch_alter_table("designs") as designs:
        designs.alter_column("areas", server_default=None)

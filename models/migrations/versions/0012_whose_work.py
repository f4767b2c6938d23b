"""Whose a task is besides its role: the kinds of posts that may take it too, and who sees what stands in it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "task_posts",
        sa.Column("task_id", sa.String(length=32), sa.ForeignKey("tasks.id"), primary_key=True),
        sa.Column("kind", sa.String(length=40), primary_key=True),
    )
    parties = sa.Column("seen_by", sa.String(length=12), nullable=False, server_default="parties")
    op.add_column("tasks", parties)
    # Counts of what was given are answered by the index alone.
    op.drop_index("ix_tasks_assigner", "tasks")
    given = ["assigner_id", "state", "due_sort", "id", "seen_by", "organization_id"]
    op.create_index("ix_tasks_assigner", "tasks", given)

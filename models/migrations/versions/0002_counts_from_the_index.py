"""Counts from the index: that of the inbox holds all that a count asks."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NAME = "ix_tasks_inbox"


def upgrade() -> None:
    op.drop_index(NAME, "tasks")
    op.create_index(NAME, "tasks", ["organization_id", "state", "due_sort", "id", "offered_to_id", "role", "part"])

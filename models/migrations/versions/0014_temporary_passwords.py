"""Passwords that somebody else knows and that are changed at the first sign-in."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("persons", sa.Column("password_temporary", sa.Boolean(), nullable=False, server_default=sa.false()))

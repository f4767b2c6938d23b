"""The second factor of accounts that can change more than their own work."""

import sqlalchemy as sa
from alembic import op

from models.base import Key, UTCDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "second_factors",
        sa.Column("person_id", Key, sa.ForeignKey("persons.id"), primary_key=True),
        sa.Column("sealed_key", sa.String(300), nullable=False),
        sa.Column("enrolled_at", UTCDateTime(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
    )

"""From when a timer counts, and how many working days, so that it follows a calendar that changes."""

import sqlalchemy as sa
from alembic import op

from models.base import UTCDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Empty for the timers that wait already: they keep their instant.
    op.add_column("timers", sa.Column("set_at", UTCDateTime()))
    op.add_column("timers", sa.Column("working_days", sa.Integer()))

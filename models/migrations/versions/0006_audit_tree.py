"""The log becomes a tree: a compact range at its end, nodes, checkpoints and what witnesses signed."""

import hashlib

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_BATCH = 10_000


def upgrade() -> None:
    op.create_table(
        "audit_nodes",
        sa.Column("level", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
    )
    op.create_table(
        "audit_checkpoints",
        sa.Column("size", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("at", base.UTCDateTime(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
    )
    op.create_table(
        "audit_cosignatures",
        sa.Column("id", sa.String(length=32), primary_key=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("witness", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("at", base.UTCDateTime(), nullable=False),
        sa.Column("received_at", base.UTCDateTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.UniqueConstraint("size", "key", "root"),
    )
    op.add_column("audit_tip", sa.Column("peaks", sa.Text(), nullable=False, server_default=""))
    op.execute(sa.text("UPDATE audit_tip SET peaks = :peaks WHERE id = 1").bindparams(peaks=_peaks()))
    # Not in a batch: that would copy the table, and lose the triggers that keep the log.
    op.execute("ALTER TABLE audit_entries DROP COLUMN chain")
    op.execute("ALTER TABLE audit_tip DROP COLUMN chain")


def _peaks() -> str:
    """Return the compact range over the leaves as they are stored; written here as it was when this was written."""
    peaks: list[tuple[int, bytes]] = []
    leaves = sa.text("SELECT leaf FROM audit_entries ORDER BY seq").execution_options(yield_per=_BATCH)
    for (leaf,) in op.get_bind().execute(leaves):
        level, found = 0, bytes.fromhex(leaf)
        while peaks and peaks[-1][0] == level:
            found = hashlib.sha256(b"\x01" + peaks.pop()[1] + found).digest()
            level += 1
        peaks.append((level, found))
    return b"".join(found for _, found in peaks).hex()

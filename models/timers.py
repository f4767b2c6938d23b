"""Timers as rows: what shall happen to which instance, and when."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Keyed


class Timer(Keyed, Base):
    """One thing due: a timer event of a diagram, or the cut-off of a join that waits for many."""

    __tablename__ = "timers"
    instance_id: Mapped[str] = mapped_column(ForeignKey("instances.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))  # event, cutoff
    key: Mapped[str | None] = mapped_column(String(64))
    element: Mapped[str] = mapped_column(String(200))
    due_at: Mapped[datetime]
    fired_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_timers_due",
            "due_at",
            sqlite_where=text("fired_at IS NULL AND cancelled_at IS NULL"),
            postgresql_where=text("fired_at IS NULL AND cancelled_at IS NULL"),
        ),
    )

"""Timers as rows: what shall happen to which instance or task, and when."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, Keyed


class Timer(Keyed, Base):
    """One thing due: a timer event or cut-off of a diagram, or the reminders of a task."""

    __tablename__ = "timers"
    instance_id: Mapped[str] = mapped_column(ForeignKey("instances.id"), index=True)
    task_id: Mapped[str | None] = mapped_column(Key, index=True)
    kind: Mapped[str] = mapped_column(String(12))  # event, cutoff, reminder
    key: Mapped[str | None] = mapped_column(String(64))
    element: Mapped[str] = mapped_column(String(200))
    due_at: Mapped[datetime]
    step: Mapped[int] = mapped_column(default=0)
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

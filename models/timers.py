"""Timers as rows: what shall happen to which instance, and when."""

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, String, and_, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Keyed
from models.instances import Instance
from models.permissions import Actor


class Timer(Keyed, Base):
    """One thing due: a timer event of a diagram, or the cut-off of a join that waits for many."""

    __tablename__ = "timers"
    instance_id: Mapped[str] = mapped_column(ForeignKey("instances.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))  # event, cutoff
    key: Mapped[str | None] = mapped_column(String(64))
    element: Mapped[str] = mapped_column(String(200))
    due_at: Mapped[datetime]
    # From when it counts, and how many working days: what it is computed from again when the calendar changes.
    set_at: Mapped[datetime | None]
    working_days: Mapped[int | None]
    fired_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    instance: Mapped[Instance] = relationship()

    __table_args__ = (
        Index(
            "ix_timers_due",
            "due_at",
            sqlite_where=text("fired_at IS NULL AND cancelled_at IS NULL"),
            postgresql_where=text("fired_at IS NULL AND cancelled_at IS NULL"),
        ),
    )

    @classmethod
    def visible_to(cls, actor: Actor) -> Select["Timer"]:
        """Select the timers of the instances the actor may see."""
        return select(cls).where(cls.instance_id.in_(Instance.visible_to(actor).with_only_columns(Instance.id)))

    @classmethod
    def is_pending(cls) -> ColumnElement[bool]:
        """Return the condition that it has neither fired nor become needless."""
        return and_(cls.fired_at.is_(None), cls.cancelled_at.is_(None))

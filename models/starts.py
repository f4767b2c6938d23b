"""Start events of active definitions that begin an instance by themselves."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, Keyed


class StartEvent(Keyed, Base):
    """A start at a time (`due_at`, then every so often, `left` times) or at a signal (`name`).

    What it starts belongs to the organization that brought the definition into use, and steps without a role go to
    the person who did.
    """

    __tablename__ = "start_events"
    definition_id: Mapped[str] = mapped_column(ForeignKey("definitions.id"), index=True)
    element: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(8))  # timer, signal
    name: Mapped[str | None] = mapped_column(String(100))
    due_at: Mapped[datetime | None]
    every: Mapped[str | None] = mapped_column(String(60))  # an ISO 8601 duration
    left: Mapped[int | None]
    starter_id: Mapped[str | None] = mapped_column(Key)
    organization_id: Mapped[str | None] = mapped_column(Key)

    __table_args__ = (Index("ix_start_events_signal", "kind", "name"), Index("ix_start_events_due", "due_at"))

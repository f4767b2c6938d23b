"""Messages between instances as rows, and who waits for which."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, Key, Keyed


class Message(Keyed, Base):
    """One message to one recipient: kept until it is caught, or until it is dead and visible."""

    __tablename__ = "messages"
    kind: Mapped[str] = mapped_column(String(8), default="message", server_default="message")  # message, signal
    name: Mapped[str] = mapped_column(String(100))
    # What the sender's diagram calls the sending: people read this, the name binds diagrams.
    title: Mapped[str | None] = mapped_column(String(200))
    sender_id: Mapped[str | None] = mapped_column(Key, index=True)
    sender_assignment_id: Mapped[str | None] = mapped_column(Key)
    # The correlation: the receiver's assignment; the issuer's instance has none and is named itself.
    assignment_id: Mapped[str | None] = mapped_column(ForeignKey("assignments.id"))
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("instances.id"))
    order_id: Mapped[str | None] = mapped_column(Key, index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    sent_at: Mapped[datetime]
    # one of: pending, kept, delivered, late, returned, dead, missed
    state: Mapped[str] = mapped_column(String(10), default="pending")
    delivered_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_messages_pending", "state", "id"),
        Index("ix_messages_receiver", "instance_id", "state", "name"),
        Index("ix_messages_assignment", "assignment_id", "state", "name"),
        Index("ix_messages_sender", "sender_assignment_id", "name"),
    )


class Subscription(Keyed, Base):
    """An instance waits here for a message or a signal; `collect` makes it wait for many children and a cut-off."""

    __tablename__ = "subscriptions"
    kind: Mapped[str] = mapped_column(String(8), default="message", server_default="message")  # message, signal
    instance_id: Mapped[str] = mapped_column(ForeignKey("instances.id"), index=True)
    key: Mapped[str] = mapped_column(String(64))
    element: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(100))
    collect: Mapped[str | None] = mapped_column(String(20))
    opened_at: Mapped[datetime]

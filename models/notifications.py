"""Notices to people, and the outbox through which they leave as e-mail."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, Text, UniqueConstraint, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, Key, Keyed
from models.permissions import Actor
from models.tasks import TaskPost


class Notification(Keyed, Base):
    """A word to a person, or to a role of an organization: a fact with values; the sentence is made when read."""

    # Not "notifications": on SQLite the job engine keeps a table of that name in the same file.
    __tablename__ = "notices"
    person_id: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    organization_id: Mapped[str | None] = mapped_column(ForeignKey("organizations.id"))
    role: Mapped[str | None] = mapped_column(String(40))
    fact: Mapped[str] = mapped_column(String(60))
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    task_id: Mapped[str | None] = mapped_column(Key)
    order_id: Mapped[str | None] = mapped_column(Key)
    at: Mapped[datetime]
    # When e-mails were made from it; a mark for the sweep, so that the act itself need not read anybody's address.
    mailed_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_notices_person", "person_id", "at"),
        Index("ix_notices_organization", "organization_id", "role", "at"),
        Index(
            "ix_notices_unmailed",
            "id",
            sqlite_where=text("mailed_at IS NULL"),
            postgresql_where=text("mailed_at IS NULL"),
        ),
    )

    @classmethod
    def visible_to(cls, actor: Actor) -> Select["Notification"]:
        """Select the notices to the actor, to a role of its post, or of work its post may take too, newest first."""
        to_role = (cls.organization_id == actor.organization_id) & or_(
            cls.role.is_(None), cls.role.in_(sorted(actor.roles)), TaskPost.fits(cls.task_id, sorted(actor.kinds))
        )
        return select(cls).where(or_(cls.person_id == actor.person_id, to_role)).order_by(cls.at.desc(), cls.id.desc())


class NotificationRead(Base):
    """Until when a person has read its notices."""

    __tablename__ = "notification_reads"
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    until: Mapped[datetime]


class Mail(Keyed, Base):
    """One e-mail in the outbox: made from a notice, sent at least once; its id makes repeats recognizable."""

    __tablename__ = "mails"
    notification_id: Mapped[str] = mapped_column(ForeignKey("notices.id"))
    to: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("notification_id", "to"),)

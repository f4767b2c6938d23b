"""Designs: working copies of process definitions, before they are published as versions that never change."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, LargeBinary, Select, String, Text, false, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, Key, Keyed
from models.permissions import Actor, Permission

LEASE: Final = timedelta(minutes=2)


class Design(Keyed, Base):
    """A working copy of one bundle; `revision` grows with every change of its files."""

    __tablename__ = "designs"
    name: Mapped[str] = mapped_column(String(300))
    process_id: Mapped[str | None] = mapped_column(String(100))
    base_id: Mapped[str | None] = mapped_column(ForeignKey("definitions.id"))
    organization_id: Mapped[str] = mapped_column(ForeignKey("organizations.id"), index=True)
    # One of draft, review, scheduled (approved and not yet in force), published, discarded.
    state: Mapped[str] = mapped_column(String(12), default="draft")
    revision: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str | None] = mapped_column(Key)
    created_at: Mapped[datetime]
    changed_by: Mapped[str | None] = mapped_column(Key)
    changed_at: Mapped[datetime]
    lease_by: Mapped[str | None] = mapped_column(Key)
    lease_until: Mapped[datetime | None]
    submitted_by: Mapped[str | None] = mapped_column(Key)
    submitted_at: Mapped[datetime | None]
    submitted_note: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(Key)
    decided_at: Mapped[datetime | None]
    decided_note: Mapped[str | None] = mapped_column(Text)
    effective_at: Mapped[datetime | None]
    published_hash: Mapped[str | None] = mapped_column(String(64))
    # Where it is to be used, with all below; nothing is everywhere.
    areas: Mapped[list[Any]] = mapped_column(Json, default=list)
    # The versions whose running work goes on under the new one: chosen with the approval, done with the publication.
    migrating: Mapped[list[Any]] = mapped_column(Json, default=list)

    __table_args__ = (Index("ix_designs_state_effective_at", "state", "effective_at"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> Select["Design"]:
        """Select the designs of the organization a designer acts for; all of them for who reads everything."""
        if actor.is_system or Permission.EVERYTHING_READ in actor.grants:
            return select(cls)
        if Permission.DEFINITION_DEPLOY not in actor.grants:
            return select(cls).where(false())
        return select(cls).where(cls.organization_id == actor.organization_id)

    def is_leased_to_other(self, person_id: str | None, at: datetime) -> bool:
        """Tell whether somebody else has it open in an editor."""
        return self.lease_until is not None and self.lease_until > at and self.lease_by != person_id


class DesignFile(Base):
    """One file of a design; `original` is what it was opened or imported as."""

    __tablename__ = "design_files"
    design_id: Mapped[str] = mapped_column(ForeignKey("designs.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    original: Mapped[bytes | None] = mapped_column(LargeBinary)


class DesignComment(Keyed, Base):
    """A remark on a design or on one of its elements; it stays when it is done."""

    __tablename__ = "design_comments"
    design_id: Mapped[str] = mapped_column(ForeignKey("designs.id"), index=True)
    element_id: Mapped[str | None] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str | None] = mapped_column(Key)
    author: Mapped[str] = mapped_column(String(300))
    written_at: Mapped[datetime]
    done_by: Mapped[str | None] = mapped_column(Key)
    done_at: Mapped[datetime | None]

    @classmethod
    def of(cls, design_id: str) -> Select["DesignComment"]:
        """Select the remarks on a design, oldest first."""
        return select(cls).where(cls.design_id == design_id).order_by(cls.id)

"""Process definitions: immutable bundles of files addressed by their hash, and which of them is active."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, Select, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Json, Key, Keyed


class Definition(Keyed, Base):
    """One version of a process: its files never change, its id is unique per hash."""

    __tablename__ = "definitions"
    process_id: Mapped[str] = mapped_column(String(100), index=True)
    name: Mapped[str] = mapped_column(String(300))
    version: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64), index=True)
    starts_on: Mapped[list[Any]] = mapped_column(Json, default=list)
    startable: Mapped[bool] = mapped_column(default=False)
    is_draft: Mapped[bool] = mapped_column(default=False)
    deployed_at: Mapped[datetime]
    deployed_by: Mapped[str | None] = mapped_column(Key)
    note: Mapped[str | None] = mapped_column(Text)
    retired_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    suspended_by: Mapped[str | None] = mapped_column(Key)
    suspended_reason: Mapped[str | None] = mapped_column(Text)
    files: Mapped[list["DefinitionFile"]] = relationship(order_by="DefinitionFile.name")

    __table_args__ = (UniqueConstraint("process_id", "version"), UniqueConstraint("process_id", "hash"))

    @classmethod
    def active(cls) -> Select["Definition"]:
        """Select the version of each process that new instances take."""
        return select(cls).where(cls.retired_at.is_(None), cls.is_draft.is_(False)).order_by(cls.process_id)

    @classmethod
    def versions_of(cls, process_id: str) -> Select["Definition"]:
        """Select all versions of a process, newest first."""
        return select(cls).where(cls.process_id == process_id).order_by(cls.version.desc())


class DefinitionFile(Base):
    """One file of a definition, byte for byte as it was deployed."""

    __tablename__ = "definition_files"
    definition_id: Mapped[str] = mapped_column(ForeignKey("definitions.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class StartMessage(Base):
    """Which process starts when a message arrives for somebody who has no instance yet."""

    __tablename__ = "start_messages"
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    process_id: Mapped[str] = mapped_column(String(100))

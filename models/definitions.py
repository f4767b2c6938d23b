"""Process definitions: immutable bundles of files addressed by their hash, and where which of them is in use."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, Select, String, Text, UniqueConstraint, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql.elements import BindParameter

from models.base import Base, Json, Key, Keyed
from models.organizations import Area


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
        """Select the version of each process that new instances take wherever no other is in use."""
        return select(cls).join(DefinitionUse).where(DefinitionUse.area_id.is_(None)).order_by(cls.process_id)

    @classmethod
    def used_in(cls, process_id: BindParameter[str], area_id: BindParameter[str]) -> Select["Definition"]:
        """Select the versions in use in an area and above it, the nearest first and that of everywhere last."""
        used = select(cls).join(DefinitionUse).where(DefinitionUse.process_id == process_id)
        line = Area.line(area_id).subquery()
        here = or_(DefinitionUse.area_id.is_(None), line.c.id.is_not(None))
        return used.outerjoin(line, line.c.id == DefinitionUse.area_id).where(here).order_by(line.c.steps.nulls_last())

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


class DefinitionUse(Keyed, Base):
    """Where new work begins under a version: in an area with all below it, or without one everywhere else."""

    __tablename__ = "definition_uses"
    process_id: Mapped[str] = mapped_column(String(100))
    area_id: Mapped[str | None] = mapped_column(ForeignKey("areas.id"))
    definition_id: Mapped[str] = mapped_column(ForeignKey("definitions.id"), index=True)
    since: Mapped[datetime]
    # Who brought it into use: what begins by itself belongs to this organization.
    person_id: Mapped[str | None] = mapped_column(Key)
    organization_id: Mapped[str | None] = mapped_column(Key)
    reason: Mapped[str | None] = mapped_column(Text)
    area: Mapped[Area | None] = relationship()
    definition: Mapped[Definition] = relationship()

    __table_args__ = (
        # Never two versions in one place at one time.
        Index("uq_definition_uses_area", "process_id", "area_id", unique=True),
        Index(
            "uq_definition_uses_everywhere",
            "process_id",
            unique=True,
            sqlite_where=text("area_id IS NULL"),
            postgresql_where=text("area_id IS NULL"),
        ),
    )

    @classmethod
    def of(cls, process_id: str) -> Select["DefinitionUse"]:
        """Select where the versions of a process are in use: everywhere first, then the areas that were named first."""
        return select(cls).where(cls.process_id == process_id).order_by(cls.area_id.is_not(None), cls.since, cls.id)


class StartMessage(Base):
    """Which process starts when a message arrives for somebody who has no instance yet."""

    __tablename__ = "start_messages"
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    process_id: Mapped[str] = mapped_column(String(100))

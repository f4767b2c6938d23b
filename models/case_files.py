"""Case files: entries of the audit log an inspector puts together, with remarks, closed with a conclusion."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Select, String, Text, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key, Keyed
from models.permissions import Actor, Permission, may


class CaseFile(Keyed, Base):
    """What one inspection looked at; once closed nothing of it changes."""

    __tablename__ = "case_files"
    title: Mapped[str] = mapped_column(String(300))
    purpose: Mapped[str] = mapped_column(Text, default="")
    organization_id: Mapped[str | None] = mapped_column(ForeignKey("organizations.id"))
    opened_by: Mapped[str | None] = mapped_column(Key)
    opened_as: Mapped[str] = mapped_column(String(300), default="")
    opened_at: Mapped[datetime]
    closed_by: Mapped[str | None] = mapped_column(Key)
    closed_as: Mapped[str | None] = mapped_column(String(300))
    closed_at: Mapped[datetime | None]
    conclusion: Mapped[str | None] = mapped_column(Text)
    entries: Mapped[list["CaseEntry"]] = relationship(order_by="CaseEntry.seq")

    __table_args__ = (Index("ix_case_files_opened", "opened_at"),)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @classmethod
    def visible_to(cls, actor: Actor) -> Select["CaseFile"]:
        """Select the case files for those who may read the whole log, the newest first; nobody else sees any."""
        query = select(cls).order_by(cls.opened_at.desc(), cls.id.desc())
        return query if may(actor, Permission.AUDIT_READ) else query.where(false())


class CaseEntry(Base):
    """One entry of the log in a case file, and what the inspector says of it."""

    __tablename__ = "case_entries"
    case_file_id: Mapped[str] = mapped_column(ForeignKey("case_files.id"), primary_key=True)
    # No foreign key: the log may be archived, the case file stays.
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    remark: Mapped[str] = mapped_column(Text, default="")
    added_by: Mapped[str | None] = mapped_column(Key)
    added_at: Mapped[datetime]

"""Words of the audit log: which entries speak of what, without diacritics; made from the entries, never by hand."""

from sqlalchemy import BigInteger, Select, String, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

LONGEST = 40
MARK = ""  # the word that stands at the last entry whose words are known


class AuditWord(Base):
    """A folded word that stands in the free texts of an entry."""

    __tablename__ = "audit_words"
    word: Mapped[str] = mapped_column(String(LONGEST), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)

    __table_args__ = {"sqlite_with_rowid": False}

    @classmethod
    def mark(cls) -> Select[int]:
        """Select the number of the last entry whose words are known."""
        return select(cls.seq).where(cls.word == MARK)

"""Totals: what the fold made of the figures, per order, indicator and area."""

from decimal import Decimal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key

QUALIFIERS = ("exact", "over", "nearly", "about")


def word_of(*, over: int, nearly: int, about: int) -> str:
    """Return the word of a sum of so many figures with a word (domain.md §4: mixed or any `about` is `about`)."""
    if about or (over and nearly):
        return "about"
    return "over" if over else "nearly" if nearly else "exact"


class Total(Base):
    """The sum of all figures of an indicator in an area and everything below it, for one order."""

    __tablename__ = "totals"
    order_id: Mapped[str] = mapped_column(Key, primary_key=True)
    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicators.code"), primary_key=True)
    area_id: Mapped[str] = mapped_column(ForeignKey("areas.id"), primary_key=True)
    value: Mapped[Decimal]
    # How many figures (of a stock: units) stand behind the value; 0 means "chưa có số liệu", never 0.
    figures: Mapped[int] = mapped_column(default=0)
    over: Mapped[int] = mapped_column(default=0)
    nearly: Mapped[int] = mapped_column(default=0)
    about: Mapped[int] = mapped_column(default=0)

    @property
    def qualifier(self) -> str:
        """Return the word the sum carries."""
        return word_of(over=self.over, nearly=self.nearly, about=self.about)


class Distinct(Base):
    """One different week or commune counted for an indicator: 36 weeks in 16 communes are 36."""

    __tablename__ = "distincts"
    order_id: Mapped[str] = mapped_column(Key, primary_key=True)
    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicators.code"), primary_key=True)
    area_id: Mapped[str] = mapped_column(ForeignKey("areas.id"), primary_key=True)
    member: Mapped[str] = mapped_column(String(40), primary_key=True)
    figures: Mapped[int] = mapped_column(default=0)


class Stock(Base):
    """The last value of one unit (an organization in an area) for a stock indicator; a newer one replaces it.

    `figure_id` is None where the only value of the unit was taken back.
    """

    __tablename__ = "stocks"
    order_id: Mapped[str] = mapped_column(Key, primary_key=True)
    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicators.code"), primary_key=True)
    area_id: Mapped[str] = mapped_column(ForeignKey("areas.id"), primary_key=True)
    organization_id: Mapped[str] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    figure_id: Mapped[str | None] = mapped_column(Key)
    value: Mapped[Decimal]
    qualifier: Mapped[str] = mapped_column(String(10), default="exact")

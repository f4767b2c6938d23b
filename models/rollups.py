"""Totals: what the fold made of the figures, per order, indicator and area."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key

QUALIFIERS = ("exact", "over", "nearly", "about")


class Total(Base):
    """The sum of all figures of an indicator in an area and everything below it, for one order."""

    __tablename__ = "totals"
    order_id: Mapped[str] = mapped_column(Key, primary_key=True)
    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicators.code"), primary_key=True)
    area_id: Mapped[str] = mapped_column(ForeignKey("areas.id"), primary_key=True)
    value: Mapped[Decimal]
    figures: Mapped[int] = mapped_column(default=0)
    over: Mapped[int] = mapped_column(default=0)
    nearly: Mapped[int] = mapped_column(default=0)
    about: Mapped[int] = mapped_column(default=0)

    @property
    def qualifier(self) -> str:
        """Return the word the sum carries (domain.md §4: mixed or any `about` is `about`)."""
        if self.about or (self.over and self.nearly):
            return "about"
        return "over" if self.over else "nearly" if self.nearly else "exact"


class Distinct(Base):
    """One different week or commune counted for an indicator: 36 weeks in 16 communes are 36."""

    __tablename__ = "distincts"
    order_id: Mapped[str] = mapped_column(Key, primary_key=True)
    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicators.code"), primary_key=True)
    area_id: Mapped[str] = mapped_column(ForeignKey("areas.id"), primary_key=True)
    member: Mapped[str] = mapped_column(String(40), primary_key=True)
    figures: Mapped[int] = mapped_column(default=0)


class Stock(Base):
    """The last value of one unit for a stock indicator, so that a newer one replaces it in the totals."""

    __tablename__ = "stocks"
    order_id: Mapped[str] = mapped_column(Key, primary_key=True)
    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicators.code"), primary_key=True)
    area_id: Mapped[str] = mapped_column(ForeignKey("areas.id"), primary_key=True)
    figure_id: Mapped[str] = mapped_column(Key)
    value: Mapped[Decimal]
    qualifier: Mapped[str] = mapped_column(String(10))
    as_of: Mapped[date] = mapped_column(Date)

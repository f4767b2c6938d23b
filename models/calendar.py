"""The administrator's calendar: holidays, days off in lieu and working Saturdays."""

from datetime import date

from sqlalchemy import Date, String, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class CalendarDay(Base):
    """A day that differs from the week's rule (Monday to Friday work)."""

    __tablename__ = "calendar_days"
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    works: Mapped[bool]
    name: Mapped[str] = mapped_column(String(200))
    basis: Mapped[str | None] = mapped_column(String(200))


DAYS = select(CalendarDay.day, CalendarDay.works)


class Setting(Base):
    """A value of the installation that outlives a restart (the demo world's clock, for one)."""

    __tablename__ = "settings"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(String(500))

"""Indicators, event records, figures and claims: the ledger of results, only ever added to."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Date, ForeignKey, Index, Select, String, Text, UniqueConstraint, and_, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql import ColumnElement

from models.base import Base, Key, Keyed
from models.organizations import Area, Named

WITHDRAWN = "withdrawn"


class Indicator(Named, Base):
    """What is counted: unit, kind and the rule of adding; different indicators are never added."""

    __tablename__ = "indicators"
    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    name_en: Mapped[str] = mapped_column(String(300), default="")
    unit: Mapped[str] = mapped_column(String(60))
    unit_en: Mapped[str] = mapped_column(String(60), default="")
    kind: Mapped[str] = mapped_column(String(12))  # flow, stock, distinct, ratio, target, structure
    aggregation: Mapped[str] = mapped_column(String(12))  # sum, last, weeks, areas, none
    decimals: Mapped[int] = mapped_column(default=0)
    base: Mapped[Decimal | None]
    base_note: Mapped[str | None] = mapped_column(Text)
    series: Mapped[str | None] = mapped_column(String(40))
    is_money: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    # Where it is entered unless an order says otherwise: "leaf", "locality" or "organization".
    reported_at: Mapped[str] = mapped_column(String(20), default="leaf")


class EventRecord(Keyed, Base):
    """Something that took place once, somewhere, some day; counted once whoever claims it."""

    __tablename__ = "event_records"
    order_id: Mapped[str | None] = mapped_column(ForeignKey("orders.id"))
    assignment_id: Mapped[str | None] = mapped_column(ForeignKey("assignments.id"), index=True)
    area_id: Mapped[str] = mapped_column(ForeignKey("areas.id"))
    held_on: Mapped[date] = mapped_column(Date)
    series: Mapped[str | None] = mapped_column(String(40))
    title: Mapped[str | None] = mapped_column(String(300))
    not_held_reason: Mapped[str | None] = mapped_column(String(300))
    task_id: Mapped[str | None] = mapped_column(Key, index=True)
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    merged_into_id: Mapped[str | None] = mapped_column(Key)
    # Marked when the event was compared with those of others, as figures are when they were folded.
    compared_at: Mapped[datetime | None]
    area: Mapped[Area] = relationship()
    claims: Mapped[list["Claim"]] = relationship()

    __table_args__ = (
        Index("ix_event_records_order", "order_id", "held_on"),
        Index(
            "ix_event_records_uncompared",
            "id",
            sqlite_where=text("compared_at IS NULL"),
            postgresql_where=text("compared_at IS NULL"),
        ),
    )

    @property
    def stands(self) -> bool:
        """Tell whether the event counts: neither taken back nor found to be another one."""
        return self.withdrawn_at is None and self.merged_into_id is None


class Suspicion(Keyed, Base):
    """Two records that look like one event; `instance_id` is where the lead is asked, until it is settled."""

    __tablename__ = "suspicions"
    one_id: Mapped[str] = mapped_column(ForeignKey("event_records.id"))  # the one that was recorded first
    other_id: Mapped[str] = mapped_column(ForeignKey("event_records.id"))
    raised_at: Mapped[datetime]
    instance_id: Mapped[str | None] = mapped_column(Key, index=True)
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("one_id", "other_id"),
        Index(
            "ix_suspicions_unsettled",
            "id",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )


class KeptApart(Base):
    """Two records that looked like one event and are two: the lead's verdict, so that nobody is asked again."""

    __tablename__ = "kept_apart"
    one_id: Mapped[str] = mapped_column(ForeignKey("event_records.id"), primary_key=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("event_records.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str | None] = mapped_column(Key)


class Claim(Base):
    """An organization's part in an event: credit tables go by it and are never added up."""

    __tablename__ = "claims"
    event_id: Mapped[str] = mapped_column(ForeignKey("event_records.id"), primary_key=True)
    organization_id: Mapped[str] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(20))


class Figure(Keyed, Base):
    """One number somebody entered; an amendment is another figure that points at this one."""

    __tablename__ = "figures"
    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicators.code"))
    value: Mapped[Decimal]
    qualifier: Mapped[str] = mapped_column(String(10), default="exact")  # exact, over, nearly, about
    order_id: Mapped[str | None] = mapped_column(ForeignKey("orders.id"))
    assignment_id: Mapped[str | None] = mapped_column(ForeignKey("assignments.id"), index=True)
    event_id: Mapped[str | None] = mapped_column(ForeignKey("event_records.id"), index=True)
    area_id: Mapped[str] = mapped_column(ForeignKey("areas.id"))
    organization_id: Mapped[str] = mapped_column(ForeignKey("organizations.id"))
    held_on: Mapped[date] = mapped_column(Date)
    task_id: Mapped[str | None] = mapped_column(Key, index=True)
    entered_at: Mapped[datetime]
    entered_by: Mapped[str | None] = mapped_column(Key)
    entered_as: Mapped[str] = mapped_column(String(300), default="")
    amends_id: Mapped[str | None] = mapped_column(ForeignKey("figures.id"), unique=True)
    # report, late (báo cáo bổ sung), correction (đính chính), withdrawn (taken back: 0, and no longer a figure at all)
    kind: Mapped[str] = mapped_column(String(12), default="report")
    reason: Mapped[str | None] = mapped_column(Text)
    # Marked by the fold itself: an id cursor would miss a smaller id that commits later.
    folded_at: Mapped[datetime | None]
    indicator: Mapped[Indicator] = relationship()
    area: Mapped[Area] = relationship()

    __table_args__ = (
        Index(
            "ix_figures_unfolded",
            "id",
            sqlite_where=text("folded_at IS NULL"),
            postgresql_where=text("folded_at IS NULL"),
        ),
        Index("ix_figures_leaf", "order_id", "indicator_code", "area_id"),
        Index("ix_figures_day", "order_id", "indicator_code", "held_on", "id"),
    )

    @classmethod
    def current(cls) -> Select["Figure"]:
        """Select the figures that stand: not taken back, and amended by no later figure."""
        return select(cls).where(cls.stands())

    @classmethod
    def stands(cls) -> ColumnElement[bool]:
        """Return the condition of `current`."""
        newer = cls.__table__.alias("newer")
        return and_(cls.kind != WITHDRAWN, ~select(newer.c.id).where(newer.c.amends_id == cls.id).exists())

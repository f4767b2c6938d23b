"""Orders (đặt hàng) and the work beside them: the six clarities, topics, receivers, indicators and targets."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import Date, ForeignKey, Index, Select, String, Text, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql import ColumnElement

from models.base import Base, Key, Keyed
from models.organizations import Organization
from models.permissions import Actor, Permission

if TYPE_CHECKING:
    from models.assignments import Assignment

CLARITIES = ("ro_nguoi", "ro_viec", "ro_thoi_gian", "ro_trach_nhiem", "ro_tham_quyen", "ro_san_pham")


class Order(Keyed, Base):
    """One order of an issuer to the bloc, or (`kind` = work) work the bloc gives itself; figures hang on it."""

    __tablename__ = "orders"
    kind: Mapped[str] = mapped_column(String(10), default="order")
    number: Mapped[str | None] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(500), default="")
    title_fold: Mapped[str] = mapped_column(String(1000), default="")
    topic_code: Mapped[str | None] = mapped_column(String(60), index=True)
    basis: Mapped[str | None] = mapped_column(Text)
    issuer_id: Mapped[str] = mapped_column(ForeignKey("organizations.id"), index=True)
    focal_id: Mapped[str] = mapped_column(ForeignKey("organizations.id"), index=True)
    area_id: Mapped[str] = mapped_column(ForeignKey("areas.id"))
    instance_id: Mapped[str | None] = mapped_column(Key)
    ro_nguoi: Mapped[str | None] = mapped_column(Text)
    ro_viec: Mapped[str | None] = mapped_column(Text)
    ro_thoi_gian: Mapped[str | None] = mapped_column(Text)
    ro_trach_nhiem: Mapped[str | None] = mapped_column(Text)
    ro_tham_quyen: Mapped[str | None] = mapped_column(Text)
    ro_san_pham: Mapped[str | None] = mapped_column(Text)
    period_from: Mapped[date | None] = mapped_column(Date)
    period_to: Mapped[date | None] = mapped_column(Date)
    due_at: Mapped[datetime | None]
    progress: Mapped[str] = mapped_column(String(20), default="chua_tiep_nhan")
    created_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    verdict: Mapped[str | None] = mapped_column(String(20))
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)
    illustrative: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)

    issuer: Mapped[Organization] = relationship(foreign_keys=[issuer_id])
    focal: Mapped[Organization] = relationship(foreign_keys=[focal_id])
    topics: Mapped[list["Topic"]] = relationship(order_by="Topic.position", cascade="all, delete-orphan")
    receivers: Mapped[list["Receiver"]] = relationship(cascade="all, delete-orphan")
    indicators: Mapped[list["OrderIndicator"]] = relationship(
        order_by="OrderIndicator.position", cascade="all, delete-orphan"
    )
    assignments: Mapped[list["Assignment"]] = relationship(viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def visible_to(cls, actor: Actor) -> Select["Order"]:
        """Select the orders an actor's organization issued, receives, leads, coordinates or carries out."""
        return select(cls).where(cls.is_visible_to(actor))

    @classmethod
    def is_visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition of `visible_to`."""
        from models.assignments import Assignment

        if Permission.EVERYTHING_READ in actor.grants or actor.is_system:
            return cls.id.is_not(None)
        taking_part = select(Assignment.order_id).where(Assignment.organization_id == actor.organization_id)
        return or_(
            cls.issuer_id == actor.organization_id,
            (cls.focal_id == actor.organization_id) & cls.signed_at.is_not(None),
            cls.id.in_(taking_part),
        )


class Topic(Keyed, Base):
    """A sub-topic of an order, with a status of its own."""

    __tablename__ = "topics"
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(500))
    progress: Mapped[str] = mapped_column(String(20), default="chua_thuc_hien")


class Receiver(Base):
    """An organization an order is addressed to; all have one focal point, the bloc."""

    __tablename__ = "receivers"
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    organization_id: Mapped[str] = mapped_column(ForeignKey("organizations.id"), primary_key=True)


class OrderIndicator(Keyed, Base):
    """What an order counts, the target for the whole order, and who enters it."""

    __tablename__ = "order_indicators"
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"))
    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicators.code"))
    position: Mapped[int]
    target: Mapped[Decimal | None]
    # "leaf": the lowest area; "locality": an area with areas below it; "organization": coordinators and assignees
    reported_at: Mapped[str] = mapped_column(String(20), default="leaf")
    topic_id: Mapped[str | None] = mapped_column(Key)

    __table_args__ = (Index("uq_order_indicators_order", "order_id", "indicator_code", unique=True),)


class Target(Keyed, Base):
    """A share of an order's target for one area, from the lead's plan."""

    __tablename__ = "targets"
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicators.code"))
    area_id: Mapped[str] = mapped_column(ForeignKey("areas.id"))
    value: Mapped[Decimal]


class Extension(Keyed, Base):
    """A request for more time and its decision: old due, new due, why, who."""

    __tablename__ = "extensions"
    assignment_id: Mapped[str] = mapped_column(ForeignKey("assignments.id"), index=True)
    requested_at: Mapped[datetime]
    requested_by: Mapped[str | None] = mapped_column(Key)
    reason: Mapped[str] = mapped_column(Text)
    old_due_at: Mapped[datetime | None]
    new_due_at: Mapped[datetime]
    decision: Mapped[str | None] = mapped_column(String(10))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(Key)
    remark: Mapped[str | None] = mapped_column(Text)


class Watch(Base):
    """A person follows an order without a part in it."""

    __tablename__ = "watches"
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)

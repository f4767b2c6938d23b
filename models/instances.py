"""Process instances: one participant's running process, its rest state, and incidents where it is stuck."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, Text, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Json, Key, Keyed
from models.definitions import Definition
from models.permissions import Actor, Permission


class Instance(Keyed, Base):
    """A process of one participant; `rest` is the pruned token state as the runner wrote it."""

    __tablename__ = "instances"
    definition_id: Mapped[str] = mapped_column(ForeignKey("definitions.id"))
    process_id: Mapped[str] = mapped_column(String(100))
    order_id: Mapped[str | None] = mapped_column(ForeignKey("orders.id"))
    assignment_id: Mapped[str | None] = mapped_column(ForeignKey("assignments.id"))
    organization_id: Mapped[str | None] = mapped_column(ForeignKey("organizations.id"))
    area_id: Mapped[str | None] = mapped_column(ForeignKey("areas.id"))
    place: Mapped[str] = mapped_column(String(300), default="")
    starter_id: Mapped[str | None] = mapped_column(Key)
    starter_organization_id: Mapped[str | None] = mapped_column(Key)
    # running, incident, suspended, finished, failed, cancelled, handed_over
    state: Mapped[str] = mapped_column(String(20), default="running")
    rest: Mapped[str] = mapped_column(Text, default="")
    # element id -> [times passed, last instant as ISO text]: what a diagram shows as done
    passed: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    version: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
    suspended_at: Mapped[datetime | None]
    suspended_by: Mapped[str | None] = mapped_column(Key)
    suspended_reason: Mapped[str | None] = mapped_column(Text)
    # The definition whose suspension stopped it, and whose resumption lets it go on; none where it was stopped alone.
    suspended_with_id: Mapped[str | None] = mapped_column(Key)
    definition: Mapped[Definition] = relationship()

    __table_args__ = (
        Index("ix_instances_order", "order_id", "state"),
        Index("ix_instances_assignment", "assignment_id"),
        Index("ix_instances_process", "process_id", "state"),
    )

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @classmethod
    def visible_to(cls, actor: Actor) -> Select["Instance"]:
        """Select the instances of the actor's organization, of its orders, and those started from it."""
        from models.orders import Order

        if Permission.EVERYTHING_READ in actor.grants or actor.is_system:
            return select(cls)
        orders = select(Order.id).where(Order.is_visible_to(actor))
        return select(cls).where(
            or_(
                cls.organization_id == actor.organization_id,
                cls.starter_organization_id == actor.organization_id,
                cls.order_id.in_(orders),
            )
        )


LIVE = ("running", "incident", "suspended")


class Incident(Keyed, Base):
    """A place where a process cannot go on; what people typed is kept in `held`."""

    __tablename__ = "incidents"
    instance_id: Mapped[str] = mapped_column(ForeignKey("instances.id"), index=True)
    element: Mapped[str | None] = mapped_column(String(200))
    message: Mapped[str] = mapped_column(Text)
    held: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    opened_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None] = mapped_column(Key)
    instance: Mapped[Instance] = relationship()

    @classmethod
    def visible_to(cls, actor: Actor) -> Select["Incident"]:
        """Select the incidents of the instances the actor may see."""
        return select(cls).where(cls.instance_id.in_(Instance.visible_to(actor).with_only_columns(Instance.id)))

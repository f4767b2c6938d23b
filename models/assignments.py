"""Assignments: one participant's share of an order, a tree from the bloc down to the quarter."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Select, String, Text, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key, Keyed
from models.orders import Order
from models.organizations import Area, Organization


class Part(StrEnum):
    """What an organization is in an order: accountable (the bloc), the one lead, coordinating, local, informed."""

    ACCOUNTABLE = "accountable"
    LEAD = "lead"
    COORDINATING = "coordinating"
    LOCAL = "local"
    INFORMED = "informed"


class Progress(StrEnum):
    """The nine stored states of progress (domain/statuses.json)."""

    NOT_ACCEPTED = "chua_tiep_nhan"
    NOT_STARTED = "chua_thuc_hien"
    IN_PROGRESS = "dang_thuc_hien"
    TO_CONFIRM = "cho_xac_nhan"
    REDO = "thuc_hien_lai"
    PAUSED = "tam_dung"
    DONE = "hoan_thanh"
    REFUSED = "tu_choi"
    CANCELLED = "huy"


OPEN = frozenset(Progress) - {Progress.DONE, Progress.REFUSED, Progress.CANCELLED}


class Assignment(Keyed, Base):
    """One organization's (or area's) share of one order; it knows its parent, its due and its progress."""

    __tablename__ = "assignments"
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("assignments.id"), index=True)
    organization_id: Mapped[str] = mapped_column(ForeignKey("organizations.id"))
    area_id: Mapped[str] = mapped_column(ForeignKey("areas.id"))
    part: Mapped[str] = mapped_column(String(20))
    instance_id: Mapped[str | None] = mapped_column(Key, index=True)
    progress: Mapped[str] = mapped_column(String(20), default=Progress.NOT_ACCEPTED)
    due_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    # The time of the report that was accepted: lateness is measured by it, not by the confirmation.
    submitted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    nothing_to_report: Mapped[bool] = mapped_column(default=False)
    returns: Mapped[int] = mapped_column(default=0)
    urged_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(Text)
    replaced_by_id: Mapped[str | None] = mapped_column(Key)

    order: Mapped[Order] = relationship()
    organization: Mapped[Organization] = relationship()
    area: Mapped[Area] = relationship()
    parent: Mapped["Assignment | None"] = relationship(remote_side="Assignment.id")

    __table_args__ = (
        Index("ix_assignments_party", "organization_id", "order_id"),
        Index(
            "uq_assignments_one_lead",
            "order_id",
            unique=True,
            sqlite_where=text("part = 'lead' AND progress NOT IN ('tu_choi', 'huy')"),
            postgresql_where=text("part = 'lead' AND progress NOT IN ('tu_choi', 'huy')"),
        ),
    )

    @classmethod
    def children_of(cls, assignment_id: str, *, part: str) -> Select["Assignment"]:
        """Select the shares an assignment gave out, without those refused or cancelled."""
        gone = (Progress.REFUSED, Progress.CANCELLED)
        return select(cls).where(cls.parent_id == assignment_id, cls.part == part, cls.progress.not_in(gone))

    @property
    def is_open(self) -> bool:
        return self.progress in OPEN

    @property
    def superiors(self) -> set[str]:
        """Return the organizations above: those of the ancestors, and the issuer of the order."""
        above, node = {self.order.issuer_id}, self.parent
        while node is not None:
            above.add(node.organization_id)
            node = node.parent
        return above

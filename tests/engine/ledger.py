"""A small world for the ledger: a tree of areas with one organization each, an order, and figures put in directly."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import indicators
from models.assignments import Assignment, Part
from models.base import new_id
from models.orders import Order, OrderIndicator
from models.organizations import Area, Level, Organization, OrganizationType
from models.reports import EventRecord, Figure, Indicator

NOW = datetime(2018, 10, 12, 1, 7, tzinfo=UTC)
LEVELS = ("city", "commune", "quarter")


class Ledger:
    """Areas by name, an order over them, and the figures entered so far."""

    def __init__(self, session: Session) -> None:
        self.session = session
        session.info["now"] = NOW
        indicators.seed(session)
        session.add_all(Level(code=code, name=code, rank=rank) for rank, code in enumerate(LEVELS))
        session.add(OrganizationType(code="mttq", name="MTTQ", system="front"))
        session.flush()

    def area(self, name: str, *, parent: Area | None = None, level: str = "quarter") -> Area:
        area = Area(id=new_id(), level_code=level, kind=level, parent_id=parent.id if parent else None)
        area.rename(name)
        self.session.add(area)
        self.session.flush()
        organization = Organization(id=area.id, type_code="mttq", area_id=area.id, short_name=name)
        organization.rename(f"MTTQ {name}")
        self.session.add(organization)
        self.session.flush()
        return area

    def order(self, area: Area, *codes: str, targets: dict[str, int] | None = None) -> Order:
        order = Order(
            title="Vệ sinh môi trường", issuer_id=area.id, focal_id=area.id, area_id=area.id, created_at=NOW,
            signed_at=NOW,
        )  # fmt: skip
        self.session.add(order)
        self.session.flush()
        for position, code in enumerate(codes):
            target = (targets or {}).get(code)
            self.session.add(
                OrderIndicator(order_id=order.id, indicator_code=code, position=position, target=target and Decimal(target))
            )
        self.session.flush()
        return order

    def assign(self, order: Order, area: Area, *, part: str = Part.LOCAL, parent: Assignment | None = None, **values: Any) -> Assignment:
        assignment = Assignment(
            order=order, parent=parent, organization_id=area.id, area_id=area.id, part=part, created_at=NOW, **values
        )
        self.session.add(assignment)
        self.session.flush()
        return assignment

    def figure(
        self,
        order: Order,
        code: str,
        value: str | int | Decimal,
        *,
        area: Area,
        qualifier: str = "exact",
        on: date = date(2018, 3, 4),
        **values: Any,
    ) -> Figure:
        figure = Figure(
            indicator_code=code, value=Decimal(value), qualifier=qualifier, order_id=order.id, area_id=area.id,
            organization_id=values.pop("organization_id", area.id), held_on=on, entered_at=NOW, **values,
        )  # fmt: skip
        self.session.add(figure)
        self.session.flush()
        return figure

    def amend(self, old: Figure, value: str | int | Decimal, *, qualifier: str = "exact", **values: Any) -> Figure:
        same = {name: getattr(old, name) for name in ("indicator_code", "order_id", "area_id", "organization_id", "held_on")}
        figure = Figure(
            **{**same, "kind": "correction", **values}, value=Decimal(value), qualifier=qualifier, amends_id=old.id,
            entered_at=NOW,
        )  # fmt: skip
        self.session.add(figure)
        self.session.flush()
        return figure

    def event(self, order: Order, area: Area, *, on: date, series: str = "green-sunday", **values: Any) -> EventRecord:
        event = EventRecord(order_id=order.id, area_id=area.id, held_on=on, series=series, recorded_at=NOW, **values)
        self.session.add(event)
        self.session.flush()
        return event

    def indicator(self, code: str) -> Indicator:
        return self.session.scalars(select(Indicator).where(Indicator.code == code)).one()

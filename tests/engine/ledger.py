"""A small world for the ledger: a tree of areas with one organization each, an order, and figures put in directly."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import indicators, reports
from engine.forms import Cleaned, FigureValue
from models.assignments import Assignment, Part
from models.base import new_id
from models.database import Database
from models.definitions import Definition
from models.instances import Instance
from models.orders import Order, OrderIndicator
from models.organizations import Area, Level, Organization, OrganizationType
from models.permissions import SYSTEM, Actor
from models.reports import EventRecord, Figure, Indicator
from models.tasks import Task

NOW = datetime(2018, 10, 12, 1, 7, tzinfo=UTC)
LEVELS = {"city": "thành phố", "commune": "phường", "quarter": "khu"}


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
        area = Area(id=new_id(), level_code=level, kind=LEVELS[level], parent_id=parent.id if parent else None)
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
            target = Decimal(targets[code]) if targets and code in targets else None
            self.session.add(OrderIndicator(order_id=order.id, indicator_code=code, position=position, target=target))
        self.session.flush()
        return order

    def assign(
        self, order: Order, area: Area, *, part: str = Part.LOCAL, parent: Assignment | None = None, **values: Any
    ) -> Assignment:
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
        names = ("indicator_code", "order_id", "area_id", "organization_id", "held_on")
        same = {name: getattr(old, name) for name in names}
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

    def instance(self, assignment: Assignment) -> Instance:
        """Start nothing: only the row that a report belongs to."""
        definition = self.session.scalar(select(Definition))
        if definition is None:
            definition = Definition(process_id="locality", name="Địa bàn", version=1, hash="0" * 64, deployed_at=NOW)
            self.session.add(definition)
            self.session.flush()
        instance = Instance(
            definition_id=definition.id, process_id="locality", order_id=assignment.order_id, started_at=NOW,
            assignment_id=assignment.id, organization_id=assignment.organization_id, area_id=assignment.area_id,
        )  # fmt: skip
        self.session.add(instance)
        self.session.flush()
        return instance

    def task(self, instance: Instance, element: str = "report_results") -> Task:
        task = Task(
            instance_id=instance.id, key=new_id(), process_id="locality", element=element, title="Báo cáo",
            state="completed", opened_at=NOW, assignment_id=instance.assignment_id, order_id=instance.order_id,
            area_id=instance.area_id,
        )  # fmt: skip
        self.session.add(task)
        self.session.flush()
        return task

    def report(self, instance: Instance, *rows: dict[str, Any], actor: Actor = SYSTEM, **plain: Any) -> Task:
        """Complete the report task once: each row's `figures` are {code: value or (value, word)}."""
        task, figures, plainly = self.task(instance), list[FigureValue](), plain.pop("figures", {})
        for number, row in enumerate(rows):
            figures += _figures(number, row.get("figures", {}))
        cleaned = Cleaned(
            values=plain, routing=plain.pop("routing", {}), nothing=plain.pop("nothing", False),
            figures=(*figures, *_figures(None, plainly)), rows={"events": [{**row} for row in rows]} if rows else {},
        )  # fmt: skip
        reports.report(self.session, instance, actor=actor, task=task, cleaned=cleaned)
        return task

    def instance_of_task(self, task_id: str | None) -> Instance:
        return self.session.get_one(Instance, self.session.get_one(Task, task_id).instance_id)

    def indicator(self, code: str) -> Indicator:
        return self.session.scalars(select(Indicator).where(Indicator.code == code)).one()


@pytest.fixture
def session(empty_database: Database) -> Iterator[Session]:
    """A write session over a database in which nothing is yet."""
    with empty_database.write() as opened:
        yield opened


@pytest.fixture
def ledger(session: Session) -> Ledger:
    return Ledger(session)


def _figures(row: int | None, values: dict[str, Any]) -> list[FigureValue]:
    pairs = {code: value if isinstance(value, tuple) else (value, "exact") for code, value in values.items()}
    return [FigureValue(row, code, Decimal(value), word) for code, (value, word) in pairs.items()]

"""Figures over the API: the leaf records that nobody amended since, of orders one may see."""

from datetime import date, datetime
from typing import Annotated

from pydantic import ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.orders import Order
from models.permissions import Actor
from models.reports import Figure
from webapp.api.operations import Key, Out, Part, Slice, Text, table
from webapp.api.reading import sliced


class FigureQuery(Slice):
    """How the figures are narrowed."""

    model_config = ConfigDict(populate_by_name=False)

    indicator: Annotated[Text | None, Field(max_length=60)] = None
    area: Annotated[Key | None, Field(description="Only figures entered for this very area.")] = None
    order: Key | None = None
    from_: Annotated[date | None, Field(alias="from", description="The first day, inclusive.")] = None
    to: Annotated[date | None, Field(description="The last day, inclusive.")] = None


class FigureOut(Out):
    """One number somebody entered."""

    id: str
    indicator: str
    unit: str
    value: Annotated[str, Field(description="A decimal number as text.")]
    qualifier: str
    order: str | None
    assignment: str | None
    event: str | None
    area: str
    organization: str
    held_on: date
    entered_at: datetime
    entered_as: str = Field(description="The title of the post that entered it.")
    kind: str
    amends: str | None
    reason: str | None

    @classmethod
    def of(cls, figure: Figure) -> "FigureOut":
        """Write a figure down."""
        same = ("id", "qualifier", "held_on", "entered_at", "entered_as", "kind", "reason")
        keys = ("order", "assignment", "event", "area", "organization", "amends")
        return cls(
            indicator=figure.indicator_code,
            unit=figure.indicator.unit,
            value=format(figure.value, "f"),
            **{name: getattr(figure, name) for name in same},
            **{name: getattr(figure, f"{name}_id") for name in keys},
        )


@table.get("/figures", answer=Part[FigureOut], query=FigureQuery)
def list_figures(session: Session, actor: Actor, *, query: FigureQuery) -> Part[FigureOut]:
    """List the leaf records as they stand now; add only those of one indicator."""
    orders = select(Order.id).where(Order.is_visible_to(actor))
    chosen = Figure.current().where(Figure.order_id.in_(orders)).options(joinedload(Figure.indicator))
    if query.indicator is not None:
        chosen = chosen.where(Figure.indicator_code == query.indicator)
    if query.area is not None:
        chosen = chosen.where(Figure.area_id == query.area)
    if query.order is not None:
        chosen = chosen.where(Figure.order_id == query.order)
    if query.from_ is not None:
        chosen = chosen.where(Figure.held_on >= query.from_)
    if query.to is not None:
        chosen = chosen.where(Figure.held_on <= query.to)
    found, after = sliced(session, chosen, Figure.id, query)
    return Part[FigureOut](items=[FigureOut.of(figure) for figure in found], next=after)

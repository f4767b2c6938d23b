"""I8: totals are the sums of the figures behind them."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import rollups
from engine.verification.finding import BATCH, Seen, Violation, counted
from models.orders import Order
from models.reports import Figure, Indicator
from models.rollups import Distinct, Stock, Total


def totals(session: Session, seen: Seen) -> Iterator[Violation]:
    """Make every order's totals anew from its ledger, and add its figures up once more without the fold's rules."""
    orders = session.execute(select(Order.id, Order.area_id).order_by(Order.id)).all()
    for order_id, top in counted(orders, seen):
        for table, key in rollups.differences(session, order_id, top):
            yield Violation("I8", f"order {order_id}", f"{table} {'/'.join(key[1:])} is not what its figures make")
        yield from _plain_sums(session, order_id, top)
    kinds: tuple[Any, ...] = (Total, Distinct, Stock)
    for kind in kinds:
        strays = select(kind.order_id).where(kind.order_id.not_in(select(Order.id))).distinct()
        for order_id in session.scalars(strays):
            yield Violation("I8", f"order {order_id}", f"{kind.__tablename__} of an order that is not there")


def unfolded(session: Session) -> int:
    """Count the figures the fold has not added yet."""
    return session.scalar(select(func.count()).where(Figure.folded_at.is_(None), Figure.order_id.is_not(None))) or 0


def _plain_sums(session: Session, order_id: str, top: str) -> Iterator[Violation]:
    # `differences` shares its rules with the fold: a mistake in them would be in both.
    summed: defaultdict[str, Decimal] = defaultdict(Decimal)
    newer = Figure.__table__.alias("newer")
    amended = select(newer.c.id).where(newer.c.amends_id == Figure.id, newer.c.folded_at.is_not(None)).exists()
    standing = (
        select(Figure.indicator_code, Figure.value)
        .join(Indicator, Indicator.code == Figure.indicator_code)
        .where(Figure.order_id == order_id, Indicator.aggregation == "sum", Figure.folded_at.is_not(None))
        .where(Figure.kind != "withdrawn", ~amended)
    )
    for indicator, value in session.execute(standing.execution_options(yield_per=BATCH)):
        summed[indicator] += value
    stored = select(Total.indicator_code, Total.value).where(Total.order_id == order_id, Total.area_id == top)
    held = {row.indicator_code: row.value for row in session.execute(stored)}
    for indicator, value in sorted(summed.items()):
        if held.get(indicator, Decimal()) != value:
            wrong = f"the total of {indicator} is {held.get(indicator, 'not there')}, its figures make {value}"
            yield Violation("I8", f"order {order_id}", wrong)

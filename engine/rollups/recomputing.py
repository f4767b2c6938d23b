"""The proof of the fold: the totals of an order made anew from its ledger."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Session, aliased

from engine.rollups.adding import ZERO, Changes, Entry, Paths, Unit
from engine.rollups.folding import parents_of
from models.orders import Order
from models.reports import WITHDRAWN, Figure, Indicator
from models.rollups import Distinct, Stock, Total

Rows = dict[tuple[str, ...], dict[str, Any]]
_TABLES: tuple[Any, ...] = (Total, Distinct, Stock)
_BATCH = 1000


def recompute(session: Session, order_id: str) -> int:
    """Write the totals of an order anew from its folded figures; return how many rows had been wrong (0: none).

    Call it first in a transaction: folds wait for it, and a fold before it in the same one could wait in a circle.
    """
    top = session.scalar(select(Order.area_id).where(Order.id == order_id).with_for_update())
    if top is None:
        return 0
    made = from_ledger(session, order_id, top)
    wrong = 0
    for table in _TABLES:
        before = _stored(session, table, order_id)
        wrong += sum(before.get(key) != made[table].get(key) for key in before.keys() | made[table].keys())
        session.execute(delete(table).where(table.order_id == order_id))
        if made[table]:
            session.execute(insert(table), _complete(table, made[table]))
    session.expire_all()
    return wrong


def differences(session: Session, order_id: str, top: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the table and key of every total that is not the sum of its folded figures; nothing is changed."""
    made = from_ledger(session, order_id, top)
    for table in _TABLES:
        held = _stored(session, table, order_id)
        for key in sorted(held.keys() | made[table].keys()):
            if held.get(key) != made[table].get(key):
                yield str(table.__tablename__), key


def from_ledger(session: Session, order_id: str, top: str) -> dict[Any, Rows]:
    """Return what the three tables must hold, by the definition: no differences, no history of the totals."""
    # Read row by row: what is kept grows with the places of an order, not with what they reported.
    standing = _standing(order_id)
    areas: set[str | None] = set(session.scalars(standing.with_only_columns(Figure.area_id).order_by(None).distinct()))
    changes = Changes(Paths(parents_of(session, areas)))
    last: dict[Unit, tuple[Entry, str]] = {}
    for row in session.execute(standing.execution_options(yield_per=_BATCH)):
        entry = Entry(
            order_id, top, row.indicator_code, row.aggregation, row.area_id, row.organization_id, row.held_on,
            row.value, row.qualifier,
        )  # fmt: skip
        changes.add(entry, 1)
        if entry.aggregation == "last":
            last[entry.unit] = (entry, row.id)
    for entry, _ in last.values():
        changes.add_to(entry, entry.value, entry.qualifier, 1)
    for order, indicator, area, _ in changes.members:
        changes.sums[order, indicator, area].value += 1
    return {
        Total: {
            place: {"value": total.value, "figures": total.figures, **total.words}
            for place, total in changes.sums.items()
        },
        Distinct: {member: {"figures": times} for member, times in changes.members.items()},
        Stock: {
            unit: {"figure_id": figure, "value": entry.value, "qualifier": entry.qualifier}
            for unit, (entry, figure) in last.items()
        },
    }


def _standing(order_id: str) -> Select[*tuple[Any, ...]]:
    newer = aliased(Figure)
    amended = select(newer.id).where(newer.amends_id == Figure.id, newer.folded_at.is_not(None)).exists()
    return (
        select(
            Figure.id, Figure.indicator_code, Indicator.aggregation, Figure.area_id, Figure.organization_id,
            Figure.held_on, Figure.value, Figure.qualifier,
        )
        .join(Indicator, Indicator.code == Figure.indicator_code)
        .where(Figure.order_id == order_id, Figure.folded_at.is_not(None), Figure.kind != WITHDRAWN, ~amended)
        .order_by(Figure.held_on, Figure.id)
    )  # fmt: skip


def _stored(session: Session, table: Any, order_id: str) -> Rows:
    """Return what is stored, without the rows that count nothing any more."""
    keys = [column.name for column in table.__table__.primary_key.columns]
    rows = session.execute(select(table.__table__).where(table.order_id == order_id)).mappings()
    held = {tuple(row[name] for name in keys): {n: v for n, v in row.items() if n not in keys} for row in rows}
    return {key: row for key, row in held.items() if not _is_empty(row)}


def _is_empty(row: dict[str, Any]) -> bool:
    return all(value in (None, 0, ZERO, "exact") for value in row.values())


def _complete(table: Any, rows: Rows) -> list[dict[str, Any]]:
    keys = [column.name for column in table.__table__.primary_key.columns]
    return [dict(zip(keys, key, strict=True), **row) for key, row in rows.items()]

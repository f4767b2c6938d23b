"""The fold: adds figures that are new to the totals of their area and of all above it, in a few statements."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, RowMapping, Table, bindparam, func, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from engine.clock import now
from engine.rollups.adding import ZERO, Changes, Entry, Paths, Sum, Unit
from models.orders import Order
from models.organizations import Area
from models.reports import WITHDRAWN, Figure, Indicator
from models.rollups import Distinct, Stock, Total

_WORDS = ("over", "nearly", "about")


def fold(session: Session, limit: int = 500) -> int:
    """Add up to `limit` new figures to the totals; return how many. Twice, or two at once, is harmless.

    An amendment is folded with or after what it amends, so that at every commit the totals are those of the figures
    marked as folded: `recompute` gives the same.
    """
    batch = _take(session, limit)
    if not batch:
        return 0
    session.execute(update(Figure).where(Figure.id.in_([row.id for row in batch])).values(folded_at=now(session)))
    _keep_recompute_away(session, batch)
    changes = Changes(Paths(parents_of(session, {area for row in batch for area in (row.area_id, row.old_area_id)})))
    for row in batch:
        _count(changes, row)
    _move_units(session, changes)
    _move_members(session, changes)
    _move_sums(session, changes)
    return len(batch)


def _take(session: Session, limit: int) -> list[Row[Any]]:
    """Lock new figures nobody else is folding, each with what it amends."""
    old = aliased(Figure)
    query = (
        select(
            Figure.id, Figure.order_id, Order.area_id.label("top"), Figure.indicator_code, Indicator.aggregation,
            Figure.area_id, Figure.organization_id, Figure.held_on, Figure.value, Figure.qualifier, Figure.kind,
            Figure.amends_id, old.area_id.label("old_area_id"), old.organization_id.label("old_organization_id"),
            old.held_on.label("old_held_on"), old.value.label("old_value"), old.qualifier.label("old_qualifier"),
            old.kind.label("old_kind"), old.folded_at.label("old_folded_at"),
        )
        .join(Indicator, Indicator.code == Figure.indicator_code)
        .outerjoin(Order, Order.id == Figure.order_id)
        .outerjoin(old, old.id == Figure.amends_id)
        .where(Figure.folded_at.is_(None), or_(old.id.is_(None), old.folded_at.is_not(None), old.id < Figure.id))
        .order_by(Figure.id)
        .limit(limit)
        .with_for_update(of=Figure, skip_locked=True)
    )  # fmt: skip
    taken: dict[str, Any] = {}
    for row in session.execute(query):
        # What it amends is in the hands of another fold: next time.
        if row.amends_id is None or row.old_folded_at is not None or row.amends_id in taken:
            taken[row.id] = row
    return list(taken.values())


def _keep_recompute_away(session: Session, batch: Iterable[Row[Any]]) -> None:
    # `recompute` takes the order for update; folds and everybody else may go on beside each other.
    ids = {row.order_id for row in batch if row.order_id}
    query = select(Order.id).where(Order.id.in_(ids)).order_by(Order.id)
    session.execute(query.with_for_update(read=True, key_share=True)).all()


def _count(changes: Changes, row: Row[Any]) -> None:
    if row.order_id is None:
        return
    same = (row.order_id, row.top, row.indicator_code, row.aggregation)
    if row.kind != WITHDRAWN:
        new = Entry(*same, row.area_id, row.organization_id, row.held_on, row.value, row.qualifier)
        changes.add(new, 1)
    if row.amends_id is not None and row.old_kind != WITHDRAWN:
        place = (row.old_area_id, row.old_organization_id, row.old_held_on)
        changes.add(Entry(*same, *place, row.old_value, row.old_qualifier), -1)


def parents_of(session: Session, areas: set[str | None]) -> dict[str, str | None]:
    """Return the parent of each of the areas and of all above them."""
    start = select(Area.id, Area.parent_id).where(Area.id.in_(areas - {None}))
    up = start.cte("up", recursive=True)
    up = up.union(select(Area.id, Area.parent_id).join(up, Area.id == up.c.parent_id))
    return {row.id: row.parent_id for row in session.execute(select(up.c.id, up.c.parent_id))}


def _move_units(session: Session, changes: Changes) -> None:
    """Replace the last value of each unit that has a new one."""
    if not changes.units:
        return
    held = _lock(session, Stock, sorted(changes.units), value=ZERO, qualifier="exact", figure_id=None)
    last = last_values(session, changes.units)
    rows = []
    for unit, row in held.items():
        figure = last.get(unit)
        if (figure.id if figure else None) == row["figure_id"]:
            continue
        for area in changes.units[unit]:
            total = changes.sums[unit[0], unit[1], area]
            if row["figure_id"] is not None:
                total.add(row["value"], row["qualifier"], -1)
            if figure is not None:
                total.add(figure.value, figure.qualifier)
        said = (figure.id, figure.value, figure.qualifier) if figure else (None, ZERO, "exact")
        rows.append((unit, dict(zip(("figure_id", "value", "qualifier"), said, strict=True))))
    _write(session, Stock, rows)


def last_values(session: Session, units: Iterable[Unit]) -> dict[Unit, Row[Any]]:
    """Return the last standing figure of each unit among those folded: the latest day, then the latest entered."""
    newer = aliased(Figure)
    unit = (Figure.order_id, Figure.indicator_code, Figure.area_id, Figure.organization_id)
    amended = select(newer.id).where(newer.amends_id == Figure.id, newer.folded_at.is_not(None)).exists()
    latest = func.row_number().over(partition_by=unit, order_by=(Figure.held_on.desc(), Figure.id.desc()))
    ranked = (
        select(*unit, Figure.id, Figure.value, Figure.qualifier, latest.label("place"))
        .where(tuple_(*unit).in_(list(units)), Figure.folded_at.is_not(None), Figure.kind != WITHDRAWN, ~amended)
        .subquery()
    )
    found = session.execute(select(ranked).where(ranked.c.place == 1))
    return {(row[0], row[1], row[2], row[3]): row for row in found}


def _move_members(session: Session, changes: Changes) -> None:
    """Count weeks and areas once: a total changes when the first figure of a member comes or its last one goes."""
    moved = {member: times for member, times in changes.members.items() if times}
    if not moved:
        return
    held = _lock(session, Distinct, sorted(moved), figures=0)
    for (order, indicator, area, member), row in held.items():
        before, after = row["figures"], row["figures"] + moved[order, indicator, area, member]
        changes.sums[order, indicator, area].value += (after > 0) - (before > 0)
    _write(session, Distinct, [(key, {"figures": row["figures"] + moved[key]}) for key, row in held.items()])


def _move_sums(session: Session, changes: Changes) -> None:
    moved = {place: total for place, total in changes.sums.items() if total != Sum()}
    if not moved:
        return
    held = _lock(session, Total, sorted(moved), value=ZERO, figures=0, over=0, nearly=0, about=0)
    _write(session, Total, [(place, _plus(row, moved[place])) for place, row in held.items()])


def _plus(row: RowMapping, change: Sum) -> dict[str, Any]:
    words = {word: row[word] + change.words[word] for word in _WORDS}
    return {"value": row["value"] + change.value, "figures": row["figures"] + change.figures, **words}


def _lock(session: Session, model: Any, keys: Sequence[tuple[str, ...]], **zero: Any) -> dict[Any, RowMapping]:
    """Return the rows of the keys, made where missing, locked until the end of the transaction.

    The update that changes nothing is the lock; keys come sorted, so that two folds never wait in a circle.
    """
    table: Table = model.__table__
    columns = list(table.primary_key.columns)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    last = list(table.columns)[-1]
    statement = insert(table).on_conflict_do_update(index_elements=columns, set_={last.name: last})
    rows = [dict(zip((column.name for column in columns), key, strict=True), **zero) for key in keys]
    found = session.execute(statement.returning(*table.columns), rows).mappings()
    return {tuple(row[column.name] for column in columns): row for row in found}


def _write(session: Session, model: Any, rows: Sequence[tuple[tuple[str, ...], Mapping[str, Any]]]) -> None:
    if not rows:
        return
    table: Table = model.__table__
    columns = list(table.primary_key.columns)
    statement = update(table).where(*(column == bindparam(f"key_{column.name}") for column in columns))
    statement = statement.values({name: bindparam(name) for name in rows[0][1]})
    names = [f"key_{column.name}" for column in columns]
    session.execute(statement, [dict(zip(names, key, strict=True), **values) for key, values in rows])

"""Reads one thing or a part of a list for an actor: what is not visible is not there."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine import calendar
from engine.clock import now
from models.errors import existing
from webapp.api.operations import Slice

Row = TypeVar("Row")


def one(session: Session, visible: Select[Row], key: InstrumentedAttribute[str], value: str) -> Row:
    """Fetch the one row of a visible set with a key, or NotFound."""
    return existing(session.scalars(visible.where(key == value)).unique().one_or_none())


def sliced(
    session: Session, select: Select[Row], key: InstrumentedAttribute[str], query: Slice, *, newest: bool = False
) -> tuple[Sequence[Row], str | None]:
    """Fetch one part of a list by its key, and the cursor of the next part."""
    if query.cursor is not None:
        beyond: ColumnElement[bool] = key < query.cursor if newest else key > query.cursor
        select = select.where(beyond)
    ordered = select.order_by(None).order_by(key.desc() if newest else key).limit(query.limit + 1)
    rows = session.scalars(ordered).unique().all()
    more = len(rows) > query.limit
    return rows[: query.limit], getattr(rows[query.limit - 1], key.key) if more else None


def deadline_of(session: Session, due_at: datetime | None, *, done_at: datetime | None = None) -> str:
    """Give the code of the deadline state, computed now."""
    return calendar.deadline_state(session, due_at, now=now(session), done_at=done_at).code

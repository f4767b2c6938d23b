"""The common ground of all tables: keys, times, decimals, JSON and constraint names."""

import os
import threading
import time
from collections.abc import Hashable
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any, cast

from sqlalchemy import JSON, DateTime, MetaData, Numeric, String, Table, bindparam, insert, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.types import TypeDecorator, TypeEngine

from models.errors import Conflict
from models.prepared import Prepared

_clock = threading.Lock()
_last = 0


def new_id() -> str:
    """Return a UUIDv7 as 32 hex digits, increasing within the process (RFC 9562, 12-bit counter in rand_a)."""
    global _last
    with _clock:
        stamp = time.time_ns() // 1_000_000 << 12
        _last = max(_last + 1, stamp)
        tick = _last
    random = int.from_bytes(os.urandom(8)) & (1 << 62) - 1
    return f"{tick >> 12 << 80 | 0x7 << 76 | (tick & 0xFFF) << 64 | 0x2 << 62 | random:032x}"


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC instant; naive values are refused at the door."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored; give it a time zone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal without binary rounding: NUMERIC on PostgreSQL, text on SQLite, which has no decimals."""

    impl = String(40)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Numeric(24, 6) if dialect.name == "postgresql" else String(40))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return value if dialect.name == "postgresql" else format(plain(value), "f")

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else plain(Decimal(value))


def plain(value: Decimal) -> Decimal:
    """Return the value without trailing zeros or exponent (285.500000 → 285.5, 1E+2 → 100)."""
    value = value.normalize()
    return value.quantize(Decimal(1)) if value.as_tuple().exponent > 0 else value  # type: ignore[operator]


Json = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    """The declarative base; every constraint has a predictable name so that migrations can speak of it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UTCDateTime(), Decimal: ExactDecimal(), dict[str, Any]: Json, list[Any]: Json}


Key = String(32)


class Keyed:
    """A row with a UUIDv7 key made by the application, so that it is known before the insert."""

    id: Mapped[str] = mapped_column(Key, primary_key=True, default=new_id)


def update_versioned(session: Session, row: Any, **values: Any) -> None:
    """Write columns of a row if nobody changed it since it was read; Conflict otherwise.

    A statement prepared once per set of columns: the unit of work costs five times as much, and this is the hot path.
    """
    values["version"] = row.version + 1
    statement = _update_of(cast(Hashable, type(row)), tuple(sorted(values)))
    done = statement.run(session.connection(), [{**values, "_id": row.id, "_version": row.version}])
    if done.rowcount != 1:
        raise Conflict("changed_meanwhile", subject=row)
    for name, value in values.items():
        set_committed_value(row, name, value)


@cache
def _update_of(model: Hashable, names: tuple[str, ...], *, versioned: bool = True) -> Prepared:
    table: Table = model.__table__  # type: ignore[attr-defined]
    statement = update(table).where(table.c.id == bindparam("_id")).values({name: bindparam(name) for name in names})
    return Prepared(statement.where(table.c.version == bindparam("_version")) if versioned else statement)


def update_row(session: Session, row: Any, **values: Any) -> None:
    """Write columns of a row that is locked through its instance, whatever its version. For the hot path, as above."""
    statement = _update_of(cast(Hashable, type(row)), tuple(sorted(values)), versioned=False)
    statement.run(session.connection(), [{**values, "_id": row.id}])
    for name, value in values.items():
        set_committed_value(row, name, value)


def insert_row(session: Session, model: type[Any], **values: Any) -> str:
    """Insert one row; return its key. For the hot path, as above."""
    values.setdefault("id", new_id())
    _insert_of(cast(Hashable, model), tuple(sorted(values))).run(session.connection(), [values])
    return str(values["id"])


@cache
def _insert_of(model: Hashable, names: tuple[str, ...]) -> Prepared:
    return Prepared(insert(model.__table__), names)  # type: ignore[attr-defined]

"""Entries as a database holds them, read without believing that this application wrote them."""

from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Dialect, Select, select, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from engine.audit.canonical_form import COLUMNS, HASHED, canonical, encoded, is_composed
from models.audit import AuditEntry

_BATCH: Final = 1000
_Process = Callable[[Any], Any] | None


class Entries:
    """The rows of the log in their order, each as its columns hold it; what nobody can read is a row without columns.

    SQLite keeps in any column whatever it is given, and searches by what it keeps: an instant written another way, a
    "true" that is 2, JSON with a key that stands twice. So what is decoded is written again and must be the same.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        dialect = session.get_bind().dialect
        self._lax = dialect.name == "sqlite"
        self._ways = {column.name: _ways(column.type, dialect) for column in COLUMNS} if self._lax else {}

    def batches(self) -> Generator[list[Mapping[Any, Any]], None, None]:
        """Give the rows, a thousand at a time."""
        with self._session.execute(self._selected(), execution_options={"yield_per": _BATCH}) as rows:
            found = rows.mappings().partitions()
            last = 0
            while True:
                try:
                    batch = next(found, None)
                except DBAPIError:  # a text that is no text: which one it is in, the rows say one by one
                    yield list(self._until_unreadable(last))
                    return
                if batch is None:
                    return
                yield [*batch]
                last = batch[-1]["seq"]

    def _selected(self) -> Select[Any]:
        raw = [type_coerce(column, NullType()).label(column.name) for column in COLUMNS]
        return select(*(raw if self._lax else COLUMNS)).order_by(AuditEntry.seq)

    def _until_unreadable(self, last: int) -> Iterator[Mapping[Any, Any]]:
        while True:
            one = self._selected().where(AuditEntry.seq > last).limit(1)
            try:
                row = self._session.execute(one).mappings().one()
            except DBAPIError:
                yield {"seq": last + 1}
                return
            yield row
            last = row["seq"]

    def read(self, row: Mapping[Any, Any]) -> tuple[Mapping[Any, Any], bytes] | None:
        """Return an entry and the bytes of its leaf; None where a column does not hold what was written into it."""
        try:
            entry = {name: self._decoded(name, row[name]) for name in row} if self._lax else row
            said = canonical(entry)
            if entry["v"] == 1:  # written by a version that left it to the hash to make values plain
                return (entry, said) if is_composed(entry) else None
            return (entry, said) if encoded({name: entry[name] for name in HASHED}) == said else None
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, ArithmeticError):
            return None

    def _decoded(self, name: str, raw: Any) -> Any:
        if raw is None:
            return None
        kind, decode, encode = self._ways[name]
        value = raw if decode is None else decode(raw)
        if type(raw) is not kind or (encode is not None and encode(value) != raw):
            raise ValueError(name)
        return value


def _ways(kind: Any, dialect: Dialect) -> tuple[type, _Process, _Process]:
    """Return as what a column is kept, and how it is decoded and encoded."""
    impl = kind.dialect_impl(dialect)
    decode, encode = impl.result_processor(dialect, None), impl.bind_processor(dialect)
    is_number = impl.python_type in (int, bool)
    return int if is_number else str, decode, encode

"""Statements compiled once, for the few that every completion sends."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect, Insert, Update


class Prepared:
    """A statement whose text, and what its types do to values, are found once for a dialect.

    The driver gets it through the connection as any other, so events are heard and errors are SQLAlchemy's; what is
    saved is asking at each call which statement it is, which values it wants and of which types.
    """

    def __init__(self, statement: Insert | Update) -> None:
        self.statement = statement
        self._given = lru_cache(maxsize=4)(self._compiled)

    def run(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> CursorResult[Any]:
        """Run it for each of the rows, which give a value to every parameter."""
        text, parameters, is_positional = self._given(connection.dialect)
        given: Any = [
            tuple([row[name] if convert is None else convert(row[name]) for name, convert in parameters])
            for row in rows
        ]
        if not is_positional:
            names = [name for name, _ in parameters]
            given = [dict(zip(names, values, strict=True)) for values in given]
        return connection.exec_driver_sql(text, given if len(given) > 1 else given[0])

    def _compiled(self, dialect: Dialect) -> tuple[str, list[tuple[str, Any]], bool]:
        compiled = self.statement.compile(dialect=dialect)
        names = compiled.positiontup if compiled.positiontup is not None else list(compiled.binds)
        converters = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()
        }
        return compiled.string, [(name, converters[name]) for name in names], dialect.positional

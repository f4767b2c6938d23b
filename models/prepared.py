"""Statements compiled once, for the few that every completion sends."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, CursorResult, Dialect, Insert, Update


class _Compiled(NamedTuple):
    """A statement as a dialect says it: its text, what each parameter's type does to a value, what nobody gave."""

    text: str
    parameters: list[tuple[str, Callable[[Any], Any] | None]]
    defaults: list[tuple[str, Callable[[Any], Any]]]


class Prepared:
    """A statement whose text, and what its types do to values, are found once for a dialect.

    The driver gets it through the connection as any other, so events are heard and errors are SQLAlchemy's; what is
    saved is asking at each call which statement it is, which values it wants and of which types.
    """

    def __init__(self, statement: Insert | Update, columns: Iterable[str] | None = None) -> None:
        """Prepare a statement; an insert of some columns gives the others their defaults."""
        self.statement, self.columns = statement, None if columns is None else list(columns)
        self._known: dict[type[Dialect], _Compiled] = {}

    def run(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> CursorResult[Any]:
        """Run it for each of the rows, which give a value to every parameter."""
        dialect = connection.dialect
        text, parameters, defaults = self._known.get(type(dialect)) or self._compile(dialect)
        if defaults:
            rows = [{**{name: default(None) for name, default in defaults}, **row} for row in rows]
        given: Any = [
            tuple([row[name] if convert is None else convert(row[name]) for name, convert in parameters])
            for row in rows
        ]
        if not dialect.positional:
            names = [name for name, _ in parameters]
            given = [dict(zip(names, values, strict=True)) for values in given]
        return connection.exec_driver_sql(text, given if len(given) > 1 else given[0])

    def _compile(self, dialect: Dialect) -> _Compiled:
        compiled: Any = self.statement.compile(dialect=dialect, column_keys=self.columns)
        names = compiled.positiontup if compiled.positiontup is not None else list(compiled.binds)
        converters = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()
        }
        found = _Compiled(
            compiled.string,
            [(name, converters[name]) for name in names],
            [(column.key, _given_by(column.default)) for column in getattr(compiled, "insert_prefetch", ())],
        )
        self._known[type(dialect)] = found
        return found


def _given_by(default: Any) -> Callable[[Any], Any]:
    return default.arg if default.is_callable else lambda context: default.arg

"""A database that remembers what was written, and one in which every commit is undone besides."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from models.database import Database

_WRITES = re.compile(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE)
LOG = frozenset({"audit_entries", "audit_texts", "audit_tip"})


class Written:
    """What transactions that came to their commit wrote since it was emptied: the tables, and the values as text."""

    def __init__(self) -> None:
        self.tables: set[str] = set()
        self.unrecorded: set[str] = set()  # tables of transactions in which the log got no entry
        self.values: list[str] = []
        self.pending: list[tuple[str, str]] = []

    def empty(self) -> None:
        self.tables.clear()
        self.unrecorded.clear()
        self.values.clear()

    @property
    def beside_the_log(self) -> set[str]:
        return self.tables - LOG

    @property
    def is_recorded(self) -> bool:
        return "audit_entries" in self.tables


@contextmanager
def watched(database: Database) -> Iterator[Written]:
    """Remember what is written."""
    engine, written = database.writer, Written()

    def saw(connection: Any, cursor: Any, statement: str, values: Any, *rest: Any) -> None:
        if found := _WRITES.match(statement):
            written.pending.append((found[1], repr(values)))

    def came_to_commit(connection: Any) -> None:
        tables = {table for table, _ in written.pending}
        written.tables |= tables
        written.unrecorded |= tables - LOG if "audit_entries" not in tables else set()
        written.values += [values for _, values in written.pending]
        written.pending.clear()

    def gave_up(connection: Any) -> None:
        written.pending.clear()

    heard = {"before_cursor_execute": saw, "commit": came_to_commit, "rollback": gave_up}
    for name, hear in heard.items():
        event.listen(engine, name, hear)
    try:
        yield written
    finally:
        for name, hear in heard.items():
            event.remove(engine, name, hear)


@contextmanager
def frozen(database: Database) -> Iterator[Written]:
    """Let everything happen as it would, up to the commit, which is a rollback."""
    engine = database.writer
    with watched(database) as written:
        engine.dialect.do_commit = engine.dialect.do_rollback  # type: ignore[method-assign]
        try:
            yield written
        finally:
            del engine.dialect.do_commit  # type: ignore[attr-defined]

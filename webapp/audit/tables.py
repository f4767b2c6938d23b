"""The log as a table: for spreadsheets UTF-8 with a mark and no cell that computes, for programs JSON Lines."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Select
from sqlalchemy.orm import Session

from engine.audit import plain
from engine.audit.canonical_form import HASHED
from models.audit import AuditEntry
from webapp.audit import queries, words
from webapp.audit.meters import Seen
from webapp.text.facts import spoken

MARK: Final = "\ufeff"  # without it a spreadsheet reads Vietnamese as Latin-1
COLUMNS: Final = (
    "seq", "at", "sentence", "fact", "by", "login", "behalf_of", "channel", "subject_type", "subject", "order",
    "instance", "definition", "refused", "reason", "before", "after", "request", "leaf",
)  # fmt: skip
WRITTEN: Final = (*HASHED, "leaf")
_BATCH = 500
# A cell that begins so is a formula to a spreadsheet.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_of(session: Session, entries: Select[AuditEntry], seen: Seen) -> Iterator[str]:
    """Write the entries as rows of text, a batch at a time; `seen` is told how many."""
    yield MARK + _rows([COLUMNS])
    for batch in session.scalars(entries.execution_options(yield_per=_BATCH)).partitions():
        lines = words.lines_of(session, batch)
        logins = _logins(session, batch)
        yield _rows(_row(entry, line, logins) for entry, line in zip(batch, lines, strict=True))
        seen(len(batch))


def jsonl_of(session: Session, entries: Select[AuditEntry], seen: Seen) -> Iterator[str]:
    """Write each entry as one line of JSON, its texts where they belong; to be read, not to be checked."""
    for entry in session.scalars(entries.execution_options(yield_per=_BATCH)):
        said = {name: value for name in WRITTEN if (value := getattr(entry, name)) is not None}
        yield json.dumps(plain(said), ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"
        seen(1)


def _logins(session: Session, entries: Sequence[AuditEntry]) -> dict[str, str]:
    ids = sorted({id for one in entries for id in (one.person_id, one.behalf_of_id) if id})
    return {id: login for id, _, login in session.execute(queries.people(ids))}


def _row(entry: AuditEntry, line: words.Line, logins: dict[str, str]) -> list[Any]:
    said = entry.facts
    return [
        entry.seq, entry.at.isoformat(), line.telling.text, entry.fact, line.who, logins.get(entry.person_id or ""),
        logins.get(entry.behalf_of_id or ""), entry.channel, entry.subject_type, entry.subject_id, entry.order_id,
        entry.instance_id, entry.definition_id, int(entry.refused), spoken(said.get("reason")),
        _json(said.get("before")), _json(said.get("after")), entry.request_id, entry.leaf,
    ]  # fmt: skip


def _json(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _rows(rows: Iterable[Iterable[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([[safe(cell) for cell in row] for row in rows])
    return text.getvalue()


def safe(cell: Any) -> Any:
    """Return a cell as it is, or with a mark before it that keeps a spreadsheet from computing it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell

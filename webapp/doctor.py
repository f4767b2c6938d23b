"""Checks that an installation can be relied on: library, pragmas, tables, files, log."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import inspect, text

from engine import audit
from engine.clock import begin
from models import Base, migrations
from models.database import OLDEST_SQLITE
from webapp.runtime import Runtime

WANTED_PRAGMAS = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "trusted_schema": "0"}
WANTED_POSTGRES = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "data_sync_retry": "off"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked, and how it stands."""

    about: str
    said: str
    sound: bool


def examine(runtime: Runtime) -> list[Finding]:
    """Check everything; nothing is changed."""
    found = [*_database(runtime), _tables(runtime), _files(runtime), _keys(runtime)]
    if all(finding.sound for finding in found):
        found.append(_log(runtime))
    return found


def _database(runtime: Runtime) -> Iterator[Finding]:
    with runtime.database.writer.connect() as connection:
        if runtime.database.is_sqlite:
            version = str(connection.scalar(text("SELECT sqlite_version()")))
            sound = tuple(int(part) for part in version.split(".")) >= OLDEST_SQLITE
            yield Finding("SQLite", version, sound)
            read = ((name, text(f"PRAGMA {name}")) for name in WANTED_PRAGMAS)
            wanted = WANTED_PRAGMAS
        else:
            version = str(connection.scalar(text("SHOW server_version")))
            yield Finding("PostgreSQL", version, int(version.split(".")[0]) >= 15)
            read = ((name, text(f"SHOW {name}")) for name in WANTED_POSTGRES)
            wanted = WANTED_POSTGRES
        for name, statement in read:
            value = str(connection.scalar(statement))
            yield Finding(name, value, value == wanted[name])


def _tables(runtime: Runtime) -> Finding:
    there = set(inspect(runtime.database.reader).get_table_names())
    missing = sorted(set(Base.metadata.tables) - there)
    if missing:
        return Finding("tables", f"missing: {', '.join(missing)}; run `lienthong migrate`", sound=False)
    current = migrations.is_current(runtime.database)
    return Finding("tables", f"{len(there)}" if current else "of another release; run `lienthong migrate`", current)


def _files(runtime: Runtime) -> Finding:
    folder = runtime.settings.files
    folder.mkdir(parents=True, exist_ok=True)
    return Finding(
        "file store", "writable" if os.access(folder, os.W_OK) else "not writable", os.access(folder, os.W_OK)
    )


def _keys(runtime: Runtime) -> Finding:
    key = runtime.settings.signing_key()
    return Finding("signing key", f"{len(key)} characters", len(key) >= 32)


def _log(runtime: Runtime) -> Finding:
    with runtime.database.read() as session:
        found = audit.verify(begin(session, runtime.clock))
    said = f"{found.size} entries" if found.is_sound else f"broken at entry {found.broken_seq}"
    return Finding("audit log", said, found.is_sound)

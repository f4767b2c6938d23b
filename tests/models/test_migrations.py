"""Migrating an empty database gives what the models describe, with the guards of the audit log, on both databases."""

import threading
import time
from importlib import import_module

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, MetaData, Table, Text, text
from sqlalchemy.exc import DatabaseError

from engine import audit
from engine.audit import Fact
from engine.audit.canonical_form import COLUMNS, HASHED
from engine.unit import finish, unit
from models.audit import AuditEntry
from models.definitions import Definition
from models.migrations import _LOCK, FOLDER, is_current, upgrade
from models.permissions import SYSTEM
from models.tables import Base
from tests.world import ON_POSTGRES

VERSIONS = FOLDER / "versions"
SHAPES = {
    "sqlite": "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL",
    "postgresql": (
        "SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' "
        "UNION ALL SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal "
        "UNION ALL SELECT 'constraint', conrelid::regclass || conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace"
    ),
}


def shape(database):
    """Return indexes (also partial ones) and triggers as the database itself describes them."""
    with database.reader.connect() as connection:
        rows = connection.execute(text(SHAPES[connection.dialect.name])).all()
    return {(kind, name, " ".join(said.split()).replace('"', "")) for kind, name, said in rows if "alembic" not in name}


def test_migrating_an_empty_database_gives_what_the_models_describe(blank_database):
    assert not is_current(blank_database)
    upgrade(blank_database)
    assert is_current(blank_database)
    with blank_database.writer.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_indexes_and_triggers_are_those_of_the_models(blank_database, empty_database):
    upgrade(blank_database)
    assert shape(blank_database) == shape(empty_database)


def test_migrating_again_changes_nothing(blank_database):
    upgrade(blank_database)
    before = shape(blank_database)
    upgrade(blank_database)
    assert shape(blank_database) == before


def test_two_nodes_may_migrate_at_once(blank_database):
    errors = []

    def work():
        try:
            upgrade(blank_database)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert is_current(blank_database)


@pytest.mark.skipif(not ON_POSTGRES, reason="an embedded database has one lock for all")
def test_a_node_waits_for_the_first_one_to_migrate_however_long_that_takes(blank_database):
    longer = 2.5  # than anybody else may wait for a lock
    with blank_database.writer.connect() as first:
        first.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        released = threading.Timer(longer, first.rollback)
        released.start()
        began = time.monotonic()
        upgrade(blank_database)
        released.join()
    assert time.monotonic() - began > longer - 0.5
    assert is_current(blank_database)


def test_the_migrated_log_takes_entries_and_gives_none_back(blank_database, clock):
    upgrade(blank_database)
    with unit(blank_database, clock) as session:
        audit.record(session, SYSTEM, Fact.SETTING_CHANGED)
        finish(session)
        session.commit()
    with blank_database.read() as session:
        assert audit.verify(session).size == 1
        assert audit.verify(session).is_sound
    for statement in ("UPDATE audit_entries SET channel = 'x'", "DELETE FROM audit_entries"):
        with pytest.raises(DatabaseError, match="append-only"), blank_database.writer.begin() as connection:
            connection.execute(text(statement))


def test_a_log_from_before_the_tree_becomes_one(blank_database, clock):
    upgrade(blank_database, "0005")
    entry = dict.fromkeys(HASHED) | {"at": clock.at, "fact": "setting:changed", "channel": "cli", "refused": False}
    entry |= {"subject_type": "installation", "facts": {"name": "Uỷ ban"}, "v": 1}
    then = [Column(one.name, one.type) for one in COLUMNS if one.name != "v"]
    table = Table("audit_entries", MetaData(), *then, Column("chain", Text))
    with blank_database.writer.begin() as connection:
        for seq in range(1, 12):
            row = {**entry, "seq": seq}
            kept = {**row, "leaf": audit.leaf_of(row), "chain": "0" * 64}
            connection.execute(table.insert(), {name: value for name, value in kept.items() if name != "v"})
        connection.execute(text("UPDATE audit_tip SET seq = 11"))
    upgrade(blank_database)
    with blank_database.read() as session:
        assert (audit.verify(session).is_sound, audit.verify(session).size) == (True, 11)
    with unit(blank_database, clock) as session:
        audit.record(session, SYSTEM, Fact.SETTING_CHANGED, reason="Lý do")
        finish(session)
        session.commit()
    with blank_database.read() as session:
        assert (audit.verify(session).is_sound, audit.verify(session).size) == (True, 12)
        old, new = (session.get_one(AuditEntry, seq) for seq in (11, 12))
        assert (old.facts, old.stored) == ({"name": "Uỷ ban"}, {"name": "Uỷ ban"})
        assert (new.facts, "reason" in new.stored) == ({"reason": "Lý do"}, True)
        assert "Lý do" not in str(new.stored)


def revisions():
    """Return the migrations in the order of their files, each with the number it is filed under."""
    return [
        (import_module(f"models.migrations.versions.{path.stem}"), path.stem[:4])
        for path in sorted(VERSIONS.glob("[0-9]*.py"))
    ]


def test_each_file_is_named_by_the_revision_in_it_and_the_one_before_it():
    assert [each.revision for each, _ in revisions()] == [number for _, number in revisions()]
    assert [each.down_revision for each, _ in revisions()] == [None, *(number for _, number in revisions()[:-1])]


def test_no_migration_describes_a_way_down():
    assert [number for each, number in revisions() if hasattr(each, "downgrade")] == []


def test_what_was_in_use_before_areas_had_versions_is_in_use_everywhere(blank_database, clock):
    upgrade(blank_database, "0010")
    plain = {"process_id": "p", "name": "P", "starts_on": [], "startable": True, "deployed_at": clock.at}
    table = Base.metadata.tables["definitions"]
    with blank_database.writer.begin() as connection:
        for version, retired_at, is_draft in ((1, clock.at, False), (2, None, False), (3, None, True)):
            row = {"id": f"d{version}", "hash": str(version), "version": version, **plain}
            connection.execute(table.insert().values(**row, retired_at=retired_at, is_draft=is_draft))
    upgrade(blank_database)
    with blank_database.read() as session:
        assert [(one.id, one.version) for one in session.scalars(Definition.active())] == [("d2", 2)]

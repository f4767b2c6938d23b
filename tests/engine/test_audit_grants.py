"""The role of the application can add to the log and not change it: the block of docs/operations.md, run and tried."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, make_url, select, text
from sqlalchemy.exc import DBAPIError

from engine import audit
from engine.audit import Fact, erasing, nodes, sealed
from engine.audit.checkpoints import Outside
from engine.jobs import Seal, committing
from models.audit_texts import AuditText
from models.database import Database, open_database
from models.permissions import SYSTEM
from tests.stock import on_server
from tests.world import ON_POSTGRES

FORBIDDEN = (
    "UPDATE audit_entries SET channel = 'x' WHERE seq = 1",
    "DELETE FROM audit_entries WHERE seq = 1",
    "TRUNCATE audit_entries",
    "ALTER TABLE audit_entries DISABLE TRIGGER USER",
    "DROP TRIGGER audit_entries_append_only ON audit_entries",
    "DROP TRIGGER audit_entries_archived_only ON audit_entries",
    "DROP TABLE audit_entries",
    "ALTER TABLE audit_entries ADD COLUMN x integer",
    "CREATE OR REPLACE FUNCTION audit_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "SET session_replication_role = replica",
    "DELETE FROM audit_tip",
    "UPDATE audit_nodes SET hash = ''",
    "DELETE FROM audit_checkpoints",
    "UPDATE audit_checkpoints SET note = ''",
    "DELETE FROM audit_cosignatures",
    "DELETE FROM audit_leaves",
    "UPDATE audit_archives SET name = ''",
    "UPDATE audit_texts SET value = 'x'",
    "TRUNCATE audit_texts",
    "UPDATE alembic_version SET version_num = '0001'",
)


@pytest.fixture
def served(database: Database) -> Iterator[Database]:
    """The database as the application's own role opens it."""
    role, url = f"lt_{uuid4().hex[:12]}", make_url(database.url)
    page = (Path(__file__).parents[2] / "docs/operations.md").read_text(encoding="utf-8")
    found = re.search(r"### A role that cannot change the log.*?```sql\n(.*?)```", page, re.DOTALL)
    assert found is not None
    block = re.sub(r"\blienthong\b", role, found[1]).replace("lienthong_database", str(url.database))
    on_server(f"CREATE ROLE {role} LOGIN")
    with database.writer.begin() as connection:
        connection.execute(text("REVOKE ALL ON SCHEMA public FROM public"))
        for statement in re.sub(r"--.*", "", block).split(";"):
            if statement.strip():
                connection.execute(text(statement))
    opened = open_database(url.set(username=role).render_as_string(hide_password=False))
    yield opened
    opened.close()
    with database.writer.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {role}"))
    on_server(f"DROP ROLE {role}")


@pytest.mark.skipif(not ON_POSTGRES, reason="an embedded database has no roles")
def test_the_application_can_add_to_the_log_and_change_nothing_of_it(served, clock, tmp_path):
    seal = Seal(tmp_path / "keys", Outside(tmp_path / "checkpoints"))
    with committing(served, clock) as session:
        for _ in range(300):
            audit.record(session, SYSTEM, Fact.SETTING_CHANGED)
    with committing(served, clock) as session:
        assert nodes.fill(session) > 0
    assert seal.put(served, clock, always=True) is not None
    for statement in FORBIDDEN:
        with pytest.raises(DBAPIError, match=r"permission denied|must be owner"), served.writer.begin() as connection:
            connection.execute(text(statement))
    with committing(served, clock) as session:
        audit.record(session, SYSTEM, Fact.SETTING_CHANGED, reason="Hai hộ")
        audit.flush(session)
        seq = session.scalars(select(func.max(AuditText.seq))).one()
    with committing(served, clock) as session:
        erasing.erase_texts(session, seq, actor=SYSTEM, basis="Luật 91/2025/QH15", reason="Yêu cầu số 7")
    with served.read() as session:
        assert sealed.examine(session, seal.outside).is_sound

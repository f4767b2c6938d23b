"""Brings a database from the form of any past release to the present one (Alembic), on SQLite and PostgreSQL."""

from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from models.database import Database

FOLDER = Path(__file__).parent
# Two nodes that start together must not both migrate; any constant number will do.
_LOCK = 4_601_807_213_545


def upgrade(database: Database, revision: str = "head") -> None:
    """Run what is missing, all in one transaction; again is harmless."""
    with database.writer.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            # Whoever comes second waits as long as the first one takes; only then may nobody be kept waiting.
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            connection.execute(text("SET LOCAL lock_timeout = '2s'"))
        command.upgrade(_config(connection), revision)


def is_current(database: Database) -> bool:
    """Tell whether the database has the present form."""
    with database.reader.connect() as connection:
        found = MigrationContext.configure(connection).get_current_heads()
    return set(found) == set(ScriptDirectory.from_config(_config()).get_heads())


def heads_of(connection: Connection) -> list[str]:
    """Return the form a database has: its newest migrations."""
    return sorted(MigrationContext.configure(connection).get_current_heads())


def knows(revisions: Sequence[str]) -> bool:
    """Tell whether this release can bring a database of that form to the present one."""
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    return bool(revisions) and set(revisions) <= known


def draft(database: Database, message: str) -> None:
    """Write the next migration: what a migrated database lacks of the models. To be read by a person, then tested."""
    with database.writer.begin() as connection:
        number = len(list((FOLDER / "versions").glob("*.py"))) + 1
        command.revision(_config(connection), message, autogenerate=True, rev_id=f"{number:04d}")


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", FOLDER.as_posix().replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config

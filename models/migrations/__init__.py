"""Brings a database from the form of any past release to the present one (Alembic), on SQLite and PostgreSQL.

There is no way down, and no migration describes one: what a later form keeps (the log's tree, archives) has no place in
an earlier one. Who must go back restores the backup of before with the release it was made by.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from models.database import Database

if TYPE_CHECKING:
    # Bound where it is used: Alembic takes a tenth of the time of a start, and few starts have anything to migrate.
    from alembic.config import Config

FOLDER = Path(__file__).parent
# Two nodes that start together must not both migrate; any constant number will do.
_LOCK = 4_601_807_213_545


def upgrade(database: Database, revision: str = "head") -> None:
    """Run what is missing, all in one transaction; again is harmless."""
    if revision == "head" and is_current(database):
        return
    from alembic import command

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
        return heads_of(connection) == _revisions()[-1:]


def heads_of(connection: Connection) -> list[str]:
    """Return the form a database has: its newest migrations."""
    if not inspect(connection).has_table("alembic_version"):
        return []
    return sorted(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())


def knows(revisions: Sequence[str]) -> bool:
    """Tell whether this release can bring a database of that form to the present one."""
    return bool(revisions) and set(revisions) <= set(_revisions())


def _revisions() -> list[str]:
    """Return the migrations of this release, each named by the number that its file begins with."""
    return sorted(path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def draft(database: Database, message: str) -> None:
    """Write the next migration: what a migrated database lacks of the models. To be read by a person, then tested."""
    from alembic import command

    with database.writer.begin() as connection:
        number = int(_revisions()[-1]) + 1
        command.revision(_config(connection), message, autogenerate=True, rev_id=f"{number:04d}")


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", FOLDER.as_posix().replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config

"""PostgreSQL's own tools: pg_dump and pg_restore, which know its format better than anybody."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, make_url

from engine.backups.archive import BadBackup

_HINT = "install the PostgreSQL client of the server's version (Debian: postgresql-client-NN) and put it into PATH"


def dump(url: str, path: Path, *, snapshot: str) -> None:
    """Dump a database as an exported snapshot sees it."""
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={path}"]
    _run("pg_dump", url, *options)


def restore(url: str, path: Path) -> None:
    """Restore a dump into an empty database, wholly or not at all."""
    _run("pg_restore", url, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(path))


def _run(name: str, url: str, *options: str) -> None:
    tool = shutil.which(name)
    if tool is None:
        raise BadBackup(f"{name} is not there: {_HINT}")
    with _told(make_url(url)) as conninfo:
        done = subprocess.run(
            [tool, f"--dbname={conninfo}", "--no-password", *options], capture_output=True, text=True, check=False
        )
    if done.returncode != 0:
        said = next(iter(done.stderr.strip().splitlines()), f"exit code {done.returncode}")
        raise BadBackup(f"{said} ({_HINT})" if "version mismatch" in done.stderr else said)


@contextmanager
def _told(url: URL) -> Iterator[str]:
    """Yield how libpq reaches a database; the password goes through a file, for arguments can be read by everybody."""
    host = url.host or url.query.get("host")
    known = {"host": host, "port": url.port, "user": url.username, "dbname": url.database}
    descriptor, name = tempfile.mkstemp(prefix="lienthong-pgpass-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            password = str(url.password or "").replace("\\", "\\\\").replace(":", "\\:")
            file.write(f"*:*:*:*:{password}\n")
        given = {**known, "passfile": name}
        yield " ".join(f"{key}={_quoted(value)}" for key, value in given.items() if value is not None)
    finally:
        os.unlink(name)


def _quoted(value: object) -> str:
    text = str(value[0] if isinstance(value, tuple) else value).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{text}'"

"""PostgreSQL's own tools: pg_dump and pg_restore, which know its format better than anybody."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from engine.backups.archive import BadBackup


def dump(url: str, path: Path, *, snapshot: str) -> None:
    """Dump a database as an exported snapshot sees it."""
    how = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={path}")
    with _told(url) as known:
        _run("pg_dump", known, "--no-password", *how)


def restore(url: str, path: Path) -> None:
    """Restore a dump into an empty database, wholly or not at all.

    Without extensions: we need none, and those an administrator added (amcheck) only an administrator may create.
    """
    contents = [line for line in _run("pg_restore", "--list", str(path)).splitlines() if " EXTENSION " not in line]
    with (
        tempfile.NamedTemporaryFile("w", prefix="lienthong-contents-", encoding="utf-8") as wanted,
        _told(url) as known,
    ):
        wanted.write("\n".join(contents))
        wanted.flush()
        how = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
        _run("pg_restore", known, "--no-password", *how, f"--use-list={wanted.name}", str(path))


def _run(name: str, *options: str) -> str:
    tool = shutil.which(name)
    if tool is None:
        raise BadBackup("backup_tool_missing", name=name)
    done = subprocess.run([tool, *options], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = next(iter(done.stderr.strip().splitlines()), f"exit code {done.returncode}")
        raise BadBackup("backup_tool_failed", name=name, said=said)
    return done.stdout


@contextmanager
def _told(address: str) -> Iterator[str]:
    """Yield how libpq reaches a database; the password goes through a file, for arguments can be read by everybody."""
    url = make_url(address)
    known = {
        "host": url.host or url.query.get("host"), "port": url.port, "user": url.username, "dbname": url.database
    }  # fmt: skip
    descriptor, name = tempfile.mkstemp(prefix="lienthong-pgpass-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            password = str(url.password or "").replace("\\", "\\\\").replace(":", "\\:")
            file.write(f"*:*:*:*:{password}\n")
        given = {**known, "passfile": name}
        said = " ".join(f"{key}={_quoted(value)}" for key, value in given.items() if value is not None)
        yield f"--dbname={said}"
    finally:
        os.unlink(name)


def _quoted(value: object) -> str:
    text = str(value[0] if isinstance(value, tuple) else value).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{text}'"

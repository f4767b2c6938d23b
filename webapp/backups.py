"""Backs up and restores an installation, and tries a restore aside: `lienthong backup` and `restore`."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine, inspect, make_url, text

from engine import backups
from engine.backups import BadBackup, Manifest, tools
from engine.backups.archive import DATABASES
from engine.clock import Clock
from engine.files import FileStore
from models.database import Database, open_database
from models.errors import Conflict
from webapp.config import Settings
from webapp.runtime import Runtime
from webapp.server import KEPT, serving_process

SUFFIX: Final = ".tar"
Watch = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of a restore: what the backup said, what was found wrong, and how long it took."""

    manifest: Manifest
    findings: list[str]
    seconds: float
    home: Path | None = None


def back_up(runtime: Runtime, to: Path) -> tuple[Path, Manifest]:
    """Write a backup to a file, or under a name that says when into a folder."""
    name = f"lienthong-{datetime.now(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"
    path = to if to.suffix == SUFFIX else to / name
    manifest = backups.make(runtime.database, runtime.files, to=path, version=version("lienthong"), clock=Clock())
    return path, manifest


def restore(
    archive: Path, settings: Settings, *, over: bool = False, despite: bool = False, watch: Watch = lambda *at: None
) -> Restored:
    """Restore into a home that is empty, or, if told so, over one whose content is then set aside.

    Nothing is put in place before every hash was compared and every invariant verified; where something is wrong it is
    put in place only if told so (`despite`).
    """
    began = time.monotonic()
    serving = serving_process(settings.home)
    if serving is not None:
        raise Conflict("already_served", process=serving, home=str(settings.home))
    there = [name for name in KEPT if (settings.home / name).exists()]
    if there and not over:
        raise BadBackup("home_not_empty", home=str(settings.home), there=", ".join(there))
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".lienthong-restore-", dir=settings.home) as scratch:
        manifest = backups.unpack(archive, Path(scratch))
        with _opened(manifest, Path(scratch), settings) as database:
            findings = list(_examined(database, Path(scratch), manifest, watch))
        if not findings or despite:
            _put_in_place(Path(scratch), settings, there)
    placed = settings.home if not findings or despite else None
    return Restored(manifest, findings, time.monotonic() - began, placed)


def drill(archive: Path, settings: Settings, *, watch: Watch = lambda *at: None) -> Restored:
    """Restore aside, verify, compare, and leave nothing behind."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="lienthong-drill-") as scratch:
        manifest = backups.unpack(archive, Path(scratch))
        aside = replace(settings, home=Path(scratch))
        with _aside(manifest, aside) as where, _opened(manifest, Path(scratch), where) as database:
            findings = list(_examined(database, Path(scratch), manifest, watch))
    return Restored(manifest, findings, time.monotonic() - began)


def _examined(database: Database, folder: Path, manifest: Manifest, watch: Watch) -> Iterator[str]:
    yield from backups.examine(database, FileStore(folder / "files"), manifest, clock=Clock(), watch=watch)


@contextmanager
def _opened(manifest: Manifest, folder: Path, settings: Settings) -> Iterator[Database]:
    """Open the unpacked database: the file itself, or an empty one of the server, into which the dump is restored."""
    dump = folder / DATABASES[manifest.database]
    embedded = manifest.database == "sqlite"
    if embedded and settings.database_url:
        raise BadBackup("backup_is_embedded")
    database = open_database(f"sqlite:///{dump}" if embedded else settings.database_url or _no_server())
    try:
        if not embedded:
            if inspect(database.reader).get_table_names():
                raise BadBackup("database_not_empty")
            tools.restore(settings.database_url, dump)
        yield database
        database.checkpoint()
    finally:
        database.close()


def _no_server() -> str:
    raise BadBackup("backup_is_of_a_server")


@contextmanager
def _aside(manifest: Manifest, settings: Settings) -> Iterator[Settings]:
    """Yield settings whose database is one made for a drill and dropped after it."""
    if manifest.database == "sqlite":
        yield replace(settings, database_url="")
        return
    url = make_url(settings.database_url or _no_server())
    name = f"lienthong_drill_{time.time_ns():x}"
    server = create_engine(url, isolation_level="AUTOCOMMIT", hide_parameters=True)
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))
        try:
            yield replace(settings, database_url=url.set(database=name).render_as_string(hide_password=False))
        finally:
            with server.connect() as connection:
                connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    finally:
        server.dispose()


def _put_in_place(folder: Path, settings: Settings, there: list[str]) -> None:
    """Set aside what is in the home, then move the files in, and the database last: with it the home begins to be."""
    if there:
        aside = settings.home / f"before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        aside.mkdir(mode=0o700)
        for name in there:
            shutil.move(settings.home / name, aside / name)
    if (folder / "files").exists():
        shutil.move(folder / "files", settings.files)
    if (folder / DATABASES["sqlite"]).exists():
        shutil.move(folder / DATABASES["sqlite"], settings.home / "lienthong.db")

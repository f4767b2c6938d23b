"""Makes a backup beside people who go on working: first the database at one instant, then the files it knows of."""

import os
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, inspect, select, table, text
from sqlalchemy.orm import Session

from engine import verification
from engine.audit.tree import Range
from engine.backups import tools
from engine.backups.archive import DATABASES, BadBackup, Manifest, Member, put, put_manifest
from engine.clock import Clock
from engine.files import FileStore
from models import migrations, tables
from models.audit import AuditTip
from models.database import Database, open_database
from models.tasks import Attachment


def make(database: Database, store: FileStore, *, to: Path, version: str, clock: Clock) -> Manifest:
    """Write the archive `to`, complete or not at all, readable by its owner alone.

    Everything acked before the call is in it. Files come after the database, which knows only of files that are synced
    already; the other way about a file could be missing that came between.
    """
    if to.exists():
        raise BadBackup("backup_there", to=str(to))
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".lienthong-backup-", dir=to.parent) as scratch:
        unfinished = Path(scratch) / "archive.tar"
        with tarfile.open(unfinished, "x:", format=tarfile.PAX_FORMAT) as archive:
            os.chmod(unfinished, 0o600)
            with dumped(database, Path(scratch), clock) as (path, session):
                manifest = described(session, database, version=version, made_at=clock.now().isoformat())
                members = [put(archive, DATABASES[manifest.database], path)]
                files, missing = _files(archive, session, store)
            manifest = replace(manifest, members=members + files, missing=missing)
            put_manifest(archive, manifest)
        _keep(unfinished, to)
    return manifest


@contextmanager
def dumped(database: Database, folder: Path, clock: Clock) -> Iterator[tuple[Path, Session]]:
    """Dump the database into a folder; yield the file, and a session that sees what is in it."""
    if database.is_sqlite:
        path = folder / DATABASES["sqlite"]
        database.copy_to(path)
        copy = open_database(f"sqlite:///{path}")
        try:
            with verification.snapshot(copy, clock) as session:
                yield path, session
        finally:
            copy.close()
        return
    path = folder / DATABASES["postgresql"]
    with verification.snapshot(database, clock) as session:
        tools.dump(database.url, path, snapshot=str(session.scalar(select(func.pg_export_snapshot()))))
        yield path, session


def described(session: Session, database: Database, *, version: str, made_at: str) -> Manifest:
    """Say how the database stands: its form, the end of its audit log, how many rows its tables have."""
    there = set(inspect(session.connection()).get_table_names()) & set(tables.Base.metadata.tables)
    if AuditTip.__tablename__ not in there:
        raise BadBackup("backup_of_nothing")
    size, tip = end_of_log(session)
    return Manifest(
        version=version,
        made_at=made_at,
        database="sqlite" if database.is_sqlite else "postgresql",
        library=database.library()[0],
        schema=migrations.heads_of(session.connection()),
        audit_size=size,
        audit_tip=tip,
        counts=counted(session, there),
    )


def end_of_log(session: Session) -> tuple[int, str]:
    """Return how long the audit log is and what it ends in: its root, before 0006 the end of its chain of hashes."""
    tip = session.execute(text("SELECT * FROM audit_tip WHERE id = 1")).mappings().one()
    return tip["seq"], tip.get("chain") or Range.read(tip["seq"], tip["peaks"]).root.hex()


def counted(session: Session, names: Iterable[str]) -> dict[str, int]:
    """Count the rows of tables."""
    return {name: session.scalar(select(func.count()).select_from(table(name))) or 0 for name in sorted(names)}


def _files(archive: tarfile.TarFile, session: Session, store: FileStore) -> tuple[list[Member], list[str]]:
    """Add every file the database knows of; name those the store has not, or not as they were."""
    members, missing = [], []
    for sha256 in session.scalars(select(Attachment.sha256).distinct().order_by(Attachment.sha256)):
        path = store.path(sha256)
        if not store.is_sound(sha256):
            missing.append(sha256)
            continue
        members.append(put(archive, f"files/{path.relative_to(store.root).as_posix()}", path))
    return members, missing


def _keep(unfinished: Path, to: Path) -> None:
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    os.rename(unfinished, to)
    with suppress(OSError):  # some network disks cannot sync a folder
        descriptor = os.open(to.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

"""Proves a restored backup: it holds what its manifest says, every file is there, and no invariant is broken."""

from collections.abc import Callable, Iterator

from sqlalchemy import select

from engine import verification
from engine.backups.archive import BadBackup, Manifest
from engine.backups.making import counted, end_of_log
from engine.clock import Clock
from engine.files import FileStore
from models import migrations
from models.database import Database
from models.tasks import Attachment


def examine(
    database: Database,
    store: FileStore,
    manifest: Manifest,
    *,
    clock: Clock,
    watch: Callable[[str, int], None] = lambda invariant, count: None,
) -> Iterator[str]:
    """Give what is wrong with a restored database and its files; one of an older release is brought up to date first.

    BadBackup where a newer release made it.
    """
    if not migrations.knows(manifest.schema):
        raise BadBackup("backup_newer", form=", ".join(manifest.schema))
    with verification.snapshot(database, clock) as session:
        size, tip = end_of_log(session)
        if (size, tip) != (manifest.audit_size, manifest.audit_tip):
            yield f"the audit log ends at {size}, the manifest says {manifest.audit_size}"
        for table, count in counted(session, manifest.counts).items():
            if count != manifest.counts[table]:
                yield f"{table} has {count} rows, the manifest says {manifest.counts[table]}"
    migrations.upgrade(database)
    with verification.snapshot(database, clock) as session:
        for sha256 in session.scalars(select(Attachment.sha256).distinct().order_by(Attachment.sha256)):
            if not store.path(sha256).exists():
                known = " (it was missing already when the backup was made)" if sha256 in manifest.missing else ""
                yield f"the file {sha256} is not there{known}"
        yield from map(str, verification.violations(session, watch=watch))

"""An archive as a file: the entries that leave, all that is needed to check them, and the signature of the log."""

import hashlib
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Select
from sqlalchemy.orm import Session

from engine.audit import exporting, leaves
from engine.audit.notes import Note
from engine.clock import now
from models.audit import AuditEntry
from models.audit_archives import AuditArchive
from webapp.audit import bundles

_PART = 1 << 20


@dataclass(frozen=True, slots=True)
class Packed:
    """An archive whose file is written: its row, and one hash over the leaves of its entries."""

    archive: AuditArchive
    digest: str


def pack(
    session: Session, folder: Path, entries: Select[AuditEntry], *, size: int, sign: Callable[[bytes], Note]
) -> Packed | None:
    """Write a file with entries into a folder, synced; None where there are none.

    `size` is that of the newest checkpoint; `sign` lets the log sign what the file is made of.
    """
    found = session.execute(entries.with_only_columns(AuditEntry.seq, AuditEntry.leaf)).all()
    if not found:
        return None
    (first, _), (last, _) = found[0], found[-1]
    count, digest = leaves.digest(found)
    path = folder / f"nhat-ky-{first}-{last}.zip"
    with zipfile.ZipFile(path, "x", zipfile.ZIP_DEFLATED) as file:
        bundles.begin(session, file)
        bundles.write_lines(file, "entries.jsonl", exporting.lines(session, entries))
        bundles.write_lines(file, "texts.jsonl", exporting.texts(session, entries))
        bundles.write_lines(file, "elsewhere.jsonl", exporting.elsewhere(session, entries, size))
    said = {"at": f"{now(session):%Y-%m-%dT%H:%M:%SZ}", "count": count, "first": first, "last": last, "leaves": digest,
            "size": size, "files": _hashes(path)}  # fmt: skip
    manifest = json.dumps(said, indent=1).encode()
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("manifest.json", manifest)
        file.writestr("manifest.txt", str(sign(manifest)))
    with path.open("rb") as written:
        os.fsync(written.fileno())
    row = AuditArchive(
        at=now(session), name=path.name, sha256=hashlib.sha256(manifest).hexdigest(), count=count, first=first,
        last=last, size=size,
    )  # fmt: skip
    return Packed(row, digest)


def _hashes(path: Path) -> dict[str, str]:
    found = {}
    with zipfile.ZipFile(path) as file:
        for name in file.namelist():
            hashed = hashlib.sha256()
            with file.open(name) as member:
                while part := member.read(_PART):
                    hashed.update(part)
            found[name] = hashed.hexdigest()
    return found

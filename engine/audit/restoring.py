"""Opens an archive for review: its entries are read here again, apart from the log, once each proved to be its own."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.orm import Session

from engine.audit import keys
from engine.audit.facts import Fact
from engine.audit.notes import Note, PublicKey, sign
from engine.audit.recording import record
from engine.audit.retention import require_keeper
from engine.audit.tree import leaf_hash
from models.audit_archives import AuditArchive, AuditLeaf, AuditRestored
from models.audit_texts import commitments, is_said
from models.errors import Conflict, Invalid, NotFound, WrongState
from models.permissions import Actor

TITLE: Final = "entries of this log are archived"
_BATCH: Final = 1000


def signer(session: Session, folder: Path) -> Callable[[bytes], Note]:
    """Return what lets the log sign what an archive is made of; WrongState where this home has not got the key."""
    key = keys.current(session)
    private = keys.private_of(folder, key) if key else None
    if key is None or private is None:
        raise WrongState("no_audit_key")
    return partial(_signed, key, private)


def _signed(key: PublicKey, private: Any, manifest: bytes) -> Note:
    said = f"{TITLE}\n{key.name}\n{hashlib.sha256(manifest).hexdigest()}\n"
    return Note(said, (sign(said, key.name, private),))


def known(session: Session, manifest: bytes, note: Note) -> AuditArchive:
    """Return the archive of which a file brings the manifest; Invalid where this log did not make and sign it."""
    sha256 = hashlib.sha256(manifest).hexdigest()
    row = session.scalars(select(AuditArchive).where(AuditArchive.sha256 == sha256)).one_or_none()
    title, _, said, *_ = [*note.text.split("\n"), "", "", ""]
    trusted = any(note.is_signed_by(key) for key in keys.all_of(session))
    if row is None or not trusted or (title, said) != (TITLE, sha256):
        raise Invalid({"file": "not_an_archive"}, reason="not_our_archive")
    return row


def open_(
    session: Session, archive: AuditArchive, entries: Iterable[bytes], texts: Iterable[bytes], *, actor: Actor
) -> int:
    """Bring the entries of an archive here for review; returns how many. Nothing is brought unless all are right.

    `entries` and `texts` are the lines of its files. Errors: NotAllowed; Conflict: it is open; Invalid: something in it
    is not what the log has the leaf of.
    """
    require_keeper(actor)
    if session.scalar(select(AuditRestored.seq).where(AuditRestored.archive_id == archive.id).limit(1)) is not None:
        raise Conflict("archive_is_open")
    left = select(AuditLeaf.seq, AuditLeaf.leaf).where(AuditLeaf.archive_id == archive.id).order_by(AuditLeaf.seq)
    wanted = iter(session.execute(left).all())
    rows, count = _rows(archive, wanted, entries, _Texts(texts)), 0
    while some := list(islice(rows, _BATCH)):
        session.connection().execute(insert(AuditRestored), some)
        count += len(some)
    if next(wanted, None) is not None:
        raise Invalid({"file": "incomplete"}, reason="not_our_archive")
    record(session, actor, Fact.ARCHIVE_OPENED, archive, name=archive.name, count=count)
    return count


def close(session: Session, archive_id: str, *, actor: Actor) -> None:
    """End the review of an archive. Errors: NotAllowed; NotFound where it is not open."""
    require_keeper(actor)
    archive = session.get(AuditArchive, archive_id)
    found = session.scalar(select(AuditRestored.seq).where(AuditRestored.archive_id == archive_id).limit(1))
    if archive is None or found is None:
        raise NotFound("archive_not_open")
    session.execute(delete(AuditRestored).where(AuditRestored.archive_id == archive_id))
    record(session, actor, Fact.ARCHIVE_CLOSED, archive, name=archive.name)


def _rows(
    archive: AuditArchive, wanted: Iterator[Row[int, str]], entries: Iterable[bytes], texts: "_Texts"
) -> Iterator[dict[str, Any]]:
    for line in entries:
        leaf = next(wanted, None)
        if leaf is None or leaf_hash(line).hex() != leaf.leaf:
            raise Invalid({"file": "altered"}, reason="archive_altered", seq=leaf.seq if leaf is not None else 0)
        entry = json.loads(line)
        said = texts.of(leaf.seq)
        for path, hashed in commitments(entry["facts"]) if entry["v"] > 1 else ():
            if path in said and not is_said(hashed, *said[path]):
                raise Invalid({"file": "altered"}, reason="archive_altered", seq=leaf.seq)
        yield {
            "seq": leaf.seq, "archive_id": archive.id, "order_id": entry.get("order_id"), "entry": line.decode(),
            "texts": {path: value for path, (_, value) in said.items()},
        }  # fmt: skip


class _Texts:
    """The texts of an archive, entry by entry in its order."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self._next = self._read()

    def _read(self) -> Mapping[str, Any] | None:
        line = next(self._lines, None)
        return None if line is None else json.loads(line)

    def of(self, seq: int) -> dict[str, tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}
        while self._next is not None and self._next["seq"] == seq:
            found[self._next["path"]] = (self._next["salt"], self._next["value"])
            self._next = self._read()
        return found

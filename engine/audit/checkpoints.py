"""Checkpoints: what the log's key signed of it, in the database and in a folder outside of it."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from engine.audit import keys, leaves, nodes, tree
from engine.audit.notes import Checkpoint, Note, PublicKey, sign
from engine.audit.verification import Held
from engine.clock import ZONE, now
from models.audit import AuditCheckpoint, AuditEntry, AuditTip
from models.errors import AuditBroken, NotFound, WrongState

EVERY: Final = timedelta(minutes=5)
# From here on somebody has to look why none is made.
LATE: Final = 3 * EVERY
_LEAF: Final = 32


class Outside:
    """The folder outside the database: a file for each checkpoint, by months, and the leaves they are made of.

    Whoever has a copy of it can say which entry of the database was changed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def latest(self) -> Note | None:
        """Return the note of the largest checkpoint."""
        for month in sorted(self.folder.glob("*-*"), reverse=True):
            files = [path for path in month.glob("*.txt") if path.stem.isdecimal()]
            if files:
                return Note.read(max(files, key=lambda path: int(path.stem)).read_text(encoding="utf-8"))
        return None

    def notes(self) -> Iterator[Note]:
        """Give every note, in no order."""
        for path in self._files():
            yield Note.read(path.read_text(encoding="utf-8"))

    def keep(self, note: Note) -> None:
        """Keep a note, synced; one of the same size that is there already stays."""
        checkpoint = note.checkpoint
        folder = self.folder / f"{checkpoint.at.astimezone(ZONE):%Y-%m}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (folder / f"{checkpoint.size}.txt").exists():
            written_whole(folder / f"{checkpoint.size}.txt", str(note))

    def add_leaves(self, session: Session, size: int) -> None:
        """Append the leaves up to a size that are not here yet, synced."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(self._leaves, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            have = file.seek(0, os.SEEK_END) // _LEAF
            file.truncate(have * _LEAF)
            file.seek(have * _LEAF)
            for leaf in leaves.stream(session, after=have, upto=size):
                file.write(leaf.hash)
            file.flush()
            os.fsync(file.fileno())

    def held(self) -> Held:
        """Return what is here, to compare a log with."""
        roots = {checkpoint.size: checkpoint.root for checkpoint in (note.checkpoint for note in self.notes())}
        return Held(roots, islice(self._each_leaf(), max(roots, default=0)))

    def _each_leaf(self) -> Iterator[bytes]:
        if self._leaves.exists():
            with self._leaves.open("rb") as file:
                while len(leaf := file.read(_LEAF)) == _LEAF:
                    yield leaf

    @property
    def _leaves(self) -> Path:
        return self.folder / "leaves"

    def _files(self) -> Iterator[Path]:
        return (path for path in self.folder.glob("*-*/*.txt") if path.stem.isdecimal())


def written_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all, synced."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(name, path)


def is_due(session: Session) -> bool:
    """Tell whether something has happened since the last checkpoint, and it is five minutes ago or of another day."""
    size = session.scalar(select(AuditTip.seq).where(AuditTip.id == 1)) or 0
    last = session.scalars(newest().limit(1)).first()
    if last is None or size <= last.size:
        return last is None and size > 0
    # Also where the clock was put back: else nothing would be signed until it has come up.
    return abs(now(session) - last.at) >= EVERY or _day(now(session)) != _day(last.at)


def waiting(session: Session) -> timedelta:
    """Return for how long the oldest entry after the newest checkpoint has been waiting for one, if there is any."""
    covered = select(func.coalesce(func.max(AuditCheckpoint.size), 0)).scalar_subquery()
    oldest = session.scalar(select(AuditEntry.at).where(AuditEntry.seq == covered + 1))
    return now(session) - oldest if oldest is not None else timedelta()


def signed(session: Session, outside: Outside, folder: Path) -> Note:
    """Sign the log as it is committed, and keep the note and the leaves outside; then `add` it to the database.

    AuditBroken where the log does not continue what is held outside: such a log is not signed. WrongState where this
    home has not got the key.
    """
    key = keys.current(session)
    private = keys.private_of(folder, key) if key else None
    if key is None or private is None:
        raise WrongState("no_audit_key")
    tip = session.execute(select(AuditTip.seq, AuditTip.peaks).where(AuditTip.id == 1)).one()
    checkpoint = Checkpoint(key.name, tip.seq, tree.Range.read(tip.seq, tip.peaks).root, now(session))
    before = outside.latest()
    if before is not None:
        _require_continued(session, before.checkpoint, checkpoint)
        if before.checkpoint.size == checkpoint.size:
            return before
    note = Note(checkpoint.text, (sign(checkpoint.text, key.name, private),))
    outside.add_leaves(session, checkpoint.size)
    outside.keep(note)
    return note


def add(session: Session, note: Note) -> None:
    """Keep a checkpoint in the database; one of the same size that is there already stays."""
    found = note.checkpoint
    if session.get(AuditCheckpoint, found.size) is None:
        session.add(AuditCheckpoint(size=found.size, at=found.at, root=found.root.hex(), note=str(note)))


def newest() -> Select[AuditCheckpoint]:
    """Select the checkpoints, the newest first."""
    return select(AuditCheckpoint).order_by(AuditCheckpoint.size.desc())


def latest(session: Session) -> AuditCheckpoint:
    """Return the newest checkpoint, or NotFound."""
    found = session.scalars(newest().limit(1)).first()
    if found is None:
        raise NotFound("no_checkpoint")
    return found


def root_at(session: Session, size: int) -> bytes:
    """Return the root of the log as it was at a size (of at least one entry)."""
    return tree.between(nodes.subtree(session), 0, size)


def signer(note: Note, known: Sequence[PublicKey]) -> PublicKey | None:
    """Return which of the known keys of a log signed a checkpoint."""
    return next((key for key in known if key.name == note.checkpoint.origin and note.is_signed_by(key)), None)


def _require_continued(session: Session, old: Checkpoint, new: Checkpoint) -> None:
    facts = f"the checkpoint of {old.size} entries kept outside"
    if old.origin != new.origin:
        raise AuditBroken(f"another log than that of {facts}")
    if old.size > new.size:
        raise AuditBroken(f"the log has {new.size} entries, fewer than {facts}")
    try:
        path = tree.consistency(nodes.subtree(session), old.size, new.size)
    except nodes.NotInTheLog as error:
        raise AuditBroken(f"entries are missing: {error}") from None
    if not tree.is_consistent((old.size, old.root), (new.size, new.root), path):
        raise AuditBroken(f"the log does not continue {facts}")


def _day(at: datetime) -> object:
    return at.astimezone(ZONE).date()

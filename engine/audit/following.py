"""A witness: follows somebody's log, signs what continues what it saw before, and keeps the proof where it does not."""

from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.audit import keys, tree
from engine.audit.checkpoints import signer, written_whole
from engine.audit.notes import LOG, WITNESS, BadNote, Note, PublicKey, cosign
from models.errors import Conflict, Invalid

PRIVATE: Final = "witness-key"
LOG_KEY: Final = "log-key.txt"
NAME: Final = "witness-name.txt"
SEEN: Final = "seen.txt"
EVIDENCE: Final = "evidence"


class Log(Protocol):
    """A log as a witness asks it."""

    def latest(self) -> tuple[Note, list[Note]]:
        """Return the newest checkpoint, and the changes of keys."""

    def consistency(self, old: int, new: int) -> Sequence[bytes]:
        """Return the proof that one size continues another."""


@dataclass(frozen=True, slots=True)
class Witness:
    """Who witnesses: a folder with its key, the key of the log it trusts, and the last checkpoint it signed."""

    home: Path
    key: PublicKey
    private: Ed25519PrivateKey

    @property
    def seen(self) -> Note | None:
        """Return the last checkpoint this witness signed."""
        path = self.home / SEEN
        return Note.read(path.read_text(encoding="utf-8")) if path.exists() else None

    @property
    def pinned(self) -> PublicKey | None:
        """Return the key of the log that is trusted."""
        path = self.home / LOG_KEY
        return PublicKey.read(path.read_text(encoding="utf-8")) if path.exists() else None


def open_witness(home: Path, *, name: str | None = None, log_key: str | None = None) -> Witness:
    """Open the folder of a witness; the first time it needs a name, and the key of the log it trusts."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = home / NAME
    if not path.exists():
        if not name:
            raise Invalid({"name": "missing"}, reason="witness_without_name")
        PublicKey.of(name, WITNESS, Ed25519PrivateKey.generate())
        keys.keep(home / PRIVATE, Ed25519PrivateKey.generate())
        written_whole(path, name)
    private = keys.read(home / PRIVATE)
    if private is None:
        raise Invalid({"key": "missing"}, reason="bad_key_file", file=PRIVATE)
    witness = Witness(home, PublicKey.of(path.read_text(encoding="utf-8"), WITNESS, private), private)
    if log_key is not None:
        _pin(witness, PublicKey.read(log_key))
    return witness


def follow(witness: Witness, log: Log, *, at: datetime) -> Note:
    """Sign the newest checkpoint of a log if it continues what was signed before, and return it with our signature.

    Conflict, with both checkpoints kept as evidence, where the log has another history than it showed before, or has
    become shorter.
    """
    note, changes = log.latest()
    key = _trusted(witness, note, changes)
    checkpoint, seen = note.checkpoint, witness.seen
    if seen is not None:
        before = seen.checkpoint
        if checkpoint.size < before.size:
            raise _forked(witness, seen, note, "log_became_shorter")
        path = log.consistency(before.size, checkpoint.size) if checkpoint.size > before.size else ()
        if not tree.is_consistent((before.size, before.root), (checkpoint.size, checkpoint.root), path):
            raise _forked(witness, seen, note, "log_forked")
    signed = note.with_(cosign(note.text, witness.key.name, witness.private, at=at))
    written_whole(witness.home / SEEN, str(signed))
    _pin_anew(witness, key)
    return signed


def path_of(written: Sequence[str]) -> list[bytes]:
    """Read hashes that came as texts (base64)."""
    try:
        return [b64decode(one, validate=True) for one in written]
    except (TypeError, ValueError):
        raise BadNote("not_a_proof") from None


def _trusted(witness: Witness, note: Note, changes: list[Note]) -> PublicKey:
    """Return the key that signed a checkpoint, if it is the trusted one or follows from it."""
    pinned = witness.pinned
    if pinned is None:
        raise Invalid({"key": "missing"}, reason="log_key_unknown")
    key = signer(note, keys.follow(pinned, changes))
    if key is None:
        raise BadNote("not_signed_by_this_log")
    return key


def _pin(witness: Witness, key: PublicKey) -> None:
    if key.kind != LOG:
        raise BadNote("not_a_key")
    if witness.pinned not in (None, key):
        raise Conflict("log_has_another_key")
    _pin_anew(witness, key)


def _pin_anew(witness: Witness, key: PublicKey) -> None:
    if witness.pinned != key:
        written_whole(witness.home / LOG_KEY, f"{key}\n")


def _forked(witness: Witness, seen: Note, shown: Note, reason: str) -> Conflict:
    """Keep what proves it: two checkpoints of one log, both signed, that cannot both be true."""
    folder = witness.home / EVIDENCE
    folder.mkdir(mode=0o700, exist_ok=True)
    old, new = seen.checkpoint, shown.checkpoint
    for name, note in (("seen", seen), ("shown", shown)):
        path = folder / f"{name}-{note.checkpoint.size}-{note.checkpoint.root.hex()[:12]}.txt"
        written_whole(path, str(note))
    return Conflict(reason, seen=old.size, seen_code=old.code, shown=new.size, shown_code=new.code)

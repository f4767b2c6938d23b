"""The key with which the log is signed: made at the first start, in the home; the database knows the public part."""

import os
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from engine.audit.facts import Fact
from engine.audit.notes import LOG, BadNote, Note, PublicKey, sign
from engine.audit.recording import record
from models.audit import AuditEntry
from models.base import new_id
from models.calendar import Setting
from models.errors import Invalid, NotAllowed, WrongState
from models.permissions import SYSTEM, Actor, Permission, may

CURRENT: Final = "audit_key"
_CHANGED: Final = "the key of this log changes"


@dataclass(frozen=True, slots=True)
class AuditKey:
    """A key of the log as the subject of an entry."""

    id: str

    @classmethod
    def of(cls, key: PublicKey) -> "AuditKey":
        """Name a key by its first 16 bytes."""
        return cls(key.public[:16].hex())


def current(session: Session) -> PublicKey | None:
    """Return the key that signs this log now; None before the first start."""
    found = session.get(Setting, CURRENT)
    return PublicKey.read(found.value) if found else None


def made(folder: Path, *, name: str = "") -> tuple[PublicKey, Ed25519PrivateKey]:
    """Make a key, kept in a folder for its owner alone; its name is that of the log, for a new log a new one."""
    private = Ed25519PrivateKey.generate()
    key = PublicKey.of(name or f"lienthong/{new_id()}", LOG, private)
    keep(_path(folder, key), private)
    return key, private


def private_of(folder: Path, key: PublicKey) -> Ed25519PrivateKey | None:
    """Return the secret part of a key; None where this home has not got it."""
    return read(_path(folder, key))


def keep(path: Path, private: Ed25519PrivateKey) -> None:
    """Write a key whole or not at all, for its owner alone; of several that begin together the first one's is kept."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(b64encode(private.private_bytes_raw()) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(name, path)
    os.unlink(name)


def read(path: Path) -> Ed25519PrivateKey | None:
    """Read a key that `keep` wrote; None where there is none."""
    try:
        return Ed25519PrivateKey.from_private_bytes(b64decode(path.read_bytes().strip(), validate=True))
    except FileNotFoundError:
        return None
    except ValueError:
        raise Invalid({"key": "unreadable"}, reason="bad_key_file", file=path.name) from None


def introduce(session: Session, key: PublicKey) -> None:
    """Let the log say by which key it is signed; where another was first, that one is."""
    if session.get(Setting, CURRENT) is not None:
        return
    session.add(Setting(name=CURRENT, value=str(key)))
    record(session, SYSTEM, Fact.AUDIT_KEY_INTRODUCED, AuditKey.of(key), key=str(key))


def rotate(session: Session, folder: Path, *, actor: Actor, reason: str, lost: bool = False) -> PublicKey:
    """Let a new key sign from now on; the old one signs the change.

    Where the old key is lost nobody can sign it: the entry says so, and who pins keys has to be told by other ways.
    """
    if not may(actor, Permission.ORGANIZATION_MANAGE):
        raise NotAllowed("not_allowed", permission=Permission.ORGANIZATION_MANAGE)
    old = current(session)
    private = private_of(folder, old) if old else None
    if old is None or (private is None and not lost):
        raise WrongState("no_audit_key")
    key, _ = made(folder, name=old.name)
    said = f"{_CHANGED}\n{old}\n{key}\n"
    note = None if private is None or lost else str(Note(said, (sign(said, old.name, private),)))
    session.get_one(Setting, CURRENT).value = str(key)
    record(
        session, actor, Fact.AUDIT_KEY_ROTATED, AuditKey.of(key), reason=reason, before={"key": str(old)},
        after={"key": str(key)}, note=note, lost=lost,
    )  # fmt: skip
    return key


def all_of(session: Session) -> list[PublicKey]:
    """Return every key the log was signed with, the newest first, as its own entries name them."""
    key, found = current(session), list[PublicKey]()
    while key is not None and key not in found:
        found.append(key)
        before = _said_of(session, key).get("before")
        try:
            key = PublicKey.read(before["key"]) if before else None
        except (BadNote, KeyError, TypeError, AttributeError):
            break  # somebody altered the entry: what was signed before is not recognized, and that shows
    return found


def changes(session: Session) -> list[Note]:
    """Return the changes of keys, the oldest first, each signed by the key before it."""
    said = (_said_of(session, key).get("note") for key in reversed(all_of(session)))
    return [Note.read(note) for note in said if note]


def follow(pinned: PublicKey, notes: list[Note]) -> list[PublicKey]:
    """Return the keys that follow from one that is trusted, by changes which each was signed by the one before."""
    return [pinned, *_following(pinned, notes)]


def _following(key: PublicKey, notes: list[Note]) -> Iterator[PublicKey]:
    for note in notes:
        said, old, new, *rest = [*note.text.split("\n"), "", ""]
        if (said, old, any(rest)) == (_CHANGED, str(key), False) and note.is_signed_by(key):
            key = PublicKey.read(new)
            if key.name != PublicKey.read(old).name:
                raise BadNote("not_a_key")
            yield key


def _said_of(session: Session, key: PublicKey) -> dict[str, Any]:
    about = AuditEntry.of(AuditKey.of(key).id).where(AuditEntry.subject_type == "audit_key")
    found = session.scalars(about.order_by(AuditEntry.seq)).first()
    return dict(found.facts) if found else {}


def _path(folder: Path, key: PublicKey) -> Path:
    return folder / f"audit-{AuditKey.of(key).id}"

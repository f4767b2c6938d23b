"""Signed notes as other transparency logs write them (C2SP signed-note, tlog-checkpoint, tlog-cosignature)."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from models.errors import Invalid

# What a key signs: the notes of a log, or that a witness has seen them.
LOG: Final = 1
WITNESS: Final = 4
LONGEST: Final = 20_000
_DASH: Final = "\u2014"
_NAME: Final = re.compile(r"[!-*,-~]{1,100}")  # printable ASCII without spaces and plus signs
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,17}")
_KEY_LENGTH: Final = 32
_SIGNATURE_LENGTH: Final = 64
_STAMP_LENGTH: Final = 8
_LATEST: Final = 253_402_300_799  # the last second of the year 9999


class BadNote(Invalid):
    """A text is no note, or not signed as it has to be."""

    def __init__(self, why: str) -> None:
        super().__init__({"note": why}, reason="bad_note", why=why)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key by which notes are checked: whose it is, for what, and its 32 bytes."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """Return the four bytes by which a signature names its key."""
        return hashlib.sha256(self.name.encode() + b"\n" + self._typed).digest()[:4]

    @property
    def _typed(self) -> bytes:
        return bytes([self.kind]) + self.public

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(self._typed).decode()}"

    @classmethod
    def read(cls, written: str) -> Self:
        """Read what `str` gave; BadNote for anything else."""
        name, _, rest = written.strip().partition("+")
        raw = _bytes(rest.partition("+")[2])
        if len(raw) != 1 + _KEY_LENGTH or raw[0] not in (LOG, WITNESS) or not _NAME.fullmatch(name):
            raise BadNote("not_a_key")
        key = cls(name, raw[0], raw[1:])
        if str(key) != written.strip():
            raise BadNote("not_a_key")
        return key

    @classmethod
    def of(cls, name: str, kind: int, private: Ed25519PrivateKey) -> Self:
        """Return the public part of a key; Invalid for a name that cannot stand in a note."""
        if not _NAME.fullmatch(name):
            raise Invalid({"name": "not_a_key_name"}, reason="bad_key_name", name=name)
        return cls(name, kind, private.public_key().public_bytes_raw())


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """So many entries of a log have this root, said at this time."""

    origin: str
    size: int
    root: bytes
    at: datetime

    @property
    def text(self) -> str:
        """Return it as it is signed."""
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\ntime {self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}\n"

    @property
    def code(self) -> str:
        """Return the short code that stands on prints: 4C1E-90AB-77D2."""
        return code_of(self.root.hex())


def code_of(root: str) -> str:
    """Return the short code of a root in hex digits."""
    return "-".join(root[start : start + 4].upper() for start in (0, 4, 8))


@dataclass(frozen=True, slots=True)
class Note:
    """A text and who signed it: (name, bytes) each, as they stand below it."""

    text: str
    signatures: tuple[tuple[str, bytes], ...] = ()

    def __str__(self) -> str:
        lines = (f"{_DASH} {name} {base64.b64encode(raw).decode()}\n" for name, raw in self.signatures)
        return f"{self.text}\n{''.join(lines)}"

    @classmethod
    def read(cls, written: str) -> Self:
        """Read what `str` gave; BadNote for anything else."""
        text, gap, below = written.rpartition("\n\n")
        if not gap or not below.endswith("\n") or len(written) > LONGEST:
            raise BadNote("not_a_note")
        return cls(text + "\n", tuple(_signature(line) for line in below.splitlines()))

    @property
    def checkpoint(self) -> Checkpoint:
        """Return what it says of a log; BadNote where it says something else."""
        lines = self.text.split("\n")
        if len(lines) != 5 or not _SIZE.fullmatch(lines[1]) or not lines[3].startswith("time "):
            raise BadNote("not_a_checkpoint")
        said = lines[3].removeprefix("time ")
        try:
            at = datetime.strptime(said, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            raise BadNote("not_a_checkpoint") from None
        found = Checkpoint(lines[0], int(lines[1]), _bytes(lines[2]), at)
        if found.text != self.text or len(found.root) != hashlib.sha256().digest_size:
            raise BadNote("not_a_checkpoint")
        return found

    def with_(self, *signatures: tuple[str, bytes]) -> "Note":
        """Return the note with more signatures, each once."""
        return Note(self.text, tuple(dict.fromkeys((*self.signatures, *signatures))))

    def is_signed_by(self, key: PublicKey) -> bool:
        """Tell whether the key of a log signed the text."""
        return any(_is_made_by(key, raw[4:], self.text.encode()) for raw in self._made_by(key, _SIGNATURE_LENGTH))

    def seen_by(self, key: PublicKey) -> datetime | None:
        """Return when a witness last signed that it had seen this; None where it did not."""
        stamped = (raw[4:] for raw in self._made_by(key, _STAMP_LENGTH + _SIGNATURE_LENGTH))
        good = (
            int.from_bytes(raw[:_STAMP_LENGTH])
            for raw in stamped
            if _is_made_by(key, raw[_STAMP_LENGTH:], _witnessed(self.text, raw[:_STAMP_LENGTH]))
        )
        seconds = max(good, default=None)
        return None if seconds is None else datetime.fromtimestamp(min(seconds, _LATEST), UTC)

    def _made_by(self, key: PublicKey, length: int) -> Iterator[bytes]:
        for name, raw in self.signatures:
            if name == key.name and raw[:4] == key.id and len(raw) == 4 + length:
                yield raw


def sign(text: str, name: str, private: Ed25519PrivateKey) -> tuple[str, bytes]:
    """Sign a text as a log."""
    return name, PublicKey.of(name, LOG, private).id + private.sign(text.encode())


def cosign(text: str, name: str, private: Ed25519PrivateKey, *, at: datetime) -> tuple[str, bytes]:
    """Sign as a witness that a checkpoint was seen."""
    stamp = int(at.timestamp()).to_bytes(_STAMP_LENGTH)
    key = PublicKey.of(name, WITNESS, private)
    return name, key.id + stamp + private.sign(_witnessed(text, stamp))


def _is_made_by(key: PublicKey, raw: bytes, text: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(raw, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def _witnessed(text: str, stamp: bytes) -> bytes:
    return f"cosignature/v1\ntime {int.from_bytes(stamp)}\n{text}".encode()


def _signature(line: str) -> tuple[str, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, raw = rest.partition(" ")
    if dash != _DASH or not _NAME.fullmatch(name):
        raise BadNote("not_a_note")
    return name, _bytes(raw)


def _bytes(written: str) -> bytes:
    try:
        raw = base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        raise BadNote("not_a_note") from None
    if base64.b64encode(raw).decode() != written:
        raise BadNote("not_a_note")
    return raw

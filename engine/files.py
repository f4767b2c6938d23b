"""Keeps uploaded files under their hash, synced before anybody relies on them; only kinds we know, without traces."""

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from engine.file_kinds import Unfit, examine
from models.errors import NotFound, Rejected

MIB = 1024 * 1024
LIMIT = 25 * MIB
_CHUNK = 64 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")


class FileRefused(Rejected):
    """The file is empty, too large, or of a kind that is not kept: `reason` says which."""

    status = 422


class Stored(NamedTuple):
    """What was stored: the hash of the bytes kept (a photo's differ from those sent), their number, their kind."""

    sha256: str
    size: int
    media_type: str


class FileStore:
    """A folder of files by hash, two levels deep; a file once stored never changes."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def put(self, stream: BinaryIO, limit: int = LIMIT) -> Stored:
        """Read a stream to its end and keep it; on return it survives a power cut. Call it before the transaction."""
        incoming = self.root / "incoming"
        _make_folder(incoming)
        descriptor, name = tempfile.mkstemp(dir=incoming)
        received = Path(name)
        try:
            with os.fdopen(descriptor, "w+b") as file:
                _receive(stream, file, limit)
                media_type = _examine(file)
                size, sha256 = file.seek(0, os.SEEK_END), _digest(file)
                file.flush()
                os.fsync(file.fileno())
            self._keep(received, sha256)
        finally:
            received.unlink(missing_ok=True)
        return Stored(sha256, size, media_type)

    def open(self, sha256: str) -> BinaryIO:
        """Open a stored file for reading; NotFound when it is not there."""
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError:
            raise NotFound("file_missing", sha256=sha256) from None

    def path(self, sha256: str) -> Path:
        """Return where a file lies."""
        if not _SHA256.fullmatch(sha256):
            raise NotFound("file_missing", sha256=sha256)
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def is_sound(self, sha256: str) -> bool:
        """Tell whether the file is there and its bytes are those of its name."""
        try:
            with self.open(sha256) as file:
                return _digest(file) == sha256
        except NotFound:
            return False

    def __iter__(self) -> Iterator[str]:
        """Give the hashes of all files."""
        return (path.name for path in self.root.glob("??/??/*") if _SHA256.fullmatch(path.name))

    def _keep(self, received: Path, sha256: str) -> None:
        place = self.path(sha256)
        _make_folder(place.parent)
        received.chmod(0o400)
        os.replace(received, place)  # the same bytes if it is there already
        # Not only for a new name: whoever put it first may not have come to its sync yet.
        _sync(place.parent)


def _receive(stream: BinaryIO, file: BinaryIO, limit: int) -> None:
    size = 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise FileRefused("file_too_large", limit=limit)
        file.write(chunk)
    if size == 0:
        raise FileRefused("file_empty")


def _examine(file: BinaryIO) -> str:
    """Return the kind; a photo is rewritten in place without what it tells about place, camera and owner."""
    try:
        kind, cleaned = examine(file)
    except Unfit as unfit:
        raise FileRefused("file_type", why=str(unfit)) from None
    if cleaned is not None:
        file.seek(0)
        file.truncate()
        file.write(cleaned)
    return kind


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    return hashlib.file_digest(cast(Any, file), "sha256").hexdigest()


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, each entry synced in the folder above."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

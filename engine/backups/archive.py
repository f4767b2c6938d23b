"""The archive of a backup: a tar of known names only, and a manifest with the hash of each."""

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final, Self

from models.errors import Rejected

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
DATABASES: Final = {"sqlite": "database.sqlite", "postgresql": "database.dump"}
_MEMBER: Final = re.compile(r"database\.(?:sqlite|dump)|files/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}")
_NAME: Final = re.compile(r"[a-z_]{1,60}")
_LARGEST_MANIFEST: Final = 512 * 1024 * 1024
_CHUNK: Final = 1024 * 1024


class BadBackup(Rejected):
    """A backup cannot be made or restored."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What is in an archive, and how the installation stood when it was made."""

    version: str
    made_at: str
    database: str
    library: str
    schema: list[str]
    audit_size: int
    audit_tip: str
    counts: Mapping[str, int]
    members: list[Member] = field(default_factory=list)
    # Files of which the database knows and that the store had not, or not with their hash.
    missing: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=lambda: ["keys: they are kept apart, by whoever keeps keys"])
    format: int = FORMAT

    def written(self) -> bytes:
        """Return it as it stands in the archive."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Read what `written` wrote; BadBackup for anything else."""
        try:
            said: dict[str, Any] = json.loads(content)
            if said["format"] != FORMAT:
                raise BadBackup("backup_newer", form=said["format"])
            if any(_NAME.fullmatch(name) is None for name in said["counts"]):
                raise BadBackup("backup_manifest_wrong", why="counts")
            return cls(**said | {"members": [Member(**one) for one in said["members"]]})
        except (ValueError, KeyError, TypeError) as error:
            raise BadBackup("backup_manifest_wrong", why=type(error).__name__) from None


class _Hashed:
    """A file that knows the hash of what was read of it."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self.file.read(size)
        self.digest.update(chunk)
        return chunk


def put(archive: tarfile.TarFile, name: str, path: Path) -> Member:
    """Add a file and return what the manifest says of it: the hash is of the bytes that went in."""
    info = tarfile.TarInfo(name)
    info.size, info.mode = path.stat().st_size, 0o600
    with path.open("rb") as file:
        hashed = _Hashed(file)
        archive.addfile(info, hashed)
    return Member(name, info.size, hashed.digest.hexdigest())


def put_manifest(archive: tarfile.TarFile, manifest: Manifest) -> None:
    """Add the manifest, last: an archive without one was not finished."""
    content = manifest.written()
    info = tarfile.TarInfo(MANIFEST)
    info.size, info.mode = len(content), 0o600
    archive.addfile(info, io.BytesIO(content))


def unpack(archive: Path, folder: Path, *, seen: Callable[[str], None] = lambda name: None) -> Manifest:
    """Unpack an archive into an empty folder and hold every byte against the manifest; BadBackup where one is wrong."""
    try:
        with tarfile.open(archive, "r:") as tar:
            manifest = _manifest_of(tar)
            expected = {member.name: member for member in manifest.members}
            for info in tar:
                if info.name != MANIFEST:
                    _unpack_one(tar, info, expected.pop(info.name, None), folder)
                    seen(info.name)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BadBackup("backup_unreadable", why=f"{type(error).__name__}: {error}") from error
    if expected:
        raise BadBackup("backup_incomplete", count=len(expected), file=min(expected))
    os.sync()
    return manifest


def _manifest_of(tar: tarfile.TarFile) -> Manifest:
    try:
        info = tar.getmember(MANIFEST)
    except KeyError:
        raise BadBackup("backup_without_manifest") from None
    file = tar.extractfile(info) if info.isreg() and info.size <= _LARGEST_MANIFEST else None
    if file is None:
        raise BadBackup("backup_without_manifest")
    return Manifest.read(file.read())


def _unpack_one(tar: tarfile.TarFile, info: tarfile.TarInfo, expected: Member | None, folder: Path) -> None:
    if expected is None or not _MEMBER.fullmatch(info.name) or not info.isreg():
        raise BadBackup("backup_foreign", file=info.name)
    path = folder / info.name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    source = tar.extractfile(info)
    assert source is not None  # noqa: S101 (a regular file has a content)
    digest = hashlib.sha256()
    with path.open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
    if (info.size, digest.hexdigest()) != (expected.size, expected.sha256):
        raise BadBackup("backup_damaged", file=info.name)

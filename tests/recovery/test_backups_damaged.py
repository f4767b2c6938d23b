"""A damaged or strange backup is refused, and nothing is put in place."""

import io
import re
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.backups import BadBackup, Manifest, archive
from tests.recovery.backed_up import backup, elsewhere, house
from webapp import backups
from webapp.config import Settings

__all__ = ["backup", "elsewhere", "house"]


def rewritten(path: Path, change: Callable[[str, bytes], bytes | None], **more: bytes) -> Path:
    """Write an archive anew, with members changed, left out or added."""
    changed = path.with_name("changed.tar")
    with tarfile.open(path) as old, tarfile.open(changed, "w") as new:
        for info in old:
            content = change(info.name, old.extractfile(info).read())  # type: ignore[union-attr]
            if content is not None:
                info.size = len(content)
                new.addfile(info, io.BytesIO(content))
        for name, content in more.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            new.addfile(info, io.BytesIO(content))
    return changed


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


DAMAGES: dict[str, Callable[[str, bytes], bytes | None]] = {
    "a bit of the database": lambda name, content: flipped(content) if name.startswith("database") else content,
    "a bit of a file": lambda name, content: flipped(content) if name.startswith("files") else content,
    "no manifest": lambda name, content: None if name == "manifest.json" else content,
    "no database": lambda name, content: None if name.startswith("database") else content,
    "a file less": lambda name, content: None if name.startswith("files") else content,
    "a manifest of another make": lambda name, content: b"[]" if name == "manifest.json" else content,
    "a later format": lambda name, content: content.replace(b'"format": 1', b'"format": 2'),
    "a later release": lambda name, content: re.sub(rb'"0\d{3}"', b'"9999"', content),
    "another table": lambda name, content: content.replace(b'"persons":', b'"persons; DROP":'),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_backup_is_refused_and_nothing_is_put_in_place(
    damage: str, backup: Path, elsewhere: Callable[[], Settings]
) -> None:
    settings = elsewhere()
    with pytest.raises(BadBackup):
        backups.restore(rewritten(backup, DAMAGES[damage]), settings, despite=True)
    assert not settings.home.exists() or list(settings.home.iterdir()) == []


@pytest.mark.parametrize("name", ["../evil", "/evil", "files/../../evil", "keys/secret-key", "files/aa/bb/x"])
def test_nothing_strange_is_unpacked(
    name: str, backup: Path, elsewhere: Callable[[], Settings], tmp_path: Path
) -> None:
    settings = elsewhere()
    with pytest.raises(BadBackup, match="backup_foreign"):
        backups.restore(rewritten(backup, lambda name, content: content, **{name: b"evil"}), settings)
    assert not list(tmp_path.rglob("*evil*"))


def test_a_link_in_the_place_of_a_file_is_refused(backup: Path, elsewhere: Callable[[], Settings]) -> None:
    with tarfile.open(backup) as old:
        manifest = Manifest.read(old.extractfile("manifest.json").read())  # type: ignore[union-attr]
    linked = backup.with_name("linked.tar")
    with tarfile.open(linked, "w") as new:
        for member in manifest.members:
            info = tarfile.TarInfo(member.name)
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/hostname"
            new.addfile(info)
        archive.put_manifest(new, manifest)
    with pytest.raises(BadBackup, match="backup_foreign"):
        backups.restore(linked, elsewhere())


def test_half_an_archive_is_no_backup(backup: Path, elsewhere: Callable[[], Settings]) -> None:
    half = backup.with_name("half.tar")
    half.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    for path in (half, backup.with_name("nowhere.tar")):
        with pytest.raises(BadBackup):
            backups.restore(path, elsewhere())

"""A bundle as one file: a zip with a manifest of hashes, made here and read elsewhere."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Final

from engine import runner
from engine.designs.files import MOST_BYTES
from engine.lint import MAX_FILES
from models.errors import Invalid

MANIFEST: Final = "manifest.json"
_VERSION: Final = 1
_WHEN: Final = (1980, 1, 1, 0, 0, 0)  # the same files give the same bytes


def packed(files: Mapping[str, bytes], *, name: str, process: str | None) -> bytes:
    """Return a zip of a bundle, with a manifest that names the hash of each file and of the whole."""
    hashes = {file: hashlib.sha256(content).hexdigest() for file, content in sorted(files.items())}
    manifest = {"lienthong": _VERSION, "name": name, "process": process, "hash": runner.hash_of(files), "files": hashes}
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        said = json.dumps(manifest, ensure_ascii=False, indent=2).encode()
        for file, content in {MANIFEST: said, **dict(sorted(files.items()))}.items():
            archive.writestr(zipfile.ZipInfo(file, _WHEN), content, zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def unpacked(sent: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files that were sent, with a zip among them opened; what its manifest says has to be so.

    Errors: Invalid for what is no zip, is larger than any honest bundle, or was changed on the way.
    """
    files: dict[str, bytes] = {}
    for name, content in sent.items():
        files |= _opened(content) if name.endswith(".zip") else {name: content}
    return files


def _opened(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            # By what is really read, not by what the archive says of itself: a bomb lies.
            if len(entries) > MAX_FILES + 1 or sum(entry.file_size for entry in entries) > MOST_BYTES:
                raise Invalid({"files": "bundle_too_large"}, reason="bundle_too_large")
            files = {entry.filename: _read(archive, entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        raise Invalid({"files": "not_a_bundle"}, reason="not_a_bundle") from None
    manifest = files.pop(MANIFEST, None)
    if manifest is not None:
        _require_unchanged(manifest, files)
    return files


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as stream:
        content = stream.read(entry.file_size + 1)
    if len(content) > entry.file_size:
        raise Invalid({"files": "bundle_too_large"}, reason="bundle_too_large")
    return content


def _require_unchanged(manifest: bytes, files: Mapping[str, bytes]) -> None:
    try:
        said = json.loads(manifest)["files"]
        wrong = {
            name for name in {*said, *files}
            if name not in files or hashlib.sha256(files[name]).hexdigest() != said.get(name)
        }  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Invalid({"files": "not_a_bundle"}, reason="not_a_bundle") from None
    if wrong:
        raise Invalid({"files": "bundle_changed"}, reason="bundle_changed", name=", ".join(sorted(wrong))[:300])

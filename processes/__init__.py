"""Process definitions as data: BPMN, decision tables, forms and scenarios, read at deployment only."""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable


def bundle(process: str) -> dict[str, bytes]:
    """Return the files of a shipped process by name, those of folders with the folder before it."""
    return dict(_files_in(files("processes").joinpath(process), ""))


def _files_in(folder: Traversable, before: str) -> Iterator[tuple[str, bytes]]:
    for one in sorted(folder.iterdir(), key=lambda file: file.name):
        if one.name.startswith("."):
            continue
        if one.is_dir():
            yield from _files_in(one, f"{before}{one.name}/")
        else:
            yield f"{before}{one.name}", one.read_bytes()

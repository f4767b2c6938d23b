"""How far a long export is: a small file beside the database that its writer keeps, and any request may read."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, time
from typing import Final

from webapp.narrowing import is_key

# What a writer tells how many entries it has written.
Seen = Callable[[int], None]
PAUSE: Final = 0.5  # seconds between two marks
KEPT: Final = 86_400.0  # seconds after which a mark is thrown away


@dataclass(frozen=True, slots=True)
class Progress:
    """How many entries of how many are written."""

    done: int
    total: int

    @property
    def is_whole(self) -> bool:
        return self.done >= self.total


class Meter:
    """Marks how many entries are written, now and then; without a key it marks nothing."""

    def __init__(self, folder: Path, key: str, total: int) -> None:
        self.file = folder / key if is_key(key) else None
        self.done, self.total, self.marked = 0, total, float("-inf")
        if self.file is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sweep(folder)
            self._mark()

    def add(self, count: int) -> None:
        """Count entries that were written."""
        self.done += count
        if monotonic() - self.marked >= PAUSE:
            self._mark()

    def end(self) -> None:
        """Say that all is written: what a form leaves out was looked at too."""
        self.done = self.total
        self._mark()

    def _mark(self) -> None:
        self.marked = monotonic()
        if self.file is not None:
            written = self.file.with_suffix(".new")
            written.write_text(json.dumps([self.done, self.total]), encoding="utf-8")
            written.replace(self.file)


def progress_of(folder: Path, key: str) -> Progress | None:
    """Return how far an export is; None where it has not begun here."""
    if not is_key(key):
        return None
    try:
        return Progress(*json.loads((folder / key).read_text("utf-8")))
    except FileNotFoundError:
        return None


def _sweep(folder: Path) -> None:
    for file in folder.iterdir():
        if time() - file.stat().st_mtime > KEPT:
            file.unlink(missing_ok=True)

"""What a database or file says when its disk is full or has a fault."""

import errno
import os
from pathlib import Path
from typing import Final

# SQLite gives words, PostgreSQL a state (appendix A), files a number: that the disk is full, or has a fault.
_STORAGE: Final = {
    "full": ("database or disk is full", "53100", errno.ENOSPC),
    "failed": ("disk I/O error", "58030", errno.EIO),
}


class StorageDoubted(Exception):
    """Nothing is written: reading or writing the disk failed, and what is stored was not verified since."""


class StorageReplaced(Exception):
    """Nothing is written: the file of the database is not the one that was opened, so what is written would be lost."""


class OwnFile:
    """Knows a file again: the name leads to it until somebody moves it away or puts another one in its place.

    Beside it stands an empty file `doubt` while nobody has verified what an I/O error left.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.doubt = path, path.with_name(f"{path.name}-doubted")
        self._known: tuple[int, int] | None = None

    def require(self) -> None:
        """Remember the file the first time; later raise StorageReplaced when the name leads elsewhere."""
        try:
            found = os.stat(self.path)
        except FileNotFoundError:
            raise StorageReplaced from None
        identity = found.st_dev, found.st_ino
        if self._known is None:
            self._known = identity
        elif self._known != identity:
            raise StorageReplaced

    def forget(self) -> None:
        """Know no file: the next one is the one."""
        self._known = None


def storage_failure(error: BaseException) -> str | None:
    """Say that a disk is `full` or `failed`, what it holds `doubted`, its file `replaced`; None: no such error."""
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, StorageDoubted):
            return "doubted"
        if isinstance(found, StorageReplaced):
            return "replaced"
        original = getattr(found, "orig", None) or found
        told = {str(original), getattr(original, "sqlstate", None), getattr(original, "errno", None)}
        for kind, signs in _STORAGE.items():
            if told & set(signs):
                return kind
        # Undoing a savepoint fails in its turn where SQLite has already undone the whole transaction.
        found = found.__cause__ or found.__context__
    return None

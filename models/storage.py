"""What a database or file says when its disk is full or has a fault."""

import errno
from typing import Final

# SQLite gives words, PostgreSQL a state (appendix A), files a number: that the disk is full, or has a fault.
_STORAGE: Final = {
    "full": ("database or disk is full", "53100", errno.ENOSPC),
    "failed": ("disk I/O error", "58030", errno.EIO),
}


class StorageDoubted(Exception):
    """Nothing is written: reading or writing the disk failed, and what is stored was not verified since."""


def storage_failure(error: BaseException) -> str | None:
    """Say that a disk is `full`, that reading or writing it `failed`, or that it is `doubted`; None: another error."""
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, StorageDoubted):
            return "doubted"
        original = getattr(found, "orig", None) or found
        told = {str(original), getattr(original, "sqlstate", None), getattr(original, "errno", None)}
        for kind, signs in _STORAGE.items():
            if told & set(signs):
                return kind
        # Undoing a savepoint fails in its turn where SQLite has already undone the whole transaction.
        found = found.__cause__ or found.__context__
    return None

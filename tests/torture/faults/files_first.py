"""Takes the files that are there before the database is copied, and not those that it knows of."""

import time
from typing import Any

from engine import backups
from engine.files import FileStore
from tests.torture.trial import replace


class Before(FileStore):
    """The files as they were when the backup began."""

    def __init__(self, store: FileStore) -> None:
        super().__init__(store.root)
        self.there = set(store)
        time.sleep(0.2)

    def is_sound(self, sha256: str) -> bool:
        """Tell whether it was there already."""
        return sha256 in self.there and super().is_sound(sha256)


def make(database: Any, store: FileStore, **given: Any) -> Any:
    """Back up with the files first."""
    return original(database, Before(store), **given)


original = replace(backups, "make", make)

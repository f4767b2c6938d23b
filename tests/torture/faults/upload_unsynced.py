"""Stores uploaded files without syncing them."""

import os
from types import SimpleNamespace

from engine import files
from tests.torture.trial import replace


def nothing(descriptor: object) -> None:
    """Leave it to the system when the bytes reach the disk."""


replace(files, "os", SimpleNamespace(**{**vars(os), "fsync": nothing}))

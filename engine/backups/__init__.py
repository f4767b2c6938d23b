"""Backups: one archive of the database and the files as they were at one instant, and proof that it can be restored."""

from engine.backups.archive import BadBackup, Manifest, unpack
from engine.backups.examining import examine
from engine.backups.making import make

__all__ = ["BadBackup", "Manifest", "examine", "make", "unpack"]

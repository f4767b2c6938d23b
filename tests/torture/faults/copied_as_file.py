"""Backs an embedded database up by copying its file, as `cp` does, and dumps one of a server as it is later."""

import shutil
import time
from pathlib import Path
from typing import Any

from engine.backups import tools
from models.database import Database
from tests.torture.trial import replace


def copied(database: Any, path: Path) -> None:
    """Copy the file; what stands in the log beside it is not in the copy."""
    shutil.copyfile(database.path, path)


replace(Database, "copy_to", copied)


def later(url: str, path: Path, *, snapshot: str) -> None:
    """Dump what has come to be meanwhile, whatever the manifest says."""
    time.sleep(0.3)
    tools._run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")


replace(tools, "dump", later)

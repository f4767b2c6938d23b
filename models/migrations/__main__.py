"""`python -m models.migrations MESSAGE`: drafts the next migration against a fresh database migrated so far."""

import sys
import tempfile
from pathlib import Path

from models.database import open_database
from models.migrations import draft, upgrade

with tempfile.TemporaryDirectory() as folder:
    database = open_database(f"sqlite:///{Path(folder) / 'migrated.db'}")
    upgrade(database)
    draft(database, " ".join(sys.argv[1:]) or "change")
    database.close()

"""Lets a commit be answered when it is in the log, and the log not yet on the disk: on SQLite and on PostgreSQL."""

import tests.torture.faults.commit_not_waited_for  # noqa: F401
from models import database
from tests.torture.trial import replace

before = replace(database, "WRITER", ())
replace(database, "WRITER", tuple(one.replace("synchronous=FULL", "synchronous=NORMAL") for one in before))

"""Asks PostgreSQL to answer a commit before it is on the disk."""

from models import database
from tests.torture.trial import replace

before = replace(database, "POSTGRES_OPTIONS", "")
replace(database, "POSTGRES_OPTIONS", f"{before} -c synchronous_commit=off")

"""Seals the log: signs a checkpoint of what is committed, keeps it outside the database, then in it."""

from dataclasses import dataclass
from pathlib import Path

from engine.audit import checkpoints, keys
from engine.audit.checkpoints import Outside
from engine.audit.notes import Note
from engine.clock import Clock, begin
from engine.jobs.sweeping import committing
from models.database import Database


@dataclass(frozen=True)
class Seal:
    """How an installation signs its log: with which keys, and where the checkpoints are kept outside the database."""

    keys: Path
    outside: Outside

    def put(self, database: Database, clock: Clock, *, always: bool = False) -> Note | None:
        """Make a checkpoint if one is due, or in any case; return its note, None where none was due.

        The first time a key is made, and the log says by which key it is signed. AuditBroken where the log does not
        continue what is kept outside, WrongState where this home has not got the key.
        """
        with database.read() as session:
            begin(session, clock)
            if not (always or checkpoints.is_due(session)):
                return None
            has_key = keys.current(session) is not None
        if not has_key:
            with committing(database, clock) as session:
                keys.introduce(session, keys.made(self.keys)[0])
        # What is signed is committed: a checkpoint of what is undone later would prove a change that nobody made.
        with database.read() as session:
            note = checkpoints.signed(begin(session, clock), self.outside, self.keys)
        with committing(database, clock) as session:
            checkpoints.add(session, note)
        return note

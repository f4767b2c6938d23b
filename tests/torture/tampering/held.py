"""What somebody outside keeps of a log, with which they look whether it was altered."""

import random
from dataclasses import dataclass
from pathlib import Path

from engine import audit
from engine.audit import Fact, keys, nodes
from engine.audit.checkpoints import Outside
from engine.audit.notes import Note, PublicKey
from engine.clock import Clock
from engine.jobs import Seal, committing
from models.database import Database
from models.permissions import SYSTEM


@dataclass(frozen=True)
class Held:
    """What somebody outside keeps: a signed checkpoint, and perhaps the leaves below it; and the key of the log.

    Nothing was archived; whoever says otherwise has no file to show.
    """

    note: Note
    outside: Outside
    seal: Seal
    key: PublicKey
    shown: frozenset[bytes] = frozenset()

    @property
    def size(self) -> int:
        return self.note.checkpoint.size


def hold(database: Database, folder: Path, chance: random.Random) -> Held:
    """Sign the log, let it grow, and keep what was signed; half of those who keep it have the leaves too."""
    seal, clock = Seal(folder / "keys", Outside(folder / "checkpoints")), Clock()
    for count in (chance.randint(2, 9), 0):
        seal.put(database, clock, always=True)
        with committing(database, clock) as session:
            for number in range(count):
                audit.record(session, SYSTEM, Fact.SETTING_CHANGED, name="Uỷ ban", number=number)
    note = seal.outside.latest()
    with committing(database, clock) as session:
        for number in range(chance.randint(3, 30)):
            audit.record(session, SYSTEM, Fact.SETTING_CHANGED, name="Uỷ ban", number=number)
        nodes.fill(session)
        key = keys.current(session)
    assert note is not None
    assert key is not None
    if chance.random() < 0.5:
        (folder / "checkpoints/leaves").unlink()
    return Held(note, seal.outside, seal, key)

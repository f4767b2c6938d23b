"""P7: nothing up to a checkpoint that somebody holds is altered unseen, not even by who has the key that signs it."""

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from engine.audit import sealed
from engine.audit.verification import Verification
from tests.torture.children import abreast, in_child
from tests.torture.scenery import Scenery
from tests.torture.tampering import beside, log, rows
from tests.torture.tampering.held import Held, hold
from tests.torture.trial import Run, Trial, Violations, batches
from tests.torture.warm import opened

PROMISE: Final = "P7"
TITLE: Final = "no entry of the log up to a held checkpoint is altered unseen"
SHARE: Final = 4.0
FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "verified without the checkpoint that is held": "tests.torture.faults.no_held_tip",
        "stored hashes taken for computed ones": "tests.torture.faults.hashes_believed",
        "texts beside the leaves not looked at": "tests.torture.faults.texts_unread",
        "archived entries not asked for": "tests.torture.faults.archives_believed",
    }
)
BATCH: Final = 50
KINDS: Final = (*rows.KINDS, *beside.KINDS)
ATTACKERS: Final = ("naive", "recomputing", "signing")


def trials(run: Run) -> Iterator[Trial]:
    """Let three attackers try ten kinds and the twins: naive, recomputing every hash, and also holding the key."""
    scenery, chance = run.scene("draft_plan"), run.random
    tasks = (
        (scenery, run.place(), chance.randrange(1 << 30), size, run.fault)
        for size in batches(run.amount(100, 4000), BATCH)
    )
    for folder, trial in abreast(_batch, tasks, width=1 if run.quick else 2, over=lambda: run.is_over):
        yield run.leave(folder, trial)


def _batch(scenery: Scenery, folder: Path, seed: int, size: int, fault: str | None) -> tuple[Path, Trial]:
    with scenery.copied(folder) as url:
        violations, after = in_child(_tampered, url, folder, seed, size, fault=fault)
    return folder, Trial(f"tampering {seed}", violations, size, {"after the held checkpoint, found": after})


def find(session: Session, held: Held) -> Verification:
    """Look as an auditor does: is the log sound in itself, and is it what was signed?"""
    return sealed.examine(session, held.outside, note=held.note, shown=held.shown)


def _tampered(url: str, folder: Path, seed: int, size: int) -> tuple[Violations, str]:
    chance = random.Random(seed)
    missed: list[str] = []
    later = [0, 0]
    with opened(url) as database:
        held = hold(database, folder, chance)
        for number in range(size):
            kind, attacker = chance.choice(KINDS), chance.choice(ATTACKERS)
            with database.write() as session:
                log.disarm(session)
                before = log.read(session)
                attempt = _attempt(session, before, held, chance, kind, attacker)
                if attempt is None:
                    session.rollback()
                    continue
                first, looked = attempt
                found = find(session, looked)
                session.rollback()
            if first > held.size:
                later[1] += 1
                later[0] += not found.is_sound
            elif found.is_sound:
                missed.append(f"{number}: {kind} at {first} by a {attacker} attacker was not seen")
            elif not _names(found, first):
                missed.append(f"{number}: {kind} at {first} by a {attacker} attacker was said to be {found}")
    return tuple(missed), f"{later[0]} of {later[1]}"


def _names(found: Verification, first: int) -> bool:
    """Tell whether a finding leads to what was altered: the entry, or those between two checkpoints."""
    assert found.broken_seq is not None
    return (found.since or found.broken_seq) <= first <= found.broken_seq


def _attempt(
    session: Session, before: log.Rows, held: Held, chance: random.Random, kind: str, attacker: str
) -> tuple[int, Held] | None:
    """Alter the log; return the first entry that is not what it was, and what the auditor holds. None: not possible."""
    if kind in beside.KINDS:
        return beside.KINDS[kind](session, before, held, chance, attacker)
    if kind == "a key twice" and session.get_bind().dialect.name == "postgresql":
        return None  # it keeps the last of them and forgets the other: there is no twin
    after = rows.KINDS[kind](before, held.size, chance)
    if after is None or (first := rows.first_difference(before, after)) is None:
        return None
    log.store(session, after)
    # Overwriting a hash and then recomputing all would undo it.
    if kind != "hashes overwritten" and (attacker != "naive" or kind == "rolled back"):
        log.recompute(session, held, signing=attacker == "signing")
    return first, held

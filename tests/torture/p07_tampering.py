"""P7: nothing in the log up to a tip that somebody outside holds is altered unseen, even by who knows the algorithm."""

import json
import random
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from engine import audit
from models.audit import AuditEntry
from models.base import Base
from models.database import Database
from tests.torture.children import abreast, in_child
from tests.torture.scenery import Scenery
from tests.torture.trial import Run, Trial, Violations, batches
from tests.torture.warm import opened

PROMISE: Final = "P7"
TITLE: Final = "no entry of the log up to a held tip is altered unseen"
SHARE: Final = 2.0
FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "verified without the tip that is held": "tests.torture.faults.no_held_tip",
        "stored hashes taken for computed ones": "tests.torture.faults.hashes_believed",
    }
)
BATCH: Final = 50
TABLE: Final = AuditEntry.__table__


@dataclass(frozen=True)
class Held:
    """What somebody outside wrote down when the log was this long."""

    size: int
    chain: str


def trials(run: Run) -> Iterator[Trial]:
    """Let two attackers change, delete, insert, reorder and cut: one naive, one who recomputes every hash."""
    scenery, chance = run.scene("draft_plan"), run.random
    tasks = (
        (scenery, run.place(), chance.randrange(1 << 30), size, run.fault)
        for size in batches(run.amount(100, 4000), BATCH)
    )
    for folder, trial in abreast(_batch, tasks, width=1 if run.quick else 2, over=lambda: run.is_over):
        yield run.leave(folder, trial)


def _batch(scenery: Scenery, folder: Path, seed: int, size: int, fault: str | None) -> tuple[Path, Trial]:
    with scenery.copied(folder) as url:
        violations, after = in_child(_tampered, url, seed, size, fault=fault)
    return folder, Trial(f"tampering {seed}", violations, size, {"after the held tip, found": after})


def find(session: Session, held: Held) -> bool:
    """Look as an auditor does: is the log sound in itself, and does it contain what is held?"""
    found = audit.verify(session)
    if not found.is_sound or found.size < held.size:
        return True
    at = session.execute(text("SELECT chain FROM audit_entries WHERE seq = :seq"), {"seq": held.size}).scalar()
    return at != held.chain


def _tampered(url: str, seed: int, size: int) -> tuple[Violations, str]:
    chance = random.Random(seed)
    missed: list[str] = []
    later = [0, 0]
    with opened(url) as database:
        held = _held(database, chance)
        for number in range(size):
            kind = chance.choice(list(KINDS))
            attacker = chance.choice(("naive", "recomputing"))
            with database.write() as session:
                _disarm(session)
                rows = _rows(session)
                after = KINDS[kind](rows, held, chance)
                if after is None:
                    continue
                first = _first_difference(rows, after)
                _store(session, after, recomputed=attacker == "recomputing" and kind not in _STORED)
                seen = find(session, held)
                session.rollback()
            if first is None:
                continue
            if first > held.size:
                later[1] += 1
                later[0] += seen
            elif not seen:
                missed.append(f"{number}: {kind} at {first} by a {attacker} attacker was not seen")
    return tuple(missed), f"{later[0]} of {later[1]}"


def _held(database: Database, chance: random.Random) -> Held:
    with database.read() as session:
        size = audit.verify(session).size
        at = chance.randint(size // 2, size - 5)
        chain = session.execute(text("SELECT chain FROM audit_entries WHERE seq = :seq"), {"seq": at}).scalar()
    return Held(at, str(chain))


def _disarm(session: Session) -> None:
    """Take the triggers away, as an administrator can; it is undone with the rest."""
    if session.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER audit_entries_no_{verb}"))
    else:
        session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))


Rows = list[dict[str, Any]]


def _rows(session: Session) -> Rows:
    return [dict(row) for row in session.execute(TABLE.select().order_by(TABLE.c.seq)).mappings()]


def _store(session: Session, rows: Rows, *, recomputed: bool) -> None:
    """Write the log anew; whoever recomputes knows the algorithm and sets the tip too."""
    chain = audit.START
    if recomputed:
        for number, row in enumerate(rows, start=1):
            row["seq"] = number
            row["leaf"] = audit.leaf_of({**row, "facts": _decoded(row["facts"])})
            row["chain"] = chain = audit.link(chain, row["leaf"])
    session.execute(TABLE.delete())
    raw = {row["seq"]: row["facts"] for row in rows if isinstance(row["facts"], str)}
    session.execute(TABLE.insert(), [{**row, "facts": _decoded(row["facts"])} for row in rows])
    for seq, facts in raw.items():
        cast = "CAST(:facts AS jsonb)" if session.get_bind().dialect.name == "postgresql" else ":facts"
        session.execute(text(f"UPDATE audit_entries SET facts = {cast} WHERE seq = :seq"), {"facts": facts, "seq": seq})
    if recomputed:
        tip = Base.metadata.tables["audit_tip"]
        session.execute(tip.update().values(seq=len(rows), chain=chain))


def _decoded(facts: Any) -> Any:
    return json.loads(facts) if isinstance(facts, str) else facts


def _first_difference(rows: Rows, after: Rows) -> int | None:
    for number, (one, other) in enumerate(zip(rows, after, strict=False), start=1):
        if {**one, "seq": 0} != {**other, "seq": 0} or one["seq"] != other["seq"]:
            return number
    return None if len(rows) == len(after) else min(len(rows), len(after)) + 1


Kind = Callable[[Rows, Held, random.Random], Rows | None]


def _anywhere(rows: Rows, chance: random.Random) -> int:
    return chance.randrange(len(rows))


def _change(rows: Rows, held: Held, chance: random.Random) -> Rows:
    after = [dict(row) for row in rows]
    row = after[_anywhere(rows, chance)]
    name = chance.choice(("fact", "person_id", "subject_id", "organization_id", "facts", "at", "refused"))
    match name:
        case "facts":
            row["facts"] = {**_decoded(row["facts"]), "reason": "khác"}
        case "at":
            row["at"] = row["at"].replace(microsecond=(row["at"].microsecond + 1) % 1_000_000)
        case "refused":
            row["refused"] = not row["refused"]
        case "fact":
            row["fact"] = "order:refused" if row["fact"] != "order:refused" else "order:accepted"
        case _:
            row[name] = "f" * 32
    return after


def _delete(rows: Rows, held: Held, chance: random.Random) -> Rows:
    number = _anywhere(rows, chance)
    return [dict(row) for n, row in enumerate(rows) if n != number]


def _insert(rows: Rows, held: Held, chance: random.Random) -> Rows:
    number = _anywhere(rows, chance)
    after = [dict(row) for row in rows[: number + 1]]
    return after + [{**row, "seq": row["seq"] + 1} for row in rows[number:]]


def _reorder(rows: Rows, held: Held, chance: random.Random) -> Rows:
    after = [dict(row) for row in rows]
    one = chance.randrange(len(rows) - 1)
    after[one], after[one + 1] = (
        {**after[one + 1], "seq": after[one]["seq"]}, {**after[one], "seq": after[one + 1]["seq"]},
    )  # fmt: skip
    return after


def _cut(rows: Rows, held: Held, chance: random.Random) -> Rows:
    return [dict(row) for row in rows[: chance.randrange(1, len(rows))]]


def _hashes(rows: Rows, held: Held, chance: random.Random) -> Rows:
    after = [dict(row) for row in rows]
    after[_anywhere(rows, chance)][chance.choice(("leaf", "chain"))] = "0" * 64
    return after


def _with_twin(rows: Rows, chance: random.Random, made: Callable[[str], str]) -> Rows | None:
    """Write the facts of one entry in another way that says nearly the same."""
    order = chance.sample(range(len(rows)), len(rows))
    for number in order:
        before = json.dumps(_decoded(rows[number]["facts"]), ensure_ascii=False)
        twin = made(before)
        if twin != before:
            after = [dict(row) for row in rows]
            after[number]["facts"] = twin
            return after
    return None


def _twin_of_accents(rows: Rows, held: Held, chance: random.Random) -> Rows | None:
    return _with_twin(rows, chance, lambda facts: unicodedata.normalize("NFD", facts))


def _twin_of_numbers(rows: Rows, held: Held, chance: random.Random) -> Rows | None:
    def made(facts: str) -> str:
        said = json.loads(facts)
        for name, value in said.items():
            if isinstance(value, int) and not isinstance(value, bool):
                return json.dumps({**said, name: chance.choice((str(value), float(value) + 0.5))}, ensure_ascii=False)
        return facts

    return _with_twin(rows, chance, made)


KINDS: Final[dict[str, Kind]] = {
    "change": _change,
    "delete": _delete,
    "insert": _insert,
    "reorder": _reorder,
    "cut": _cut,
    "hashes overwritten": _hashes,
    "NFD for NFC": _twin_of_accents,
    '1 for "1"': _twin_of_numbers,
}
# Overwriting a hash and then recomputing all would undo it.
_STORED: Final = frozenset({"hashes overwritten"})

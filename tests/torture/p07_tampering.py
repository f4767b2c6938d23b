"""P7: nothing up to a checkpoint that somebody holds is altered unseen, not even by who has the key that signs it."""

import json
import random
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from engine import audit
from engine.audit import Fact, keys, nodes, sealed, tree
from engine.audit.checkpoints import Outside
from engine.audit.notes import Checkpoint, Note, PublicKey, sign
from engine.audit.verification import Verification
from engine.clock import Clock
from engine.jobs import Seal, committing
from models.audit import AuditCheckpoint, AuditEntry
from models.audit_texts import AuditText, commitment
from models.base import Base
from models.database import Database
from models.permissions import SYSTEM
from tests.torture.children import abreast, in_child
from tests.torture.scenery import Scenery
from tests.torture.trial import Run, Trial, Violations, batches
from tests.torture.warm import opened

PROMISE: Final = "P7"
TITLE: Final = "no entry of the log up to a held checkpoint is altered unseen"
SHARE: Final = 2.0
FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "verified without the checkpoint that is held": "tests.torture.faults.no_held_tip",
        "stored hashes taken for computed ones": "tests.torture.faults.hashes_believed",
        "texts beside the leaves not looked at": "tests.torture.faults.texts_unread",
    }
)
BATCH: Final = 50
TABLE: Final = AuditEntry.__table__
TEXTS: Final = AuditText.__table__
ATTACKERS: Final = ("naive", "recomputing", "signing")


@dataclass(frozen=True)
class Held:
    """What somebody outside keeps: a signed checkpoint, and perhaps the leaves below it; and the key of the log."""

    note: Note
    outside: Outside
    seal: Seal
    key: PublicKey

    @property
    def size(self) -> int:
        return self.note.checkpoint.size


def trials(run: Run) -> Iterator[Trial]:
    """Let three attackers try nine kinds and the twins: naive, recomputing every hash, and also holding the key."""
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
    return sealed.examine(session, held.outside, note=held.note)


def _tampered(url: str, folder: Path, seed: int, size: int) -> tuple[Violations, str]:
    chance = random.Random(seed)
    missed: list[str] = []
    later = [0, 0]
    with opened(url) as database:
        held = _held(database, folder, chance)
        for number in range(size):
            kind, attacker = chance.choice(list(KINDS)), chance.choice(ATTACKERS)
            with database.write() as session:
                _disarm(session)
                before = _rows(session)
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


def _held(database: Database, folder: Path, chance: random.Random) -> Held:
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


def _disarm(session: Session) -> None:
    """Take the triggers away, as an administrator can; it is undone with the rest."""
    if session.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER audit_entries_no_{verb}"))
        session.execute(text("DROP TRIGGER audit_texts_no_update"))
    else:
        for name in ("audit_entries", "audit_texts"):
            session.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))


Rows = list[dict[str, Any]]


def _rows(session: Session) -> Rows:
    return [dict(row) for row in session.execute(TABLE.select().order_by(TABLE.c.seq)).mappings()]


def _attempt(
    session: Session, rows: Rows, held: Held, chance: random.Random, kind: str, attacker: str
) -> tuple[int, Held] | None:
    """Alter the log; return the first entry that is not what it was, and what the auditor holds. None: not possible."""
    if kind == "forged checkpoint":
        return _forged(session, rows, held, chance, attacker)
    if kind == "a text beside the leaf":
        return _text(session, rows, held, chance, attacker)
    if kind == "a key twice" and session.get_bind().dialect.name == "postgresql":
        return None  # it keeps the last of them and forgets the other: there is no twin
    after = KINDS[kind](rows, held, chance)
    if after is None or (first := _first_difference(rows, after)) is None:
        return None
    _store(session, after)
    # Overwriting a hash and then recomputing all would undo it.
    if kind != "hashes overwritten" and (attacker != "naive" or kind == "rolled back"):
        _recompute(session, held, signing=attacker == "signing")
    return first, held


def _text(session: Session, rows: Rows, held: Held, chance: random.Random, attacker: str) -> tuple[int, Held] | None:
    """Change what somebody wrote, or take it away without an erasure; whoever recomputes also puts the new hash in."""
    known = select(AuditText.seq, AuditText.path, AuditText.salt, AuditText.value).order_by(AuditText.seq)
    seq, path, salt, value = chance.choice(session.execute(known).all())
    mine = (TEXTS.c.seq == seq) & (TEXTS.c.path == path)
    others = {unicodedata.normalize("NFD", value), f"{value} ", "khác"} - {value}
    other = chance.choice([*sorted(others), None])
    if other is None:
        session.execute(TEXTS.delete().where(mine))
        return seq, held
    session.execute(TEXTS.update().where(mine).values(value=other))
    if attacker != "naive":
        after = [dict(row) for row in rows]
        facts = json.dumps(_decoded(rows[seq - 1]["facts"])).replace(commitment(salt, value), commitment(salt, other))
        after[seq - 1]["facts"] = json.loads(facts)
        _store(session, after)
        _recompute(session, held, signing=attacker == "signing")
    return seq, held


def _forged(session: Session, rows: Rows, held: Held, chance: random.Random, attacker: str) -> tuple[int, Held] | None:
    """Put another root beside the true one: in the database or, rightly signed or not, before the auditor."""
    said = replace(held.note.checkpoint, root=chance.randbytes(32))
    private = keys.private_of(held.seal.keys, held.key)
    assert private is not None
    if attacker == "signing":  # a split view: the auditor was shown a history that the others were not
        return 1, replace(held, note=Note(said.text, (sign(said.text, said.origin, private),)))
    if attacker == "recomputing":  # without the key: a signature of something else below it
        note = Note(said.text, held.note.signatures)
        return 1, replace(held, note=note)
    table = AuditCheckpoint.__table__
    session.execute(table.update().where(table.c.size == held.size).values(root=said.root.hex()))
    return held.size, held


def _store(session: Session, rows: Rows) -> None:
    """Write the entries anew, as they are given."""
    session.execute(TABLE.delete())
    raw = {row["seq"]: row["facts"] for row in rows if isinstance(row["facts"], str)}
    session.execute(TABLE.insert(), [{**row, "facts": _decoded(row["facts"])} for row in rows])
    for seq, facts in raw.items():
        cast = "CAST(:facts AS jsonb)" if session.get_bind().dialect.name == "postgresql" else ":facts"
        session.execute(text(f"UPDATE audit_entries SET facts = {cast} WHERE seq = :seq"), {"facts": facts, "seq": seq})


def _recompute(session: Session, held: Held, *, signing: bool) -> None:
    """Do what somebody does who knows the algorithm: numbers, leaves, tip, nodes, checkpoints in the database."""
    grown, roots, moved = tree.Range(), {}, []
    for row in _rows(session):
        leaf = audit.leaf_of({**row, "seq": grown.size + 1})
        grown.append(bytes.fromhex(leaf))
        roots[grown.size] = grown.root
        moved.append({"was": row["seq"], "now": -grown.size, "hash": leaf})
    numbered = TABLE.update().where(TABLE.c.seq == bindparam("was"))
    session.connection().execute(numbered.values(seq=bindparam("now"), leaf=bindparam("hash")), moved)
    session.execute(TABLE.update().values(seq=-TABLE.c.seq))
    tip = Base.metadata.tables["audit_tip"]
    session.execute(tip.update().values(seq=grown.size, peaks=grown.written))
    session.execute(text("DELETE FROM audit_nodes"))
    nodes.fill(session)
    _resign(session, held, roots, signing=signing)


def _resign(session: Session, held: Held, roots: Mapping[int, bytes], *, signing: bool) -> None:
    private = keys.private_of(held.seal.keys, held.key)
    assert private is not None
    for row in session.scalars(select(AuditCheckpoint)).all():
        if row.size not in roots:
            session.delete(row)
            continue
        said = Checkpoint(held.key.name, row.size, roots[row.size], row.at)
        row.root = said.root.hex()
        row.note = str(Note(said.text, (sign(said.text, said.origin, private),))) if signing else row.note
    session.flush()


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
    after[_anywhere(rows, chance)]["leaf"] = "0" * 64
    return after


def _rolled_back(rows: Rows, held: Held, chance: random.Random) -> Rows:
    """The database of an older backup in place of this one: whole in itself."""
    return [dict(row) for row in rows[: chance.randrange(1, held.size)]]


def _checkpoint(rows: Rows, held: Held, chance: random.Random) -> Rows | None:
    """Leave the entries as they are: see `_forged`."""
    return None


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


def _of_texts(rows: Rows, held: Held, chance: random.Random) -> Rows | None:
    """Leave the entries as they are: see `_text`."""
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


def _twin_of_keys(rows: Rows, held: Held, chance: random.Random) -> Rows | None:
    """A key that stands twice: of the two one reader takes the first, another the last."""

    def made(facts: str) -> str:
        name = next(iter(json.loads(facts)), None)
        return facts if name is None else facts.replace("{", '{"' + name + '": "khác", ', 1)

    return _with_twin(rows, chance, made)


KINDS: Final[dict[str, Kind]] = {
    "change": _change,
    "delete": _delete,
    "insert": _insert,
    "reorder": _reorder,
    "cut": _cut,
    "hashes overwritten": _hashes,
    "rolled back": _rolled_back,
    "forged checkpoint": _checkpoint,
    "a text beside the leaf": _of_texts,
    "NFD for NFC": _twin_of_accents,
    '1 for "1"': _twin_of_numbers,
    "a key twice": _twin_of_keys,
}

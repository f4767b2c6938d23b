"""Kinds of altering what stands beside the entries: texts beside the leaves, checkpoints, archives."""

import json
import random
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import audit
from engine.audit import Fact, keys, leaves
from engine.audit.notes import Note, sign
from engine.clock import Clock, begin
from models.audit import AuditCheckpoint
from models.audit_archives import AuditArchive, AuditLeaf
from models.audit_texts import AuditText, commitment
from models.base import new_id
from models.permissions import SYSTEM
from tests.torture.tampering import log
from tests.torture.tampering.held import Held
from tests.torture.tampering.log import Rows

TEXTS: Final = AuditText.__table__
# The first entry that is not what it was, and what the auditor holds then.
Kind = Callable[[Session, Rows, Held, random.Random, str], tuple[int, Held]]


def _text(session: Session, rows: Rows, held: Held, chance: random.Random, attacker: str) -> tuple[int, Held]:
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
        facts = json.dumps(log.decoded(rows[seq - 1]["facts"])).replace(
            commitment(salt, value), commitment(salt, other)
        )
        after[seq - 1]["facts"] = json.loads(facts)
        log.store(session, after)
        log.recompute(session, held, signing=attacker == "signing")
    return seq, held


def _forged(session: Session, rows: Rows, held: Held, chance: random.Random, attacker: str) -> tuple[int, Held]:
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


def _archived(session: Session, rows: Rows, held: Held, chance: random.Random, attacker: str) -> tuple[int, Held]:
    """Take entries out that were asked for, leave their leaves, and say that an archive has them.

    A naive attacker forgets the entry that says so; the others make it as the product does, at the end of the log.
    """
    first = chance.randint(1, held.size)
    gone = rows[first - 1 : chance.randint(first, held.size)]
    archive, numbers = new_id(), [row["seq"] for row in gone]
    session.execute(log.TABLE.delete().where(log.TABLE.c.seq.in_(numbers)))
    session.execute(TEXTS.delete().where(TEXTS.c.seq.in_(numbers)))
    left = [{"seq": row["seq"], "leaf": row["leaf"], "archive_id": archive} for row in gone]
    session.execute(AuditLeaf.__table__.insert(), left)
    if attacker != "naive":
        count, digest = leaves.digest((row["seq"], row["leaf"]) for row in gone)
        said = AuditArchive(id=archive, at=gone[0]["at"], name="x.zip", sha256="0" * 64, count=count,
                            first=numbers[0], last=numbers[-1], size=held.size)  # fmt: skip
        session.add(said)
        begin(session, Clock())
        audit.record(session, SYSTEM, Fact.ARCHIVE_MADE, said, count=count, leaves=digest)
        audit.flush(session)
    return first, held


KINDS: Final[dict[str, Kind]] = {
    "forged checkpoint": _forged,
    "a text beside the leaf": _text,
    "claimed as archived": _archived,
}

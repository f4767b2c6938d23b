"""The log as who administers the database can rewrite it: rows, numbers, leaves, tree, signatures."""

import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from engine import audit
from engine.audit import keys, nodes, tree
from engine.audit.notes import Checkpoint, Note, sign
from models.audit import AuditCheckpoint, AuditEntry
from models.base import Base
from tests.torture.tampering.held import Held

Rows = list[dict[str, Any]]
TABLE: Final = AuditEntry.__table__


def disarm(session: Session) -> None:
    """Take the triggers away, as an administrator can; it is undone with the rest."""
    if session.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER audit_entries_no_{verb}"))
        session.execute(text("DROP TRIGGER audit_texts_no_update"))
    else:
        for name in ("audit_entries", "audit_texts"):
            session.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))


def read(session: Session) -> Rows:
    """Return the entries as the database has them, in their order."""
    return [dict(row) for row in session.execute(TABLE.select().order_by(TABLE.c.seq)).mappings()]


def store(session: Session, rows: Rows) -> None:
    """Write the entries anew, as they are given."""
    session.execute(TABLE.delete())
    raw = {row["seq"]: row["facts"] for row in rows if isinstance(row["facts"], str)}
    session.execute(TABLE.insert(), [{**row, "facts": decoded(row["facts"])} for row in rows])
    for seq, facts in raw.items():
        cast = "CAST(:facts AS jsonb)" if session.get_bind().dialect.name == "postgresql" else ":facts"
        session.execute(text(f"UPDATE audit_entries SET facts = {cast} WHERE seq = :seq"), {"facts": facts, "seq": seq})


def recompute(session: Session, held: Held, *, signing: bool) -> None:
    """Do what somebody does who knows the algorithm: numbers, leaves, tip, nodes, checkpoints in the database."""
    grown, roots, moved = tree.Range(), {}, []
    for row in read(session):
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


def decoded(facts: Any) -> Any:
    """Return the facts of a row as values; SQLite may give them as written."""
    return json.loads(facts) if isinstance(facts, str) else facts

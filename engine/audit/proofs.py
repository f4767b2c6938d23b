"""Proofs about the log for outsiders: that an entry is in it, and that it continues what it was before."""

import json
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import exporting, nodes, tree
from engine.audit.canonical_form import COLUMNS, canonical
from models.audit import AuditCheckpoint, AuditEntry, AuditTip
from models.audit_archives import AuditLeaf
from models.errors import Invalid, NotFound


def entry_of(session: Session, seq: int) -> bytes:
    """Return the canonical bytes of an entry, or NotFound."""
    row = session.execute(select(*COLUMNS).where(AuditEntry.seq == seq)).mappings().one_or_none()
    if row is None:
        raise NotFound("entry_is_archived" if session.get(AuditLeaf, seq) else "not_found")
    return canonical(row)


def inclusion(session: Session, seq: int, size: int) -> list[bytes]:
    """Prove that an entry is among the first `size`; Invalid where it cannot be, or the log is shorter."""
    _require(session, size)
    if not 0 < seq <= size:
        raise Invalid({"seq": "not_in_this_size"}, reason="no_such_proof")
    return tree.inclusion(nodes.subtree(session), seq - 1, size)


def consistency(session: Session, old: int, new: int) -> list[bytes]:
    """Prove that the log of the new size begins with that of the old; Invalid where there is no such proof."""
    _require(session, new)
    if not 0 < old <= new:
        raise Invalid({"from": "not_in_this_size"}, reason="no_such_proof")
    return tree.consistency(nodes.subtree(session), old, new)


def bundle(session: Session, seq: int, checkpoint: AuditCheckpoint) -> dict[str, Any]:
    """Return an entry with all that is needed to check that the log has it."""
    texts = exporting.texts(session, select(AuditEntry).where(AuditEntry.seq == seq))
    return {
        "entry": entry_of(session, seq).decode(),
        "texts": [json.loads(text) for text in texts],
        "seq": seq,
        "path": written(inclusion(session, seq, checkpoint.size)),
        "checkpoint": checkpoint.note,
    }


def written(path: Sequence[bytes]) -> list[str]:
    """Return hashes as texts (base64)."""
    return [b64encode(one).decode() for one in path]


def _require(session: Session, size: int) -> None:
    if size > (session.scalar(select(AuditTip.seq).where(AuditTip.id == 1)) or 0):
        raise Invalid({"size": "longer_than_the_log"}, reason="no_such_proof")

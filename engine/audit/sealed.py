"""Whether the log is what was signed of it: compared with the checkpoints outside the database, and one given."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.orm import Session

from engine.audit import checkpoints, keys
from engine.audit.checkpoints import Outside
from engine.audit.notes import Note
from engine.audit.verification import Verification, verify


def examine(
    session: Session, outside: Outside, *, note: Note | None = None, shown: frozenset[bytes] | None = None,
    seen: Callable[[int], None] | None = None,
) -> Verification:  # fmt: skip
    """Verify the log against what is kept outside, and against a note that somebody else kept.

    `shown` are the leaves of what the archives hold, if their files are to be compared too. A note that none of the
    log's keys signed proves nothing, and is found as `signature`.
    """
    held = replace(outside.held(), shown=shown)
    if note is not None:
        checkpoint = note.checkpoint
        if checkpoints.signer(note, keys.all_of(session)) is None:
            return Verification(0, checkpoint.root.hex(), 1, "signature")
        if held.roots.get(checkpoint.size, checkpoint.root) != checkpoint.root:
            return Verification(0, checkpoint.root.hex(), checkpoint.size, "checkpoint", 1)
        held = replace(held, roots={**held.roots, checkpoint.size: checkpoint.root})
    return verify(session, held=held, seen=seen)

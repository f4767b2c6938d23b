"""I5: the tree over the audit log recomputed is the stored one, its sequence without a gap."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from engine import audit
from engine.audit import Verification
from engine.verification.finding import Seen, Violation

WHY: Final = MappingProxyType(
    {
        "missing": "it is missing",
        "altered": "it does not hash to its leaf",
        "leaf": "it is not the one whose leaf is kept outside",
        "node": "the tree over it is not the one that is stored",
        "checkpoint": "the root that was signed is not theirs",
        "tip": "the log does not end as its tip says",
        "text": "the text beside it is not the one that was written",
        "lost": "the text beside it is missing, and no entry erased it",
        "archive": "it is not here, and the log knows no archive like the one it is said to be in",
        "unshown": "it is said to be in an archive, and is in none that was given",
        "signature": "what is said to be its checkpoint is not signed by its key",
    }
)


def log(session: Session, seen: Seen) -> Iterator[Violation]:
    """Name the first entry that does not fit; what follows it proves nothing any more."""
    found = audit.verify(session, seen=seen)
    if found.broken_seq is not None:
        yield Violation("I5", "audit log", said_of(found))


def said_of(found: Verification) -> str:
    """Say which entry does not fit, and why."""
    since = f"{found.since} to " if found.since else ""
    at = f" ({found.path})" if found.path else ""
    return f"broken at entry {since}{found.broken_seq}{at}: {WHY[found.why]}"

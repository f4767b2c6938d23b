"""I5: the tree over the audit log recomputed is the stored one, its sequence without a gap."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from engine import audit
from engine.verification.finding import Seen, Violation

WHY: Final = MappingProxyType(
    {
        "missing": "it is missing",
        "altered": "it does not hash to its leaf",
        "leaf": "it is not the one whose leaf is kept outside",
        "node": "the tree over it is not the one that is stored",
        "checkpoint": "the root that was signed is not theirs",
        "tip": "the log does not end as its tip says",
        "signature": "what is said to be its checkpoint is not signed by its key",
    }
)


def log(session: Session, seen: Seen) -> Iterator[Violation]:
    """Name the first entry that does not fit; what follows it proves nothing any more."""
    found = audit.verify(session, seen=seen)
    if found.broken_seq is not None:
        since = f"{found.since} to " if found.since else ""
        yield Violation("I5", "audit log", f"broken at entry {since}{found.broken_seq}: {WHY[found.why]}")

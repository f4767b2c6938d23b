"""I5: the chain of the audit log recomputed is the stored one, its sequence without a gap."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from engine import audit
from engine.verification.finding import Seen, Violation


def log(session: Session, seen: Seen) -> Iterator[Violation]:
    """Name the first entry that does not fit; what follows it proves nothing any more."""
    found = audit.verify(session, seen=seen)
    if found.broken_seq is not None:
        wrong = f"broken at entry {found.broken_seq}: it is missing, or its hash is not the one recomputed"
        yield Violation("I5", "audit log", wrong)

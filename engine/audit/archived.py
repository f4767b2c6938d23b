"""Checks what archives left: the leaves are those of which the log itself says that they went into one."""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.facts import Fact
from engine.audit.leaves import line
from models.audit_archives import AuditLeaf

_BATCH = 10_000


class ArchivedLeaves:
    """The leaves without entries, taken in the order of the log; an archive is recorded after all that went into it."""

    def __init__(self, session: Session) -> None:
        left = select(AuditLeaf.seq, AuditLeaf.leaf, AuditLeaf.archive_id).order_by(AuditLeaf.seq)
        self._found = session.execute(left.execution_options(yield_per=_BATCH))
        self._rows = iter(self._found)
        self._next = next(self._rows, None)
        self._made: dict[str, tuple[Any, Any]] = {}
        self._first: dict[str, int] = {}
        self._counts: dict[str, int] = {}
        self._hashes: dict[str, Any] = {}

    def close(self) -> None:
        """Read no further."""
        self._found.close()

    @property
    def count(self) -> int:
        return sum(self._counts.values())

    def take(self, seq: int) -> bytes | None:
        """Return the leaf that an archive left in place of an entry; None where none did."""
        if self._next is None or self._next.seq != seq:
            return None
        archive, leaf = self._next.archive_id, self._next.leaf
        self._first.setdefault(archive, seq)
        self._counts[archive] = self._counts.get(archive, 0) + 1
        self._hashes.setdefault(archive, hashlib.sha256()).update(line(seq, leaf))
        self._next = next(self._rows, None)
        return bytes.fromhex(leaf)

    def look(self, entry: Mapping[Any, Any]) -> None:
        """Hear of an archive that was made."""
        if entry["fact"] == Fact.ARCHIVE_MADE:
            self._made[entry["subject_id"]] = (entry["facts"].get("count"), entry["facts"].get("leaves"))

    def wrong(self) -> int | None:
        """Return the first number of an archive that the log does not know like this."""
        for archive in sorted(self._first, key=lambda one: self._first[one]):
            if self._made.get(archive) != (self._counts[archive], self._hashes[archive].hexdigest()):
                return self._first[archive]
        return self._next.seq if self._next is not None else None

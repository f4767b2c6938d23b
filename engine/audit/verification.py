"""Verifies the log: every entry hashed anew, the tree over them, and what was held of it outside."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import tree
from engine.audit.archived import ArchivedLeaves
from engine.audit.stored import Entries
from engine.audit.text_checks import TextsBeside
from models.audit import AuditCheckpoint, AuditNode, AuditTip

_KEPT_LEVEL: Final = tree.KEPT[0]
_TILE: Final = 1 << _KEPT_LEVEL


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification found: how many entries are sound and their root; the first that is wrong, and why.

    Why: `missing`, `altered` (it does not hash to its leaf), `leaf` (it is not what was held outside), `node`, `tip`,
    `checkpoint` (one of the entries from `since` to `broken_seq` is wrong: a root that was signed is not theirs),
    `text` (the text at `path` is not the one that was written), `lost` (it is not there, and no entry erased it).
    `archive` (from `broken_seq` on entries are not here, and the log does not know the archive they are said to be in),
    `unshown` (it is said to be in an archive, and nobody could show it).
    `held` is the size of the largest checkpoint held outside that fits, `archived` how many entries stand in archives.
    """

    size: int
    tip: str
    broken_seq: int | None
    why: str = ""
    since: int | None = None
    held: int = 0
    path: str = ""
    archived: int = 0

    @property
    def is_sound(self) -> bool:
        return self.broken_seq is None


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody kept outside the database: roots by size, and perhaps the leaves in their order.

    `shown` are the leaves of what stands in the files of archives; None where nobody was asked for them.
    """

    roots: Mapping[int, bytes] = field(default_factory=dict)
    leaves: Iterator[bytes] = field(default_factory=lambda: iter(()))
    shown: frozenset[bytes] | None = None


def verify(session: Session, *, held: Held | None = None, seen: Callable[[int], None] | None = None) -> Verification:
    """Recompute the tree from the stored entries, and compare it with what is held; stops at the first that is wrong.

    Texts are looked at last, however early they are: they are measured by entries that are known to be right.

    `seen` is told now and then how many entries were sound so far.
    """
    entries = Entries(session)
    walk = _Walk(session, entries, held or Held())
    with closing(walk.archived), closing(entries.batches()) as batches:
        for batch in batches:
            walk.texts.fetch(session, upto=batch[-1]["seq"])
            for row in batch:
                if (wrong := walk.wrong(row)) is not None:
                    return wrong
            if seen is not None:
                seen(walk.tree.size)
        return walk.ended(session)


class _Walk:
    """The tree as it grows over the entries that are sound."""

    def __init__(self, session: Session, entries: Entries, held: Held) -> None:
        self.entries, self.held, self.tree, self.fits, self.outside = entries, held, tree.Range(), 0, 0
        self.texts, self.archived = TextsBeside(), ArchivedLeaves(session)
        kept = select(AuditNode.number, AuditNode.hash).where(AuditNode.level == _KEPT_LEVEL)
        self.nodes = dict(session.execute(kept).all())
        signed = select(AuditCheckpoint.size, AuditCheckpoint.root)
        self.signed = {size: _unhexed(root) for size, root in session.execute(signed)}

    def wrong(self, row: Mapping[Any, Any]) -> Verification | None:
        """Take an entry, or say what is wrong with it."""
        while row["seq"] > self.tree.size + 1 and (left := self.archived.take(self.tree.size + 1)) is not None:
            if (wrong := self._left(left)) is not None:
                return wrong
        seq = self.tree.size + 1
        if row["seq"] != seq:
            return self._broken("missing")
        read = self.entries.read(row)
        if read is None:
            return self._broken("altered")
        entry, said = read
        leaf = tree.leaf_hash(said)
        if entry["leaf"] != leaf.hex():
            return self._broken("altered")
        if self.archived.take(seq) not in (None, leaf):
            return self._broken("leaf")
        self.texts.look(entry, said)
        self.archived.look(entry)
        return self._taken(leaf)

    def _left(self, leaf: bytes) -> Verification | None:
        """Take a leaf without its entry, which has to be among those of the archives if these were asked for."""
        if self.held.shown is not None and leaf not in self.held.shown:
            return self._broken("unshown")
        return self._taken(leaf)

    def _taken(self, leaf: bytes) -> Verification | None:
        """Let the tree grow by a leaf, or say with what that was held outside it does not agree."""
        seq = self.tree.size + 1
        if next(self.held.leaves, leaf) != leaf:
            return self._broken("leaf")
        self.tree.append(leaf)
        if seq % _TILE == 0 and self.nodes.get(seq // _TILE - 1) not in (None, self.tree.newest[_KEPT_LEVEL].hex()):
            return self._broken("node", at=seq)
        return self._unlike(seq)

    def _unlike(self, seq: int) -> Verification | None:
        """Compare the root with those that were signed."""
        held, signed = self.held.roots.get(seq), self.signed.get(seq)
        if held is None and signed is None:
            return None
        if {held, signed} - {None} != {self.tree.root}:
            return self._broken("checkpoint", at=seq, since=self.fits + 1)
        self.fits = seq
        self.outside = seq if held is not None else self.outside
        return None

    def ended(self, session: Session) -> Verification:
        """Say how it came out when no entry is left."""
        size = self.tree.size
        tip = session.execute(select(AuditTip.seq, AuditTip.peaks).where(AuditTip.id == 1)).one_or_none()
        longest = max([*self.held.roots, *self.signed, tip.seq if tip else 0])
        if longest > size:
            return self._broken("missing")
        if tip is None or (tip.seq, tip.peaks) != (size, self.tree.written):
            return self._broken("tip")
        # The last question: only now it is known that the entries say what they said when they were written.
        if (wrong := self.texts.wrong(session, size)) is not None:
            why, seq, path = wrong
            return Verification(size, self.tree.root.hex(), seq, why, held=self.outside, path=path)
        if (first := self.archived.wrong()) is not None:
            return self._broken("archive", at=first)
        return Verification(size, self.tree.root.hex(), None, held=self.outside, archived=self.archived.count)

    def _broken(self, why: str, *, at: int | None = None, since: int | None = None) -> Verification:
        size = self.tree.size if at is None else self.fits
        found = at if at is not None else self.tree.size + 1
        return Verification(size, self.tree.root.hex(), found, why, since, self.outside)


def _unhexed(root: str) -> bytes:
    """Return the bytes of a root, none where it is no root: then it is nobody's."""
    try:
        return bytes.fromhex(root)
    except (ValueError, TypeError):
        return b""

"""The leaves of the log in their order, whether their entries are still here or in an archive."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Result, func, literal, select, union_all
from sqlalchemy.orm import Session

from engine.audit import tree
from models.audit import AuditEntry, AuditTip
from models.audit_archives import AuditLeaf

# Transactions end in another order than they began, and clocks are set right: never by more than this.
SLACK: Final = timedelta(hours=1)
_BATCH: Final = 10_000


class Leaf(NamedTuple):
    """The leaf of an entry: its number, its hash, and the archive its entry is in, if it is in one."""

    seq: int
    hash: bytes
    archive: str | None


class Node(NamedTuple):
    """The root of a complete subtree, from the entry `seq` on."""

    seq: int
    level: int
    hash: bytes


def stream(session: Session, *, after: int = 0, upto: int) -> Iterator[Leaf]:
    """Give the leaves after a number up to another."""
    gone = select(AuditLeaf.seq, AuditLeaf.leaf, AuditLeaf.archive_id)
    here = select(AuditEntry.seq, AuditEntry.leaf, literal(None)).where(AuditEntry.seq.not_in(select(AuditLeaf.seq)))
    parts = [
        part.where(column > after, column <= upto) for part, column in ((gone, AuditLeaf.seq), (here, AuditEntry.seq))
    ]
    every: Result[int, str, str | None] = session.execute(
        union_all(*parts).order_by("seq"), execution_options={"yield_per": _BATCH}
    )
    for seq, leaf, archive in every:
        yield Leaf(seq, bytes.fromhex(leaf), archive)


def digest(leaves: Iterable[tuple[int, str]]) -> tuple[int, str]:
    """Return how many leaves these are, and one hash over their numbers and hashes, in their order."""
    found, count = hashlib.sha256(), 0
    for seq, leaf in leaves:
        found.update(line(seq, leaf))
        count += 1
    return count, found.hexdigest()


def some_archived(session: Session) -> bool:
    """Tell whether entries have left for an archive."""
    return session.scalar(select(AuditLeaf.seq).limit(1)) is not None


def line(seq: int, leaf: str) -> bytes:
    """Return a leaf as it is hashed into the digest of an archive."""
    return b"%d %s\n" % (seq, leaf.encode())


def elsewhere(leaves: Iterable[tuple[Leaf, bool]], sizes: frozenset[int]) -> Iterator[Node]:
    """Give the largest complete subtrees over the leaves that are not given in full; `True` says that one is.

    At the sizes of checkpoints they end: whoever keeps one can still compare its root.
    """
    stack: list[Node] = []
    for leaf, is_given in leaves:
        if is_given:
            yield from stack
            stack = []
            continue
        stack = _joined(stack, Node(leaf.seq, 0, leaf.hash))
        if leaf.seq in sizes:
            yield from stack
            stack = []
    yield from stack


def _joined(stack: list[Node], node: Node) -> list[Node]:
    while stack and stack[-1].level == node.level and (stack[-1].seq - 1) % (2 << node.level) == 0:
        left = stack.pop()
        node = Node(left.seq, node.level + 1, tree.node_hash(left.hash, node.hash))
    return [*stack, node]


def first_at(session: Session, at: datetime) -> int:
    """Return the number of the first entry here from an instant on, give or take `SLACK`; found by halving."""
    low, high = 1, (session.scalar(select(AuditTip.seq)) or 0) + 1
    while low < high:
        middle = (low + high) // 2
        number, found = middle, _at(session, middle)
        if found is None:  # archived: the next one that is here
            number = session.scalar(select(func.min(AuditEntry.seq)).where(AuditEntry.seq >= middle)) or high
            found = _at(session, number)
        if found is not None and found < at:
            low = number + 1
        else:
            high = middle
    return low


def _at(session: Session, number: int) -> datetime | None:
    return session.scalar(select(AuditEntry.at).where(AuditEntry.seq == number))

"""The Merkle tree of RFC 9162: hashes of leaves and nodes, the compact range, and proofs about it."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Final

# The hash of a complete subtree, by its level (its leaves are 2 to the level) and its number on that level.
Subtree = Callable[[int, int], bytes]

EMPTY: Final = hashlib.sha256(b"").digest()
# Levels whose complete subtrees are kept in the database, so that a proof need not read every leaf.
KEPT: Final = (8, 16)
_HASH: Final = 32


def leaf_hash(content: bytes) -> bytes:
    """Hash the content of a leaf."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two nodes into the one above them."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Range:
    """The compact range: the roots of the largest complete subtrees, left to right; all a log needs to grow."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size, self.peaks = size, list(peaks)
        # The newest complete subtree of each kept level.
        self.newest: dict[int, bytes] = {}

    @classmethod
    def read(cls, size: int, written: str) -> "Range":
        """Read what `written` gave."""
        raw = bytes.fromhex(written)
        return cls(size, (raw[start : start + _HASH] for start in range(0, len(raw), _HASH)))

    @property
    def written(self) -> str:
        """Return the roots as hex digits, one after the other."""
        return b"".join(self.peaks).hex()

    def append(self, leaf: bytes) -> None:
        """Add a leaf."""
        rest, level = self.size, 0
        while rest & 1:
            leaf = node_hash(self.peaks.pop(), leaf)
            rest >>= 1
            level += 1
            if level in KEPT:
                self.newest[level] = leaf
        self.peaks.append(leaf)
        self.size += 1

    @property
    def root(self) -> bytes:
        """Return the root of the whole tree."""
        if not self.peaks:
            return EMPTY
        *others, root = self.peaks
        for peak in reversed(others):
            root = node_hash(peak, root)
        return root


def complete(hashes: Sequence[bytes]) -> bytes:
    """Return the root over hashes whose number is a power of two."""
    while len(hashes) > 1:
        hashes = [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]


def between(subtree: Subtree, low: int, high: int) -> bytes:
    """Return the root over the leaves from `low` up to and without `high`, as they stand in a tree."""
    width = high - low
    if width & (width - 1) == 0 and low % width == 0:
        level = width.bit_length() - 1
        return subtree(level, low >> level)
    middle = low + _split(width)
    return node_hash(between(subtree, low, middle), between(subtree, middle, high))


def inclusion(subtree: Subtree, index: int, size: int) -> list[bytes]:
    """Prove that a leaf (counted from 0) is in the tree of a size."""
    low, high, path = 0, size, []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(between(subtree, middle, high))
            high = middle
        else:
            path.append(between(subtree, low, middle))
            low = middle
    return path[::-1]


def consistency(subtree: Subtree, old: int, new: int) -> list[bytes]:
    """Prove that the tree of the new size begins with that of the old one, which is not empty."""
    low, high, path = 0, new, []
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(between(subtree, middle, high))
            high = middle
        else:
            path.append(between(subtree, low, middle))
            low = middle
    return [between(subtree, low, high), *path[::-1]] if low else path[::-1]


def includes(root: bytes, size: int, index: int, leaf: bytes, path: Sequence[bytes]) -> bool:
    """Check a proof of inclusion (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    number, last, found = index, size - 1, leaf
    for one in path:
        if last == 0:
            return False
        if number & 1 or number == last:
            found = node_hash(one, found)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            found = node_hash(found, one)
        number, last = number >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(old: tuple[int, bytes], new: tuple[int, bytes], path: Sequence[bytes]) -> bool:
    """Check a proof of consistency between (size, root) and (size, root) (RFC 9162, 2.1.4.2)."""
    if not 0 < old[0] <= new[0]:
        return False
    if old[0] == new[0]:
        return old[1] == new[1] and not path
    path = [old[1], *path] if old[0] & (old[0] - 1) == 0 else path
    if not path:
        return False
    number, last = old[0] - 1, new[0] - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    first = second = path[0]
    for one in path[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            first, second = node_hash(one, first), node_hash(one, second)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            second = node_hash(second, one)
        number, last = number >> 1, last >> 1
    return last == 0 and (first, second) == (old[1], new[1])


def _split(width: int) -> int:
    """Return the largest power of two below a width."""
    return 1 << (width - 1).bit_length() - 1

#!/usr/bin/env python3
"""Kiểm tra nhật ký Liên Thông mà không cần tin ai: một tệp, chỉ dùng thư viện chuẩn, Python 3.9 trở lên.

Checks an audit log of Liên Thông without trusting anybody: one file, the standard library alone, Python 3.9 or newer.

    python3 -I verify.py                          the export or the archive this file lies in
    python3 -I verify.py --checkpoint HELD.txt    ... and against a checkpoint you kept yourself
    python3 -I verify.py --key KEY                ... and a key of the log you know from elsewhere
    python3 -I verify.py --entries A.jsonl B.jsonl --checkpoint HELD.txt --key KEY
    python3 -I verify.py --proof PROOF.json --key KEY
    python3 -I verify.py --consistency PROOF.json --key KEY
    python3 -I verify.py --self-test              the test vectors of RFC 8032

It shares no code with the product. Exit code: 0 all that was asked for is right, 1 something is wrong, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import gc
import hashlib
import json
import re
import sys
import unicodedata
from operator import itemgetter
from pathlib import Path
from typing import Any, Callable, Iterable, Iterator, NamedTuple, Tuple

VERSIONS = (1, 2)  # in the second, what people wrote stands beside the entries
EMPTY = hashlib.sha256(b"").digest()
DASH = "\u2014"
LOG, WITNESS = 1, 4
NAME = re.compile(r"[!-*,-~]{1,100}")  # of a key: ASCII without spaces and plus signs
CHANGE = "the key of this log changes"
ARCHIVE = "entries of this log are archived"
BLOCK = 1 << 17  # bytes read at a time, and the rest of the last line


class Wrong(Exception):
    """Something is not as it has to be: said in Vietnamese and in English."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.vi, self.en = vi, en


def say(vi: str, en: str) -> None:
    """Write one line in both languages."""
    sys.stdout.write(f"{vi} / {en}\n")


# Ed25519, verification only (RFC 8032, 5.1): points in extended coordinates (x, y, z, x*y/z).
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)
Point = Tuple[int, int, int, int]


def _added(a: Point, b: Point) -> Point:
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    t, z = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, z - t, z + t, n + m
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(number: int, point: Point) -> Point:
    found = NEUTRAL
    while number:
        if number & 1:
            found = _added(found, point)
        point = _added(point, point)
        number >>= 1
    return found


def _same(a: Point, b: Point) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def _point(raw: bytes) -> Point | None:
    """Decode a point; None where it is not on the curve or not written in the one right way."""
    number = int.from_bytes(raw, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


BASE: Point = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or NEUTRAL


def is_signed(public: bytes, text: bytes, signature: bytes) -> bool:
    """Tell whether a key signed a text; refuses S >= L, points that are none, and keys of small order."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, point, scalar = _point(public), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or point is None or scalar >= L or _same(_times(8, key), NEUTRAL):
        return False
    hashed = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little") % L
    return _same(_times(scalar, BASE), _added(point, _times(hashed, key)))


# The Merkle tree (RFC 9162, 2.1). What every hash begins with is hashed once.
_leaf, _node = hashlib.sha256(b"\x00").copy, hashlib.sha256(b"\x01").copy


def leaf_hash(content: bytes) -> bytes:
    """Hash the content of a leaf."""
    hashed = _leaf()
    hashed.update(content)
    return hashed.digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two nodes into the one above them."""
    hashed = _node()
    hashed.update(left + right)
    return hashed.digest()


class Tree:
    """The roots of the complete subtrees so far, largest first."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[bytes] = []

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaves."""
        peaks, size = self.peaks, self.size
        for root in leaves:
            rest = size
            while rest & 1:
                root = node_hash(peaks.pop(), root)
                rest >>= 1
            peaks.append(root)
            size += 1
        self.size = size

    def graft(self, level: int, root: bytes) -> None:
        """Add a complete subtree of which only the root is known; ValueError where none can begin here."""
        if not 0 <= level < 60 or self.size % (1 << level):
            raise ValueError("no subtree begins here")
        rest = self.size >> level
        while rest & 1:
            root = node_hash(self.peaks.pop(), root)
            rest >>= 1
        self.peaks.append(root)
        self.size += 1 << level

    def root(self) -> bytes:
        """Return the root of the whole tree."""
        if not self.peaks:
            return EMPTY
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def includes(root: bytes, size: int, index: int, leaf: bytes, path: list[bytes]) -> bool:
    """Check a proof of inclusion (2.1.3.2)."""
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


def is_consistent(old_size: int, old: bytes, new_size: int, new: bytes, path: list[bytes]) -> bool:
    """Check a proof of consistency (2.1.4.2)."""
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return old == new and not path
    if old_size & (old_size - 1) == 0:
        path = [old, *path]
    if not path:
        return False
    number, last = old_size - 1, new_size - 1
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
    return last == 0 and first == old and second == new


# Entries: each must be written in the one canonical form.
def _no(text: str) -> Any:
    raise ValueError(f"{text} is no integer")


_decode = json.JSONDecoder(parse_float=_no, parse_constant=_no).decode
_pairs = json.JSONDecoder(object_pairs_hook=list, parse_float=_no, parse_constant=_no).decode
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
_INTEGERS = re.compile(rb"[1-9](?<![0-9.][1-9])[0-9]{0,17}").sub  # as they are written here, but 0
_PLAIN = bytes(set(range(32, 256)) - set(b"\\\x7f"))


def _is_composed(line: bytes) -> bool:
    """Tell whether a line is UTF-8 with composed accents."""
    try:
        return line.isascii() or unicodedata.is_normalized("NFC", line.decode("utf-8"))
    except ValueError:
        return False


def _is_plain(value: object) -> bool:
    """Tell whether there are texts and integers only."""
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))


def entry_of(line: bytes, number: int) -> tuple[int, Any]:
    """Return number and facts of an entry; Wrong for how it is written speaks of the number it should have."""
    try:
        text = line.decode("utf-8")
        said = _decode(text)
        same = isinstance(said, dict) and _encode(said) == text and _is_composed(line)
    except (ValueError, RecursionError):
        raise Wrong(f"mục {number}: không đọc được", f"entry {number}: cannot be read") from None
    if not same:
        raise Wrong(f"mục {number}: không ở dạng chuẩn", f"entry {number}: not in the canonical form")
    if not _is_plain(said):
        raise Wrong(f"mục {number}: có giá trị không được phép", f"entry {number}: a value that may not stand there")
    if said.get("v") not in VERSIONS or not isinstance(said.get("seq"), int):
        raise Wrong(
            f"mục {number}: thiếu số thứ tự hoặc phiên bản lạ", f"entry {number}: no number, or an unknown version"
        )
    return int(said["seq"]), said.get("facts")


def blocks_of(files: list[Path]) -> Iterator[bytes]:
    """Give the lines of several files, some hundred at a time, with a line feed between them."""
    for file in files:
        with open(file, "rb") as lines:
            for some in iter(lambda: lines.readlines(BLOCK), []):
                block = b"".join(some)
                yield block[:-1] if block.endswith(b"\n") else block


def lines_of(files: list[Path]) -> Iterator[bytes]:
    """Give every line of several files, one after the other."""
    for block in blocks_of(files):
        yield from block.split(b"\n")


# Texts: what people wrote stands beside the entries, and in them SHA-256(salt, text), so that it can be erased.
MARK = "#"


def commitments(facts: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Give (path, hash) of every text that the facts of an entry speak of."""
    if isinstance(facts, dict) and isinstance(facts.get(MARK), str):
        yield path, facts[MARK]
        return
    pairs = facts.items() if isinstance(facts, dict) else enumerate(facts)
    for name, value in pairs:
        if isinstance(value, (dict, list)):
            name = str(name).replace("~", "~0").replace("/", "~1")
            yield from commitments(value, f"{path}/{name}" if path else name)


def spoken_of(line: bytes, facts: Any) -> list[tuple[str, str]]:
    """Return (path, hash) of every text that an entry speaks of; one of the first version has its texts in it."""
    return list(commitments(facts)) if b'{"#":' in line and line.endswith(b'"v":2}') else []


class Form(NamedTuple):
    """How some entries are written: where names of values stand in them, where their number, and hashes of texts."""

    names_of: Callable[[list[bytes]], tuple[bytes, ...]]
    names: tuple[bytes, ...]
    number: int
    hashes: list[tuple[str, int]]


class Forms:
    """The forms of the entries so far: what is written like an entry that was right is right, at a third of the cost.

    Of a line without backslashes and control characters, what stands between quotes may be anything, unless it is the
    name of a value; so may integers. The rest is its form: it decides whether the line is canonical, and what is where.
    """

    MOST = 10_000  # a log has some hundred

    def __init__(self) -> None:
        self.known: dict[bytes, list[Form]] = {}  # by what stands outside of quotes
        self.count = 0

    def look(self, line: bytes, number: int) -> tuple[int, list[tuple[str, str]]]:
        """Return the number of an entry, and (path, hash) of its texts; Wrong as `entry_of` says it."""
        parts = line.split(b'"')
        shape = _INTEGERS(b"1", b'"'.join(parts[::2]))
        is_plain = not line.translate(None, _PLAIN) and _is_composed(line)
        for form in self.known.get(shape, ()) if is_plain else ():
            if form.names_of(parts) == form.names:
                hashes = [(path, parts[place].decode()) for path, place in form.hashes] if form.hashes else []
                return int(parts[form.number][1:-1]), hashes
        seq, facts = entry_of(line, number)
        spoken = spoken_of(line, facts)
        if is_plain and self.count < self.MOST:
            self._learn(shape, parts, spoken)
        return seq, spoken

    def _learn(self, shape: bytes, parts: list[bytes], spoken: list[tuple[str, str]]) -> None:
        """Keep the form of an entry that is right, if it ends with its version and no hash stands in it twice."""
        hashes = [hashed.encode() for _, hashed in spoken]
        if parts[-2] != b"v" or any(parts.count(one) != 1 for one in hashes):
            return
        named = [place for place in range(1, len(parts), 2) if parts[place + 1].startswith(b":")]
        depth = number = 0
        for place, part in enumerate(parts):
            if place % 2 == 0:
                depth += part.count(b"{") + part.count(b"[") - part.count(b"}") - part.count(b"]")
            elif depth == 1 and part == b"seq" and place in named:
                number = place + 1
        names_of = itemgetter(*named, -1)  # the end is the version
        places = [(path, parts.index(one)) for (path, _), one in zip(spoken, hashes)]
        self.known.setdefault(shape, []).append(Form(names_of, names_of(parts), number, places))
        self.count += 1


def is_said(hashed: str, salt: str, value: str) -> bool:
    """Tell whether a text is the one of which an entry has the hash."""
    try:
        return len(salt) == 32 and hashlib.sha256(bytes.fromhex(salt) + value.encode()).hexdigest() == hashed
    except ValueError:
        return False


class Texts:
    """The texts beside the entries, both in the order of the log; an erasure comes after what it erases."""

    def __init__(self, lines: Iterable[bytes] | None) -> None:
        self.is_given = lines is not None
        self.lines = iter(lines or ())
        self.missing: dict[tuple[int, str], None] = {}
        self.count = self.erased = 0
        self.wrong: Wrong | None = None
        self.seq = 0  # of the entry that the next text is about
        self._read()

    def _read(self) -> None:
        line = next(self.lines, None)
        if line is None:
            self.next, self.seq = None, 0
            return
        try:
            # Name by name: of one that stands twice a reader may show the other value.
            names, said = map(list, zip(*_pairs(line.decode("utf-8"))))
        except (ValueError, TypeError, RecursionError):
            names, said = [], []
        if names != ["path", "salt", "seq", "value"] or [type(one) for one in said] != [str, str, int, str]:
            raise Wrong("tệp lời ghi: không đọc được", "the file of texts cannot be read")
        path, salt, seq, value = said
        self.next, self.seq = (path, salt, value), seq

    def look(self, seq: int, line: bytes, spoken: Iterable[tuple[str, str]]) -> None:
        """Look at the texts of an entry; what is wrong with them is said at the end, when the entries are known."""
        here = {}
        while self.next is not None and self.seq == seq:
            path, *text = self.next
            if path in here and self.wrong is None:
                self.wrong = self._unlike(seq, path)
            here[path] = text
            self._read()
        for path, hashed in spoken:
            if path not in here:
                self.missing[seq, path] = None
            elif is_said(hashed, *here[path]):
                self.count += 1
                del here[path]
        if here and self.wrong is None:
            self.wrong = self._unlike(seq, min(here))
        if b'"text:erased"' in line and (said := json.loads(line))["fact"] == "text:erased":
            self._forgive(said.get("facts"))

    def _forgive(self, facts: Any) -> None:
        said = facts.get("texts") if isinstance(facts, dict) else None
        for seq, paths in said.items() if isinstance(said, dict) else ():
            for path in paths if isinstance(paths, list) else ():
                if seq.isdecimal() and isinstance(path, str) and (int(seq), path) in self.missing:
                    del self.missing[int(seq), path]
                    self.erased += 1

    @staticmethod
    def _unlike(seq: int, path: str) -> Wrong:
        return Wrong(
            f"mục {seq}: lời ghi «{path}» không phải lời đã ghi",
            f"entry {seq}: the text {path} is not the one that was written",
        )

    def end(self, *, whole: bool) -> None:
        """Say how many there were; Wrong for the first that is not as written, or missing with no entry erasing it."""
        if self.next is not None and self.wrong is None:
            self.wrong = self._unlike(self.seq, self.next[0])
        if self.wrong is not None:
            raise self.wrong
        if self.missing and whole and self.is_given:
            seq, path = min(self.missing)
            raise Wrong(
                f"mục {seq}: thiếu lời ghi «{path}» mà không mục nào xóa",
                f"entry {seq}: the text {path} is missing, and no entry erased it",
            )
        if self.count or self.erased:
            say(f"{self.count} lời ghi đúng; {self.erased} đã xóa theo luật",
                f"{self.count} texts are right; {self.erased} erased under the law")  # fmt: skip
        if self.missing:
            say(f"{len(self.missing)} lời ghi không có ở đây: đã xóa, hoặc không được đưa kèm",
                f"{len(self.missing)} texts are not here: erased, or not given along")  # fmt: skip


# Signed notes (C2SP: signed-note, tlog-checkpoint, tlog-cosignature).
def _bytes(written: str) -> bytes:
    try:
        raw = base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if base64.b64encode(raw).decode() != written:
        raise Wrong("mã base64 hỏng", "base64 cannot be read")
    return raw


class Key:
    """A key by which notes are checked, as `name+id+base64`."""

    def __init__(self, written: str) -> None:
        self.written = written.strip()
        self.name, _, rest = self.written.partition("+")
        raw = _bytes(rest.partition("+")[2])
        self.id = hashlib.sha256(self.name.encode() + b"\n" + raw).digest()[:4]
        if len(raw) != 33 or raw[0] not in (LOG, WITNESS) or rest.partition("+")[0] != self.id.hex():
            raise Wrong(f"không phải khóa: {self.written}", f"not a key: {self.written}")
        self.kind, self.public = raw[0], raw[1:]


def _is_signature(part: list[str]) -> bool:
    return len(part) == 3 and part[0] == DASH and NAME.fullmatch(part[1]) is not None


class Note:
    """A text and the signatures below it."""

    def __init__(self, written: str) -> None:
        text, gap, below = written.rpartition("\n\n")
        parts = [line.split(" ") for line in below.split("\n")[:-1]]
        if not gap or not below.endswith("\n") or not all(map(_is_signature, parts)):
            raise Wrong("không phải bản ghi có chữ ký", "not a signed note")
        self.text, self.signatures = text + "\n", [(name, _bytes(raw)) for _, name, raw in parts]

    def signed_by(self, key: Key) -> bool:
        """Tell whether a log or a witness signed it."""
        stamp = 8 if key.kind == WITNESS else 0
        for name, raw in self.signatures:
            if (name, raw[:4], len(raw)) != (key.name, key.id, 68 + stamp):
                continue
            seen = f"cosignature/v1\ntime {int.from_bytes(raw[4:12], 'big')}\n" if stamp else ""
            if is_signed(key.public, (seen + self.text).encode(), raw[4 + stamp :]):
                return True
        return False


class Checkpoint(Note):
    """A note that says: so many entries of this log have this root."""

    def __init__(self, written: str) -> None:
        super().__init__(written)
        lines = self.text.split("\n")
        if len(lines) < 4 or not lines[1].isdecimal() or str(int(lines[1])) != lines[1]:
            raise Wrong("không phải điểm kiểm tra", "not a checkpoint")
        self.origin, self.size, self.root = lines[0], int(lines[1]), _bytes(lines[2])
        self.said = "; ".join(line for line in lines[3:] if line)
        if len(self.root) != 32:
            raise Wrong("không phải điểm kiểm tra", "not a checkpoint")


def followed(pinned: list[Key], changes: list[Note]) -> list[Key]:
    """Return the keys that are trusted: those given, and those that follow, each signed for by the one before."""
    keys = list(pinned)
    for note in changes:
        lines = note.text.split("\n")
        before = [key for key in keys if len(lines) == 4 and lines[:2] == [CHANGE, key.written]]
        if any(note.signed_by(key) for key in before):
            keys.append(Key(lines[2]))
    return keys


def require_signed(checkpoint: Checkpoint, keys: list[Key]) -> None:
    """Say Wrong unless one of the trusted keys signed a checkpoint."""
    if not any(key.kind == LOG and key.name == checkpoint.origin and checkpoint.signed_by(key) for key in keys):
        raise Wrong(
            f"điểm kiểm tra {checkpoint.size}: chữ ký sai hoặc khóa không được tin",
            f"checkpoint {checkpoint.size}: no right signature by a trusted key",
        )


class Roots:
    """The roots that checkpoints say a log had, compared with a tree as it grows."""

    def __init__(self, checkpoints: list[Checkpoint]) -> None:
        self.wanted: dict[int, list[Checkpoint]] = {}
        for checkpoint in checkpoints:
            self.wanted.setdefault(checkpoint.size, []).append(checkpoint)
        self.fits = 0

    def compare(self, tree: Tree) -> None:
        """Say Wrong where the tree has not the root that was signed of this size."""
        for checkpoint in self.wanted.pop(tree.size, ()) if tree.size in self.wanted else ():
            if tree.root() != checkpoint.root:
                since, seq = self.fits + 1, tree.size
                raise Wrong(
                    f"một trong các mục {since} đến {seq} đã bị sửa: mã gốc khác điểm kiểm tra {seq}",
                    f"one of the entries {since} to {seq} was changed: not the root of checkpoint {seq}",
                )
            self.fits = tree.size

    def passed(self, size: int) -> None:
        """Say Wrong where a checkpoint lies within what is known by one hash alone."""
        within = [one for one in self.wanted if one < size]
        if within:
            raise Wrong(
                f"không đối chiếu được điểm kiểm tra {min(within)}: các mục quanh đó ở nơi khác",
                f"checkpoint {min(within)} cannot be compared: the entries around it stand elsewhere",
            )

    def end(self, size: int) -> None:
        """Say Wrong where a checkpoint speaks of more than there is."""
        if self.wanted:
            raise Wrong(
                f"mục {size + 1} không có: điểm kiểm tra nói có {max(self.wanted)} mục",
                f"entry {size + 1} is missing: a checkpoint says there are {max(self.wanted)}",
            )


class Elsewhere:
    """Entries that are not given, by the roots of subtrees over them: archived ones, or those an archive left out."""

    def __init__(self, lines: Iterable[bytes] | None) -> None:
        self.is_given = lines is not None
        self.lines = iter(lines or ())
        self.count = self.archived = 0
        self._read()

    def _read(self) -> None:
        line = next(self.lines, None)
        self.next = None if line is None else json.loads(line)
        self.seq = 0 if self.next is None else self.next["seq"]

    def grow(self, tree: Tree, roots: Roots) -> None:
        """Let the tree grow as far as nothing is given."""
        while self.next is not None and self.seq == tree.size + 1:
            before = tree.size
            tree.graft(self.next["level"], bytes.fromhex(self.next["hash"]))
            self.count += tree.size - before
            roots.passed(tree.size)
            roots.compare(tree)
            self._read()

    def look(self, line: bytes) -> None:
        """Count what archives took, by the entries that say so."""
        if b'"archive:made"' in line:
            said = json.loads(line)
            self.archived += said["facts"]["count"] if said["fact"] == "archive:made" else 0

    def end(self, tree: Tree, *, whole: bool) -> None:
        """Say Wrong where a log leaves out more than its archives took."""
        if self.next is not None:
            raise Wrong(
                f"mục {tree.size + 1} không có", f"entry {tree.size + 1} is missing: neither it nor its hash is here"
            )
        if whole and self.is_given and self.count != self.archived:
            raise Wrong(
                f"{self.count} mục không có ở đây, mà nhật ký chỉ ghi {self.archived} mục đã lưu trữ",
                f"{self.count} entries are not here, and the log says that {self.archived} were archived",
            )
        if self.count:
            say(f"{self.count} mục ở nơi khác: ở đây chỉ có mã băm",
                f"{self.count} entries stand elsewhere: here are their hashes alone")  # fmt: skip


def follow(
    blocks: Iterable[bytes], checkpoints: list[Checkpoint], texts: Texts, rest: Elsewhere, whole: bool = True
) -> Tree:
    """Hash every entry of a log from the first on; Wrong at the first that does not fit, or at a root that does not.

    `whole` says that it is a log, not an archive: whatever is not here has to be in one.
    """
    tree, roots, forms = Tree(), Roots(checkpoints), Forms()
    for block in blocks:
        _follow_some(block, forms, tree, roots, texts, rest)
    rest.grow(tree, roots)
    roots.end(tree.size)
    rest.end(tree, whole=whole)
    texts.end(whole=whole and not rest.is_given)
    left, here = tree.size - roots.fits, tree.size - rest.count
    say(f"{here} mục đúng; {left} mục sau điểm kiểm tra cuối chưa được bảo vệ",
        f"{here} entries are right; {left} after the last checkpoint are not protected yet")  # fmt: skip
    return tree


def _follow_some(block: bytes, forms: Forms, tree: Tree, roots: Roots, texts: Texts, rest: Elsewhere) -> None:
    """Let the tree grow by the entries of a block; what is rarely said in one is asked of all of them at once."""
    leaves: list[bytes] = []
    seq = tree.size
    speaks = b'"text:erased"' in block or b'"archive:made"' in block
    for line in block.split(b"\n"):
        seq += 1
        if rest.seq == seq:
            tree.extend(leaves)
            rest.grow(tree, roots)
            leaves, seq = [], tree.size + 1
        found, spoken = forms.look(line, seq)
        if found != seq:
            raise Wrong(
                f"mục {seq} không có (ở đó là mục {found})", f"entry {seq} is missing (in its place is {found})"
            )
        if speaks:
            rest.look(line)
        if speaks or spoken or texts.seq == seq:
            texts.look(seq, line, spoken)
        leaves.append(leaf_hash(line))
        if seq in roots.wanted:
            tree.extend(leaves)
            roots.compare(tree)
            leaves = []
    tree.extend(leaves)


def check_chosen(lines: Iterable[bytes], proofs: list[Any], checkpoints: list[Checkpoint], texts: Texts) -> None:
    """Check entries that were picked out of a log, each by its proof."""
    roots = {checkpoint.size: checkpoint.root for checkpoint in checkpoints}
    known = {one["seq"]: one for one in proofs}
    count = 0
    for line in lines:
        seq, facts = entry_of(line, count + 1)
        one = known.pop(seq, None)
        place = f"mục/entry {seq}"
        if one is None:
            raise Wrong(f"{place}: không có bằng chứng", f"{place}: there is no proof of it")
        check_inclusion(place, line, seq, one["path"], one["size"], roots.get(one["size"]))
        texts.look(seq, line, spoken_of(line, facts))
        count += 1
    if known:
        raise Wrong(f"mục {min(known)} không có trong tệp", f"entry {min(known)} is not in the file")
    texts.end(whole=False)
    say(f"{count} mục đều có trong nhật ký", f"each of the {count} entries is in the log")
    say("tệp này chỉ là một phần nhật ký: không nói được có thiếu mục nào", "a part of the log: whether entries of it "
        "are left out cannot be said")  # fmt: skip


def check_inclusion(place: str, line: bytes, seq: int, path: list[str], size: int, root: bytes | None) -> None:
    """Say Wrong unless a proof shows that an entry is in the log."""
    if root is None or not includes(root, size, seq - 1, leaf_hash(line), [_bytes(one) for one in path]):
        raise Wrong(
            f"{place}: bằng chứng không khớp: mục này đã bị sửa hoặc không có trong nhật ký",
            f"{place}: the proof does not fit: it was changed, or is not in the log",
        )


def read(path: Path) -> str:
    """Read a text."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise Wrong(f"không đọc được {path}", f"{path} cannot be read") from None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object; of a name that stands twice one reader would take the first and another the last."""
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def parsed(path: Path) -> dict[str, Any]:
    """Read a JSON object."""
    try:
        said = json.loads(read(path), object_pairs_hook=_each_once)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Wrong(f"không đọc được {path}", f"{path} cannot be read")
    return said


class Export:
    """What is to be checked: a folder, and what the reader brings along."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.folder = options.folder
        said = parsed(self.folder / "keys.json") if (self.folder / "keys.json").exists() else {}
        self.is_pinned = bool(options.key)
        pinned = [Key(one) for one in options.key or said.get("log", [])]
        self.keys = followed(pinned, [Note(one) for one in said.get("changes", [])])
        self.witnesses = [Key(one) for one in said.get("witnesses", [])]
        self.held = [Checkpoint(read(path)) for path in options.checkpoint]
        self.entries = options.entries or [self.folder / "entries.jsonl"]
        beside = options.texts or [path for path in [self.folder / "texts.jsonl"] if path.exists()]
        self.texts = Texts(lines_of(beside) if beside else None)
        own = sorted((self.folder / "checkpoints").glob("*.txt"))
        self.checkpoints = [Checkpoint(read(path)) for path in own] + self.held

    def check(self) -> None:
        """Check signatures, then entries."""
        self.check_signatures()
        proofs = self.folder / "proofs.jsonl"
        if proofs.exists():
            known = [json.loads(line) for line in lines_of([proofs])]
            check_chosen(lines_of(self.entries), known, self.checkpoints, self.texts)
        else:
            beside = self.folder / "elsewhere.jsonl"
            rest = Elsewhere(lines_of([beside]) if beside.exists() else None)
            manifest = self.folder / "manifest.json"
            if manifest.exists():
                self.check_manifest(manifest)
            follow(blocks_of(self.entries), self.checkpoints, self.texts, rest, whole=not manifest.exists())

    def check_manifest(self, path: Path) -> None:
        """See that the log signed what an archive is made of, and that its files are these."""
        note = Note(read(self.folder / "manifest.txt"))
        title, origin, sha256 = [*note.text.split("\n"), "", ""][:3]
        signers = [key for key in self.keys if key.kind == LOG and key.name == origin and note.signed_by(key)]
        if title != ARCHIVE or not signers or sha256 != hashlib.sha256(path.read_bytes()).hexdigest():
            raise Wrong("bản lưu trữ: chữ ký sai hoặc khóa không được tin",
                        "archive: no right signature by a trusted key")  # fmt: skip
        for name, wanted in parsed(path)["files"].items():
            found = hashlib.sha256()
            with open(self.folder / name, "rb") as file:
                for part in iter(lambda: file.read(1 << 20), b""):
                    found.update(part)
            if found.hexdigest() != wanted:
                raise Wrong(f"bản lưu trữ: tệp {name} đã bị đổi", f"archive: the file {name} was changed")
        say("bản lưu trữ: có chữ ký của nhật ký", "archive: signed by the log")

    def check_signatures(self) -> None:
        """See that every checkpoint is signed by a trusted key, and say who witnessed it."""
        if not self.checkpoints:
            say("chú ý: không có điểm kiểm tra nào, người giữ cơ sở dữ liệu có thể đã tính lại tất cả",
                "note: there is no checkpoint; whoever keeps the database may have computed all anew")  # fmt: skip
        for checkpoint in self.checkpoints:
            require_signed(checkpoint, self.keys)
            names = ", ".join(key.name for key in self.witnesses if checkpoint.signed_by(key))
            say(f"điểm kiểm tra {checkpoint.size} ({checkpoint.said}): chữ ký đúng; chứng kiến: {names or 'không có'}",
                f"checkpoint {checkpoint.size}: rightly signed; witnessed by: {names or 'nobody'}")  # fmt: skip
        if self.checkpoints and not self.is_pinned:
            shown = " ".join(key.written for key in self.keys)
            say(f"chú ý: khóa lấy từ chính bản xuất này, hãy đối chiếu với khóa nhận từ nguồn khác: {shown}",
                "note: the key came with this export; compare it with the one you know from elsewhere")  # fmt: skip


def check_proof(export: Export, path: Path) -> None:
    """Check one entry with its proof, as `lienthong audit prove` writes it."""
    said = parsed(path)
    checkpoint = Checkpoint(said["checkpoint"])
    require_signed(checkpoint, export.keys)
    line = said["entry"].encode()
    seq, facts = entry_of(line, said.get("seq", 0))
    check_inclusion(f"mục/entry {seq}", line, seq, said["path"], checkpoint.size, checkpoint.root)
    texts = Texts(_encode(one).encode() for one in said.get("texts", []))
    texts.look(seq, line, spoken_of(line, facts))
    texts.end(whole=False)
    say(f"mục {seq} có trong nhật ký {checkpoint.size} mục", f"entry {seq} is in the log of {checkpoint.size} entries")


def check_consistency(export: Export, path: Path) -> None:
    """Check that one checkpoint continues another, as `lienthong audit consistency` writes it."""
    said = parsed(path)
    old, new = Checkpoint(said["old"]), Checkpoint(said["new"])
    for checkpoint in (old, new):
        require_signed(checkpoint, export.keys)
    proof = [_bytes(one) for one in said["path"]]
    if old.origin != new.origin or not is_consistent(old.size, old.root, new.size, new.root, proof):
        raise Wrong("hai điểm kiểm tra không cùng một lịch sử", "the two checkpoints have not one history")
    say(f"{new.size} mục nối tiếp đúng {old.size} mục trước", f"{new.size} entries continue the {old.size} before")


VECTORS = (  # RFC 8032, 7.1: public key, message, signature
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
     "d25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
     "387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
     "4a7c15e9716ed28dc027beceea1ec40a"),
    ("ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf", hashlib.sha512(b"abc").hexdigest(),
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
     "3dca179c138ac17ad9bef1177331a704"),
)  # fmt: skip


def self_test() -> None:
    """Try the test vectors of RFC 8032, and what has to be refused."""
    tried = []
    for public, text, signature in VECTORS:
        key, raw, signed = (bytes.fromhex(one) for one in (public, text, signature))
        larger = (int.from_bytes(signed[32:], "little") + L).to_bytes(32, "little")
        tried += [
            ("signature", is_signed(key, raw, signed)),
            ("another text", not is_signed(key, raw + b"x", signed)),
            ("S >= L", not is_signed(key, raw, signed[:32] + larger)),
            ("another R", not is_signed(key, raw, bytes([signed[0] ^ 1]) + signed[1:])),
            ("y >= p", not is_signed(b"\xff" * 32, raw, signed)),
            ("not on the curve", not is_signed(bytes([2]) + bytes(31), raw, signed)),
            ("small order", not is_signed(bytes([1]) + bytes(31), raw, bytes([1]) + bytes(63))),
        ]
    wrong = sorted({what for what, good in tried if not good})
    if wrong:
        raise Wrong(f"tự kiểm tra sai: {', '.join(wrong)}", f"self-test failed: {', '.join(wrong)}")
    say(f"tự kiểm tra đúng: {len(tried)} phép thử", f"self-test passed: {len(tried)} checks")


def main(arguments: list[str] | None = None) -> int:
    """Check what the command line asks for; the result is the exit code."""
    parser = argparse.ArgumentParser(
        prog="verify.py", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--entries", nargs="+", type=Path, default=[], metavar="FILE.jsonl")
    parser.add_argument("--texts", nargs="+", type=Path, default=[], metavar="FILE.jsonl")
    parser.add_argument("--checkpoint", nargs="+", type=Path, default=[], metavar="FILE.txt")
    parser.add_argument("--key", nargs="+", default=[], metavar="KEY")
    parser.add_argument("--proof", type=Path, metavar="FILE.json")
    parser.add_argument("--consistency", type=Path, metavar="FILE.json")
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args(arguments)
    gc.disable()  # nothing here is held by itself: looking for that would take a tenth of the time
    try:
        if options.self_test:
            self_test()
            return 0
        export = Export(options)
        if options.proof:
            check_proof(export, options.proof)
        elif options.consistency:
            check_consistency(export, options.consistency)
        else:
            export.check()
    except Wrong as wrong:
        say(f"SAI: {wrong.vi}", f"WRONG: {wrong.en}")
        return 1
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        say(f"SAI: không đọc được ({type(error).__name__})", f"WRONG: cannot be read ({type(error).__name__}: {error})")
        return 1
    say("ĐÚNG", "RIGHT")
    return 0


if __name__ == "__main__":
    sys.exit(main())

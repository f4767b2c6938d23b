"""What a power cut may leave of files whose operations were written down: everything, nothing, or some of it torn."""

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

SECTOR: Final = 512
CALLS: Final = "openat,pwrite64,write,read,lseek,fdatasync,fsync,ftruncate,rename,unlink,mkdir"
_CALL = re.compile(r"^(\w+)\((.*)\)\s+= (-?\d+)")
_FD = r"(\d+)<([^>]*)>"
_TEXT = r'"((?:\\x[0-9a-f]{2})*)"'


@dataclass(frozen=True)
class Operation:
    """One thing that was asked of the file system; the position of a write is the byte where it begins."""

    kind: str  # create, write, truncate, sync, rename, unlink, mkdir
    path: str
    data: bytes = b""
    position: int = 0
    to: str = ""


def _plain(hexed: str) -> bytes:
    return bytes.fromhex(hexed.replace("\\x", ""))


def _name(path: str) -> str:
    return _plain(path).decode() if path.startswith("\\x") else path


def operations(trace: Iterable[str]) -> Iterator[Operation]:
    """Read what strace wrote down (-xx -y); what failed did not happen."""
    places: dict[tuple[str, str], int] = {}
    for line in trace:
        found = _CALL.match(line)
        if found and int(found[3]) >= 0:
            yield from _operation(found[1], found[2], int(found[3]), places)


def _operation(call: str, said: str, result: int, places: dict[tuple[str, str], int]) -> Iterator[Operation]:
    if call == "openat":
        if (opened := re.search(rf"{_TEXT}, ([A-Z_|]+)", said)) and "O_CREAT" in opened[2]:
            yield Operation("create", _plain(opened[1]).decode())
        return
    if call in ("rename", "unlink", "mkdir"):
        names = [_plain(one).decode() for one in re.findall(_TEXT, said)]
        yield Operation(call, names[0], to=names[1] if len(names) > 1 else "")
        return
    on = re.match(_FD, said)
    if on is None:
        return
    file, path = (on[1], on[2]), _name(on[2])
    if call in ("fsync", "fdatasync"):
        yield Operation("sync", path)
    elif call == "ftruncate":
        yield Operation("truncate", path, position=int(said.rpartition(",")[2]))
    elif call == "lseek":
        places[file] = result
    elif call == "read":
        places[file] = places.get(file, 0) + result
    elif written := re.search(_TEXT, said):
        data = _plain(written[1])[:result]
        position = int(said.rpartition(",")[2]) if call == "pwrite64" else places.get(file, 0)
        if call == "write":
            places[file] = position + result
        yield Operation("write", path, data, position)


@dataclass
class _File:
    """The bytes that are on the disk for certain, and what was asked since."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[Operation] = field(default_factory=list)

    def after(self, kept: Iterable[Operation]) -> bytes:
        content = bytearray(self.durable)
        for one in kept:
            if one.kind == "truncate":
                del content[one.position :]
                content.extend(bytes(one.position - len(content)))
            else:
                content.extend(bytes(max(0, one.position - len(content))))
                content[one.position : one.position + len(one.data)] = one.data
        return bytes(content)


class Disk:
    """A folder as it is, and as a power cut may leave it."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)
        self.durable = {str(path): _File(bytearray(path.read_bytes())) for path in folder.rglob("*") if path.is_file()}
        self.names = dict(self.durable)
        # Changes of names whose folder was not synced since.
        self.renamed: list[Operation] = []
        self.made: dict[int, _File] = {}

    def do(self, one: Operation) -> None:
        """Carry out one operation."""
        if not one.path.startswith(self.folder) or one.path.endswith("-shm"):
            return
        if one.kind == "create" and one.path not in self.names:
            self.names[one.path] = self.made[id(one)] = _File()
            self.renamed.append(one)
        elif one.kind == "rename":
            self.names[one.to] = self.names.pop(one.path)
            self.made[id(one)] = self.names[one.to]
            self.renamed.append(one)
        elif one.kind == "unlink":
            self.names.pop(one.path, None)
            self.renamed.append(one)
        elif one.kind in ("write", "truncate") and one.path in self.names:
            self.names[one.path].pending.append(one)
        elif one.kind == "sync":
            self._sync(one.path)

    def _sync(self, path: str) -> None:
        if path in self.names:
            file = self.names[path]
            file.durable, file.pending = bytearray(file.after(file.pending)), []
            return
        inside = [one for one in self.renamed if str(Path(one.to or one.path).parent) == path]
        self.renamed = [one for one in self.renamed if one not in inside]
        self.durable = self._named(self.durable, inside)

    def _named(self, names: dict[str, _File], changes: Iterable[Operation]) -> dict[str, _File]:
        names = dict(names)
        for one in changes:
            if one.kind == "unlink":
                names.pop(one.path, None)
            else:
                names.pop(one.path if one.kind == "rename" else "", None)
                names[one.to or one.path] = self.made[id(one)]
        return names

    def image(self, place: Path, how: str, chance: random.Random) -> None:
        """Write what is left: "synced" is the least there can be, "all" the most, "some" a part of the rest."""
        changes = {"synced": [], "all": self.renamed}.get(how)
        if changes is None:
            changes = [one for one in self.renamed if chance.random() < 0.5]
        for name, file in self._named(self.durable, changes).items():
            kept = {"synced": [], "all": file.pending}.get(how)
            path = place / Path(name).relative_to(self.folder)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.after(_some(file.pending, chance) if kept is None else kept))


def _some(pending: Iterable[Operation], chance: random.Random) -> Iterator[Operation]:
    """Keep each write with p = 1/2, and tear some at a sector."""
    for one in pending:
        if chance.random() < 0.5:
            continue
        if one.kind == "write" and len(one.data) > SECTOR and chance.random() < 0.2:
            sectors = chance.randrange(1, len(one.data) // SECTOR + 1)
            yield Operation("write", one.path, one.data[: sectors * SECTOR], one.position)
        else:
            yield one

"""P2: what was answered "done" survives a power cut at any instant, uploaded files included."""

import io
import random
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from engine import attachments
from engine.files import FileStore
from engine.jobs import committing
from models.database import Database
from models.tasks import Attachment
from tests.torture import strace
from tests.torture.acts import REPORTING, Act, Journal, look, open_task, work
from tests.torture.children import Child, abreast, in_child
from tests.torture.disk import CALLS, Disk, Operation, operations
from tests.torture.scenery import Scenery
from tests.torture.strace import Gate
from tests.torture.trial import Run, Trial, Violations
from tests.torture.warm import opened

PROMISE: Final = "P2"
TITLE: Final = "an answered completion or upload survives a power cut"
SHARE: Final = 6.0
FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "synchronous=NORMAL, synchronous_commit=off": "tests.torture.faults.sync_normal",
        "upload not synced": "tests.torture.faults.upload_unsynced",
    }
)
HOW: Final = ("synced", "all", "some", "some", "some")
BATCH: Final = 15


def trials(run: Run) -> Iterator[Trial]:
    """Write down the file operations of people at work, then cut the power at random places among them."""
    if run.on_postgres:
        from tests.torture import p10_restart

        yield from p10_restart.power(run)
        return
    strace.require()
    scenery, folder = run.scene("carry_out"), run.place()
    recorded, violations = in_child(_recorded, scenery, folder, run.fault)
    if violations:
        yield run.leave(folder, Trial("recording", violations))
    chance = run.random
    images = run.amount(10, 3000)
    cuts = sorted((chance.randrange(len(recorded) + 1), HOW[n % len(HOW)]) for n in range(images))
    # At least once what is left after the last of all, and before the first.
    cuts += [(len(recorded), how) for how in HOW[:3]]
    chance.shuffle(cuts)
    batches = [sorted(cuts[n : n + BATCH]) for n in range(0, len(cuts), BATCH)]
    tasks = ((scenery, folder, run.place(), recorded, batch, chance.randrange(1 << 30)) for batch in batches)
    for place, trial in abreast(_cut, tasks, width=1 if run.quick else 2, over=lambda: run.is_over):
        yield run.leave(place, trial)
    run.leave(folder, Trial(""))


def _recorded(scenery: Scenery, folder: Path, fault: str | None) -> tuple[list[Operation], Violations]:
    """Let people work and upload, every file operation written down; the copy made first is the state to begin with."""
    home, trace, gate = folder / "home", folder / "trace", Gate()
    home.mkdir()
    url = scenery.copy(home)
    (folder / "before").mkdir()
    (folder / "before" / "lienthong.db").write_bytes((home / "lienthong.db").read_bytes())
    worker = Child(_work, url, scenery, home, Journal(folder / "journal"), gate, fault=fault)
    with strace.traced(worker.pid, ["-e", f"trace={CALLS}", "-xx", "-y", "-s", "200000"], output=trace):
        gate.open()
        worker.result()
    with trace.open(encoding="ascii", errors="replace") as lines:
        return list(operations(lines)), ()


def _work(url: str, scenery: Scenery, home: Path, journal: Journal, gate: Gate) -> None:
    gate.wait()
    store = FileStore(home / "files")
    with opened(url) as database:
        for number, act in enumerate(REPORTING[:3]):
            key = f"upload-{number}"
            journal.say("sent", key)
            sha256 = _upload(database, scenery, store, act, number)
            journal.say("acked", f"{key} {sha256}")
            work(database, scenery, [act], journal)
        work(database, scenery, REPORTING[3:], journal)


def _upload(database: Database, scenery: Scenery, store: FileStore, act: Act, number: int) -> str:
    stored = store.put(io.BytesIO(picture(number)))
    actor = scenery.actors[act.login]
    with committing(database, scenery.clock) as session:
        task = open_task(session, actor, act.element)
        attachments.attach(session, task, actor=actor, name=f"{number}.png", stored=stored)
    return stored.sha256


def picture(number: int, side: int = 40) -> bytes:
    """Return a picture whose bytes nobody has seen before."""
    pixels = random.Random(number).randbytes(side * side)
    rows = b"".join(b"\0" + pixels[n * side : (n + 1) * side] for n in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    packed = (struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
              for name, data in chunks)  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def _cut(
    scenery: Scenery, folder: Path, place: Path, recorded: Sequence[Operation], cuts: Sequence[tuple[int, str]],
    seed: int,
) -> tuple[Path, Trial]:  # fmt: skip
    violations = in_child(_examined, scenery, folder, place, recorded, cuts, seed)
    return place, Trial("power cut", violations, len(cuts), {"operations": len(recorded)})


def _examined(
    scenery: Scenery, folder: Path, place: Path, recorded: Sequence[Operation], cuts: Sequence[tuple[int, str]],
    seed: int,
) -> Violations:  # fmt: skip
    """Play the operations, and at each cut open what the disk may hold."""
    disk, done, chance = _disk(folder), 0, random.Random(seed)
    said: list[str] = []
    found: list[str] = []
    journal = str(folder / "journal")
    for number, (at, how) in enumerate(cuts):
        for one in recorded[done:at]:
            disk.do(one)
            if one.path == journal:
                said += one.data.decode().splitlines()
        done = max(done, at)
        image = place / str(number)
        image.mkdir()
        disk.image(image, how, chance)
        found += [f"cut {at} ({how}): {one}" for one in _look(scenery, image, said)]
    return tuple(found)


def _disk(folder: Path) -> Disk:
    """Return the disk as it was when the recording began, under the names of the recording."""
    disk = Disk(folder / "before")
    disk.folder = str(folder / "home")
    disk.durable = {str(folder / "home" / Path(name).name): file for name, file in disk.durable.items()}
    disk.names = dict(disk.durable)
    return disk


def _look(scenery: Scenery, image: Path, said: Sequence[str]) -> Iterator[str]:
    acts = [line for line in said if "upload" not in line]
    path = image / "journal"
    path.write_text("".join(f"{line}\n" for line in acts), encoding="utf-8")
    with opened(f"sqlite:///{image / 'lienthong.db'}") as database:
        try:
            yield from look(database, scenery, REPORTING, Journal(path))
            yield from _uploads(database, FileStore(image / "files"), said)
        except DBAPIError as error:
            yield f"I7 {type(error).__name__}: {error}"


def _uploads(database: Database, store: FileStore, said: Sequence[str]) -> Iterator[str]:
    acked = [line.split()[2] for line in said if line.startswith("acked upload")]
    with database.read() as session:
        known: set[Any] = set(session.scalars(select(Attachment.sha256)))
    yield from (f"I1 the upload {one[:8]} was acked and has no row" for one in acked if one not in known)
    yield from (f"I1 the file {one[:8]} has a row and is not whole" for one in known if not store.is_sound(one))

"""P9: on a full disk or an I/O error work is refused, nothing is half done, reading goes on and writing resumes."""

import itertools
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import event, make_url
from sqlalchemy.exc import DBAPIError

from engine.verification import regain_trust
from models.database import Database
from models.storage import StorageDoubted
from tests.torture import strace
from tests.torture.acts import AT_ONCE, Journal, examine, look, work
from tests.torture.children import Child, abreast, in_child
from tests.torture.cluster import Cluster
from tests.torture.full_disk import Door, ask, ask_again, small_disk, stuff
from tests.torture.scenery import Scenery
from tests.torture.strace import Gate
from tests.torture.trial import Run, Trial, Violations
from tests.torture.warm import opened

PROMISE: Final = "P9"
TITLE: Final = "a full disk or an I/O error is refused, nothing half done"
SHARE: Final = 9.0
FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {"error at the commit answered as success": "tests.torture.faults.commit_error_hidden"}
)
# Pages a database may still grow.
ROOMS: Final = (0, 1, 2, 3, 5, 8, 13, 21, 40, 80)
SERVER_DISK: Final = 400_000_000
NO_LIMIT: Final = 2**31 - 2
# How many calls lie between two that are refused; each seed begins at another one.
BROKEN_CALLS: Final = (
    ("fsync", "EIO", "", 1),
    ("fdatasync", "EIO", "", 1),
    ("pwrite64", "EIO", "", 7),
    ("pwrite64", "ENOSPC", "+", 13),
)


def trials(run: Run) -> Iterator[Trial]:
    """Limit the pages of the database at its door; then refuse system calls, and fill a real small disk."""
    if run.on_postgres:
        for room in (0, 300_000, 1_200_000)[: 1 if run.quick and not run.fault else 3]:
            folder = run.place()
            yield run.leave(folder, in_child(_full_server, folder, room, run.fault))
        return
    scenery = run.scene("carry_out")
    for room in ROOMS[:: 3 if run.quick else 1]:
        folder = run.place()
        yield run.leave(folder, in_child(_limited, scenery, folder, room, run.fault))
    if run.fault is None and not run.quick:
        for room in (40_000, 100_000, 300_000):
            folder = run.place()
            yield run.leave(folder, in_child(_small_disk, scenery, folder, room))
        yield from _refused_calls(run, scenery)


def _limited(scenery: Scenery, folder: Path, room: int, fault: str | None) -> Trial:
    with scenery.copied(folder) as url:
        violations, said = in_child(_at_the_door, url, scenery, folder, room, fault=fault)
        violations += in_child(_look, url, scenery, Journal(folder / "journal"))
    return Trial(f"{room} pages left", violations, facts=said)


def _look(url: str, scenery: Scenery, journal: Journal) -> Violations:
    with opened(url) as database:
        return tuple(look(database, scenery, AT_ONCE, journal))


# Through the API, in one process that goes on


def _at_the_door(url: str, scenery: Scenery, folder: Path, room: int) -> tuple[Violations, dict[str, Any]]:
    """Let people complete their tasks while there is little room; then give room and let them repeat."""
    limit = [NO_LIMIT]
    with opened(url) as database:
        _limit(database, limit)
        door = Door(database, scenery, folder)
        tasks = {act.key: door.find(act) for act in AT_ONCE}
        limit[0] = _pages(database) + room
        found, said = ask(door, tasks, Journal(folder / "journal"))
        limit[0] = NO_LIMIT
        found += ask_again(door, tasks)
    return tuple(found), said


def _limit(database: Database, limit: list[int]) -> None:
    @event.listens_for(database.writer, "checkout")
    def checkout(connection: Any, record: object, proxy: object) -> None:
        connection.execute(f"PRAGMA max_page_count={limit[0]}").close()


def _pages(database: Database) -> int:
    with database.reader.connect() as connection:
        return int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())


# System calls that are refused


def _refused_calls(run: Run, scenery: Scenery) -> Iterator[Trial]:
    strace.require()
    for call, error, onwards, step in BROKEN_CALLS:
        tasks = (
            (scenery, run.place(), f"{call}:error={error}:when={number}{onwards}")
            for number in itertools.count(1 + run.seed % step, step)
        )
        for folder, trial in abreast(_broken, tasks, width=2, over=lambda: run.is_over):
            yield run.leave(folder, trial)
            if trial.facts["done"]:
                break


def _broken(scenery: Scenery, folder: Path, injected: str) -> tuple[Path, Trial]:
    journal, gate = Journal(folder / "journal"), Gate()
    with scenery.copied(folder) as url:
        worker = Child(_despite, url, scenery, journal, gate)
        trace = ["-e", f"trace={injected.partition(':')[0]}", "-e", f"inject={injected}"]
        with strace.traced(worker.pid, trace):
            gate.open()
            done = worker.result()
        said = {"acked": len(journal.acked), "unknown": len(journal.unknown), "done": done}
        violations = in_child(examine, url, scenery, AT_ONCE, journal)
    return folder, Trial(injected, violations, facts=said)


def _despite(url: str, scenery: Scenery, journal: Journal, gate: Gate) -> bool:
    """Work on whatever fails, and verify after it, as a server does; tell whether nothing failed."""
    gate.wait()
    done = True
    with opened(url) as database:
        for act in AT_ONCE:
            try:
                work(database, scenery, [act], journal)
            except (DBAPIError, StorageDoubted):
                done = False
                regain_trust(database, scenery.clock)
    return done


# A real disk


def _small_disk(scenery: Scenery, folder: Path, room: int) -> Trial:
    """Fill a small disk of memory under a process at work, free it, and let it go on."""
    with small_disk(Path(make_url(f"sqlite:///{scenery.template}").database or "").stat().st_size + 2_000_000) as disk:
        url = scenery.copy(disk)
        violations, said = in_child(_filled, url, scenery, disk, folder, room)
        violations += in_child(_look, url, scenery, Journal(folder / "journal"))
        for path in disk.iterdir():
            if path.is_file():
                shutil.copy(path, folder)
    return Trial(f"disk with {room} bytes left", violations, facts=said)


def _filled(url: str, scenery: Scenery, disk: Path, folder: Path, room: int) -> tuple[Violations, dict[str, Any]]:
    with opened(url) as database:
        door = Door(database, scenery, disk)
        tasks = {act.key: door.find(act) for act in AT_ONCE}
        stuffing = stuff(disk, room)
        # The journal of a client is not on this disk.
        found, said = ask(door, tasks, Journal(folder / "journal"))
        stuffing.unlink()
        found += ask_again(door, tasks)
    return tuple(found), said


# The disk of a server


def _full_server(folder: Path, room: int, fault: str | None) -> Trial:
    """Fill the disk of a PostgreSQL server; it may break down, the application has to outlive it."""
    with small_disk(SERVER_DISK) as disk:
        cluster = Cluster(disk)
        cluster.make("--wal-segsize=1")
        cluster.start()
        try:
            scenery = cluster.scenes(disk / "scenes").get("carry_out")
            url = scenery.copy(disk)
            violations, said = in_child(_filled_server, cluster, url, scenery, disk, folder, room, fault=fault)
            violations += in_child(_look, url, scenery, Journal(folder / "journal"))
        finally:
            cluster.stop()
    return Trial(f"server with {room} bytes left", violations, facts=said)


def _filled_server(
    cluster: Cluster, url: str, scenery: Scenery, disk: Path, folder: Path, room: int
) -> tuple[Violations, dict[str, Any]]:
    with opened(url) as database:
        door = Door(database, scenery, folder)
        tasks = {act.key: door.find(act) for act in AT_ONCE}
        stuffing = stuff(disk, room)
        found, said = ask(door, tasks, Journal(folder / "journal"))
        stuffing.unlink()
        cluster.come_back()
        found += ask_again(door, tasks)
    return tuple(found), said

"""P11: running instances stay on the version they began with, whatever is deployed or published meanwhile."""

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import select

from engine import definitions, designs, instances, tasks, uses
from engine.jobs import committing
from engine.retry import again
from models.database import Database
from models.definitions import Definition
from models.designs import Design
from models.errors import Invalid
from models.instances import Instance
from models.tasks import Task
from tests.engine.diagrams import bundle, chain, end, process, start, user
from tests.torture.acts import invariants
from tests.torture.children import abreast, in_child
from tests.torture.scenery import Scenery
from tests.torture.trial import Run, Trial, Violations
from tests.torture.warm import opened

PROMISE: Final = "P11"
TITLE: Final = "running instances stay on their version"
SHARE: Final = 4.0
FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "definitions kept by the process, not by the version": "tests.torture.faults.kept_by_process",
        "the newest version taken for the own one": "tests.torture.faults.newest_version",
    }
)
EVERY: Final = 0.05
PATIENCE: Final = 120.0  # seconds until the instances of a trial have to be at their end
LONG: Final = 1800.0
PROCESS: Final = "versioned"


def trials(run: Run) -> Iterator[Trial]:
    """Deploy and publish versions, also invalid and breaking ones, while people start and advance instances."""
    scenery, chance = run.scene(), run.random
    folder = run.place()
    yield run.leave(*_publications(scenery, folder, run.amount(30, 2000), run.amount(6, 200), chance, run.fault))
    size = run.amount(20, 200)
    tasks_ = ((scenery, run.place(), size, chance.randrange(1 << 30), run.fault) for _ in range(run.amount(1, 10)))
    for folder, trial in abreast(_trial, tasks_, width=1 if run.quick else 2, over=lambda: run.is_over):
        yield run.leave(folder, trial)


def _trial(scenery: Scenery, folder: Path, size: int, seed: int, fault: str | None) -> tuple[Path, Trial]:
    with scenery.copied(folder) as url:
        violations, said = in_child(_deployed, url, scenery, size, seed, fault=fault)
    return folder, Trial(f"deployments {seed}", violations, size, said)


def _publications(
    scenery: Scenery, folder: Path, size: int, count: int, chance: random.Random, fault: str | None
) -> tuple[Path, Trial]:
    seed = chance.randrange(1 << 30)
    with scenery.copied(folder) as url:
        violations, said = in_child(_published, url, scenery, size, count, seed, fault=fault, patience=LONG)
    return folder, Trial(f"{count} publications while {size} run {seed}", violations, size, said)


def version(number: int) -> dict[str, bytes]:
    """Return a version whose steps carry its number; every third one has another step in between."""
    steps = ["a", "b", "c"][: 2 + (number % 3 == 0)]
    names = [f"{step}_{number}" for step in steps]
    parts = [user(name) for name in names]
    return bundle(process(start(), *parts, end(), chain("start", *names, "end"), id=PROCESS))


def _deployed(url: str, scenery: Scenery, size: int, seed: int) -> tuple[Violations, dict[str, Any]]:
    chance, over = random.Random(seed), threading.Event()
    broke: list[str] = []
    with opened(url) as database:
        _deploy(database, scenery, version(1))
        deployed = [1]

        def deploy() -> None:
            while not over.wait(EVERY):
                try:
                    _deploy(database, scenery, version(deployed[-1] + 1))
                    deployed.append(deployed[-1] + 1)
                    _deploy(database, scenery, {"p.bpmn": b"<broken"})
                    broke.append("a broken file was deployed")
                except Invalid:
                    continue
                except Exception as error:
                    broke.append(f"deploying: {type(error).__name__}: {error}")

        deploying = threading.Thread(target=deploy, daemon=True)
        deploying.start()
        broke += _advanced(database, scenery, size, chance)
        over.set()
        deploying.join(30)
        broke += _paths(database)
        broke += invariants(database, scenery.clock)
    return tuple(broke), {"versions": len(deployed)}


def _published(url: str, scenery: Scenery, size: int, count: int, seed: int) -> tuple[Violations, dict[str, Any]]:
    """Let many run on the first version; then publish one after the other while they advance and some more begin."""
    chance, broke, began = random.Random(seed), list[str](), time.monotonic()
    with opened(url) as database:
        _deploy(database, scenery, version(1))
        for _ in range(size):
            _start(database, scenery)
        running = time.monotonic()

        def publish() -> None:
            try:
                for number in range(count):
                    _publish(database, scenery, version(number + 2))
            except Exception as error:
                broke.append(f"publishing: {type(error).__name__}: {error}")

        publishing = threading.Thread(target=publish, daemon=True)
        publishing.start()
        broke += _advanced(
            database, scenery, size // 10, chance, patience=LONG, until=lambda: not publishing.is_alive()
        )
        publishing.join(LONG)
        broke += _paths(database)
        broke += invariants(database, scenery.clock)
        broke += _in_use(database, count + 1)
    over = time.monotonic()
    return tuple(broke), {"started_s": round(running - began), "published_s": round(over - running)}


def _publish(database: Database, scenery: Scenery, files: dict[str, bytes]) -> None:
    """Bring a version into use as people do: drawn and submitted by one, approved by another."""
    drawer, other = scenery.actors["thietke"], scenery.actors["quantri"]
    made: list[str] = []

    def draw() -> None:
        with committing(database, scenery.clock) as session:
            design = designs.import_files(session, files, actor=drawer, name=PROCESS)
            made[:] = [designs.submit(session, design, actor=drawer, note="Bản mới").id]

    def approve() -> None:
        with committing(database, scenery.clock) as session:
            designs.approve(session, session.get_one(Design, made[0]), actor=other, note="Đủ để dùng")

    again(draw)
    again(approve)


def _in_use(database: Database, wanted: int) -> Iterator[str]:
    """Look that the last version that was published is the one in use, and that there are no others beside."""
    with database.read() as session:
        found = session.scalars(Definition.active().where(Definition.process_id == PROCESS)).all()
        if [one.version for one in found] != [wanted]:
            yield f"in use are the versions {[one.version for one in found]}, published was {wanted}"


def _deploy(database: Database, scenery: Scenery, files: dict[str, bytes]) -> None:
    def act() -> None:
        with committing(database, scenery.clock) as session:
            definitions.deploy(session, files, actor=scenery.actors["thietke"])

    again(act)


def _advanced(
    database: Database,
    scenery: Scenery,
    size: int,
    chance: random.Random,
    *,
    patience: float = PATIENCE,
    until: Callable[[], bool] = lambda: True,
) -> Iterator[str]:
    """Start instances one by one and advance any of them, until all have come to their end and `until` holds."""
    left, began = size, time.monotonic()
    while time.monotonic() - began < patience:
        try:
            moved = _advance(database, scenery, chance, left)
        except Exception as error:  # whatever it is: nobody was to be stopped by a deployment
            yield f"advancing: {type(error).__name__}: {error}"
            return
        if moved is None and until():
            return
        left -= moved or 0
    yield "the instances did not come to their end"


def _advance(database: Database, scenery: Scenery, chance: random.Random, left: int) -> int | None:
    """Start an instance (1) or complete a task of one (0); None when all have come to their end."""
    with database.read() as session:
        open_ = session.scalars(select(Task.id).where(Task.process_id == PROCESS, Task.state == "open")).all()
    if left and (not open_ or chance.random() < 0.4):
        _start(database, scenery)
        return 1
    if not open_:
        return None
    with committing(database, scenery.clock) as session:
        tasks.complete(
            session, session.get_one(Task, chance.choice(open_)), actor=scenery.actors["thietke"], answers={}
        )
        return 0


def _start(database: Database, scenery: Scenery) -> None:
    with committing(database, scenery.clock) as session:
        instances.start(session, uses.active(session, PROCESS), actor=scenery.actors["thietke"])


def _paths(database: Database) -> Iterator[str]:
    """Hold the path of each instance against the version it began with."""
    with database.read() as session:
        rows = session.execute(select(Instance, Definition).join(Definition).where(Instance.process_id == PROCESS))
        for instance, definition in rows:
            wanted = {name.removesuffix(".bpmn") for name in _steps(definition)}
            went = {one for one in instance.passed if one not in ("start", "end")}
            opened_ = set(session.scalars(select(Task.element).where(Task.instance_id == instance.id)))
            if instance.state != "finished" or went != wanted or opened_ != wanted:
                yield f"an instance of version {definition.version} is {instance.state} and went {sorted(went)}"


def _steps(definition: Definition) -> set[str]:
    content = next(file.content for file in definition.files).decode()
    return {part.partition('"')[0] for part in content.split('<bpmn:userTask id="')[1:]}

"""P11: running instances stay on the version they began with, whatever is deployed meanwhile."""

import random
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import select

from engine import definitions, instances, tasks
from engine.jobs import committing
from engine.retry import again
from models.database import Database
from models.definitions import Definition
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
SHARE: Final = 2.0
FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "definitions kept by the process, not by the version": "tests.torture.faults.kept_by_process",
        "the newest version taken for the own one": "tests.torture.faults.newest_version",
    }
)
EVERY: Final = 0.05
PROCESS: Final = "versioned"


def trials(run: Run) -> Iterator[Trial]:
    """Deploy valid, invalid and breaking versions while people start and advance instances."""
    scenery, chance = run.scene(), run.random
    size = run.amount(20, 200)
    tasks_ = ((scenery, run.place(), size, chance.randrange(1 << 30), run.fault) for _ in range(run.amount(1, 40)))
    for folder, trial in abreast(_trial, tasks_, width=1 if run.quick else 2, over=lambda: run.is_over):
        yield run.leave(folder, trial)


def _trial(scenery: Scenery, folder: Path, size: int, seed: int, fault: str | None) -> tuple[Path, Trial]:
    with scenery.copied(folder) as url:
        violations, said = in_child(_deployed, url, scenery, size, seed, fault=fault)
    return folder, Trial(f"deployments {seed}", violations, size, said)


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


def _deploy(database: Database, scenery: Scenery, files: dict[str, bytes]) -> None:
    def act() -> None:
        with committing(database, scenery.clock) as session:
            definitions.deploy(session, files, actor=scenery.actors["thietke"])

    again(act)


def _advanced(database: Database, scenery: Scenery, size: int, chance: random.Random) -> Iterator[str]:
    """Start instances one by one and advance any of them, until all have come to their end."""
    left, began = size, time.monotonic()
    while time.monotonic() - began < 120:
        try:
            moved = _advance(database, scenery, chance, left)
        except Exception as error:  # whatever it is: nobody was to be stopped by a deployment
            yield f"advancing: {type(error).__name__}: {error}"
            return
        if moved is None:
            return
        left -= moved
    yield "the instances did not come to their end"


def _advance(database: Database, scenery: Scenery, chance: random.Random, left: int) -> int | None:
    """Start an instance (1) or complete a task of one (0); None when all have come to their end."""
    actor = scenery.actors["thietke"]
    with committing(database, scenery.clock) as session:
        open_ = session.scalars(select(Task).where(Task.process_id == PROCESS, Task.state == "open")).all()
        if left and (not open_ or chance.random() < 0.4):
            instances.start(session, definitions.active(session, PROCESS), actor=actor)
            return 1
        if not open_:
            return None
        tasks.complete(session, chance.choice(open_), actor=actor, answers={})
        return 0


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

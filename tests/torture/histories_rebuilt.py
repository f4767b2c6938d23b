"""REPLAY: what is so now is what the log alone tells, whatever happened to an order."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from models.orders import Order
from tests.engine.histories import BEGUN, History, rename
from tests.play import Story
from tests.torture.children import abreast, in_child
from tests.torture.scenery import Scenery
from tests.torture.trial import Run, Trial, Violations, batches
from tests.torture.warm import opened

PROMISE: Final = "REPLAY"
TITLE: Final = "the log alone tells what is so now"
SHARE: Final = 3.0
FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "what stopped waiting is not said": "tests.torture.faults.closed_unsaid",
        "handing to a colleague is not told": "tests.torture.faults.delegation_untold",
    }
)
BATCH: Final = 25
STEPS: Final = 30


def trials(run: Run) -> Iterator[Trial]:
    """Let random things happen to an order: reworks, delegation, migration, withdrawal, operators' acts, repairs."""
    chance = run.random
    stages = BEGUN[-2:] if run.quick or run.fault else BEGUN
    scenes = [run.scene(step, setup=_versions) for step in stages]
    tasks = (
        (chance.choice(scenes), run.place(), chance.randrange(1 << 30), size, run.fault)
        for size in batches(run.amount(5, 1000), BATCH)
    )
    for folder, trial in abreast(_batch, tasks, width=1 if run.quick else 2, over=lambda: run.is_over):
        yield run.leave(folder, trial)


def _versions(story: Story) -> str:
    rename(story)
    (order,) = story.rows(Order)
    return str(order.id)


def _batch(scenery: Scenery, folder: Path, seed: int, size: int, fault: str | None) -> tuple[Path, Trial]:
    violations, done = in_child(_rebuilt, scenery, folder, seed, size, fault=fault)
    return folder, Trial(f"histories {seed}", violations, size, {"acts": dict(done)})


def _rebuilt(scenery: Scenery, folder: Path, seed: int, size: int) -> tuple[Violations, Counter[str]]:
    """Play histories one after the other, each in a copy; one whose log tells something else is kept."""
    chance, wrong = random.Random(seed), list[str]()
    done = Counter[str]()
    for number in range(size):
        place = folder / str(number)
        place.mkdir()
        with scenery.copied(place) as url, opened(url) as database:
            history = History(Story(database, scenery.clock, scenery.world), scenery.said, chance.randrange(1 << 30))
            history.go_on(STEPS)
            done.update(one.strip("_") for one in history.done)
            wrong += (f"history {number}: {doubt}" for doubt in history.doubts())
    return tuple(wrong), done

"""What a trial is, what a run of trials may use, and the difference between passed and not run."""

import random
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from tests.torture.scenery import Scenery, Scenes, Setup

Violations = tuple[str, ...]


class NotRun(Exception):
    """A tool that a trial needs is not here: said, never counted as passed."""


@dataclass(frozen=True)
class Trial:
    """One attempt, or a batch of them, to break a promise, and what broke."""

    what: str
    violations: Violations = ()
    count: int = 1
    facts: Mapping[str, Any] = field(default_factory=dict)


class Promise(Protocol):
    """The face of a module of trials."""

    PROMISE: str
    TITLE: str
    SHARE: float  # of the time of a whole run: about the minutes of one core that the full count takes
    FAULTS: Mapping[str, str]  # what is planted -> the start-up module that plants it

    def trials(self, run: "Run") -> Iterator[Trial]:
        """Give the trials of a run; ends by itself, or when `run.is_over`."""


@dataclass
class Run:
    """What the trials of one promise may use."""

    seed: int
    database: str
    folder: Path
    quick: bool = False
    unplanted: bool = False
    until: float = float("inf")
    fault: str | None = None
    kept: Path | None = None
    scenes: "Scenes | None" = None
    _folders: int = 0

    @property
    def random(self) -> random.Random:
        """Return the source of chance, which begins anew at each call."""
        return random.Random(self.seed)

    @property
    def on_postgres(self) -> bool:
        return self.database == "postgres"

    @property
    def is_over(self) -> bool:
        """Tell whether the time of this promise is used up."""
        return time.monotonic() > self.until

    def over_after(self, share: float) -> Callable[[], bool]:
        """Return what tells whether a share of the time left from now on is used up."""
        now = time.monotonic()
        until = now + share * (self.until - now) if self.until != float("inf") else self.until
        return lambda: time.monotonic() > until

    def amount(self, quick: int, full: int) -> int:
        """Return how many; for a planted fault some more than in a quick run, which may miss it by chance."""
        return min(full, 5 * quick) if self.fault else quick if self.quick else full

    def scene(self, until: str | None = None, *, setup: "Setup | None" = None) -> "Scenery":
        """Return a template in which an order has come to a step, built once for all promises of a run."""
        from tests.torture import acts, warm
        from tests.torture.scenery import Scenes

        if self.scenes is None:
            self.scenes = Scenes(self.folder / "scenes", postgres=self.on_postgres)
            if not self.on_postgres and not self.quick:
                scenes = self.scenes.get("carry_out"), self.scenes.get("assign_locality")
                plays = list(zip(scenes, (acts.REPORTING, acts.SPREADING), strict=True))
                warm.up(lambda: acts.rehearse(self.folder, plays))
        return self.scenes.get(until, setup)

    def place(self) -> Path:
        """Return an empty folder for one trial."""
        self._folders += 1
        folder = self.folder / f"{self.fault or 'trial'}-{self._folders}".rpartition(".")[2]
        folder.mkdir(mode=0o755, parents=True)
        return folder

    def leave(self, folder: Path, trial: Trial) -> Trial:
        """Delete a trial's folder, or keep it where the promise was broken by the product itself."""
        if trial.violations and not self.fault and self.kept is not None:
            kept = self.kept / f"{folder.parent.name}-{folder.name}"
            shutil.copytree(folder, kept, dirs_exist_ok=True)
            trial = Trial(trial.what, trial.violations, trial.count, {**trial.facts, "kept": str(kept)})
        shutil.rmtree(folder, ignore_errors=True)
        return trial


def batches(total: int, size: int) -> Iterator[int]:
    """Divide a number into batches."""
    while total > 0:
        yield min(size, total)
        total -= size


# The start-up module of this process.
planted: str | None = None


def plant(module: str | None) -> None:
    """Patch the product in this process by a start-up module; none plants nothing."""
    global planted
    if module is not None:
        planted = module
        __import__(module)


def replace(place: ModuleType | type, name: str, new: Callable[..., Any] | Any) -> Any:
    """Put something else in the place of a name the product has, and return what was there."""
    before = getattr(place, name)  # a fault that patches what is no longer there would prove nothing
    setattr(place, name, new)
    return before

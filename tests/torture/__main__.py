"""script/torture: tries to break every promise, shows that each planted fault is noticed, and ends with a table."""

import argparse
import importlib
import json
import logging
import multiprocessing
import re
import resource
import secrets
import select
import shutil
import sys
import tempfile
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, cast

from tests.torture.children import Broken, Child
from tests.torture.trial import NotRun, Promise, Run, Trial

MODULES: Final = {
    "P1": "p01_kill",
    "P2": "p02_power",
    "P3": "p03_one_winner",
    "P4": "p04_tokens",
    "P5": "p05_timers",
    "P6": "p06_delivery",
    "P7": "p07_tampering",
    "P8": "p08_clock",
    "P9": "p09_disk",
    "P10": "p10_restart",
    "P11": "p11_deploy",
    "P12": "p12_backup",
    "REPLAY": "histories_rebuilt",
    "CLUSTER": "nodes_killed",
}
# Tried only when asked for: the thirty minutes are for the twelve promises.
BESIDES: Final = ("REPLAY", "CLUSTER")
# Of the time of a promise, what its trials may use; the rest is for the planted faults.
FOR_TRIALS: Final = 0.9
# Those who are tried at one time speak one after the other.
_voice = multiprocessing.Lock()


@dataclass
class Line:
    """What came of one promise."""

    promise: str
    title: str
    trials: int = 0
    violations: int = 0
    faults: dict[str, bool] = field(default_factory=dict)
    not_run: list[str] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0  # seconds, without those of database servers that were killed
    is_cut_short: bool = False

    @property
    def is_kept(self) -> bool:
        """Tell whether it was tried, held, and would have been seen broken."""
        tried = self.trials > 0 and not self.not_run and all(self.faults.values())
        return tried and self.violations == 0

    @property
    def caught(self) -> str:
        """Say how many planted faults were noticed."""
        return f"{sum(self.faults.values())}/{len(self.faults)}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; 0 if every promise held and every fault was noticed."""
    options = _options(arguments)
    # What the product says of letters that were not taken and the like is expected here.
    logging.getLogger().addHandler(logging.NullHandler())
    seed = options.seed if options.seed is not None else secrets.randbelow(1 << 32)
    # Its children would say it again at their first word.
    print(f"seed {seed}, {options.database}{', quick' if options.quick else ''}", flush=True)
    asked = options.only.upper().split(",") if options.only else [name for name in MODULES if name not in BESIDES]
    chosen = [name for name in MODULES if name in asked]
    modules = {name: cast(Promise, importlib.import_module(f"tests.torture.{MODULES[name]}")) for name in chosen}
    folder = Path(tempfile.mkdtemp(prefix="lienthong-torture-"))
    # The user of a database server, which is not root, passes through it.
    folder.chmod(0o755)
    run = Run(seed, options.database, folder, quick=options.quick, kept=options.keep / str(seed))
    run.unplanted = options.unplanted
    try:
        lines = _tried(modules, run, minutes=options.minutes, beside=options.beside)
    finally:
        if run.scenes is not None:
            run.scenes.clear()
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(_table([lines[name] for name in modules]))
    return 0 if lines and all(line.is_kept for line in lines.values()) else 1


def _tried(modules: Mapping[str, Promise], run: Run, *, minutes: float, beside: int) -> dict[str, Line]:
    """Try each promise in a child, some at a time: much of a trial is waiting for disks and servers."""
    until = time.monotonic() + 60.0 * minutes
    if len(modules) > 1:
        # What all begin with is built and compiled here, once; where it cannot be, each of them says why.
        with suppress(NotRun, Broken):
            run.scene("carry_out")
    # The largest last: they get what the others did not use.
    waiting = sorted(modules, key=lambda name: modules[name].SHARE, reverse=True)
    running: dict[str, tuple[Child, float]] = {}
    lines: dict[str, Line] = {}
    while waiting or running:
        while waiting and len(running) < beside:
            now, left = time.monotonic(), sum(modules[name].SHARE for name in waiting)
            free = beside * (until - now) - sum(end - now for _, end in running.values())
            name = waiting.pop()
            seconds = max(0.0, min(until - now, free * modules[name].SHARE / left))
            running[name] = Child(_alone, name, modules[name], run, seconds), now + seconds
        ready, _, _ = select.select([child for child, _ in running.values()], [], [])
        for name in [name for name, (child, _) in running.items() if child in ready]:
            lines[name] = _line(name, modules[name], running.pop(name)[0])
    return lines


def _alone(name: str, module: Promise, run: Run, seconds: float) -> Line:
    """Try one promise, in a child that leaves nothing behind."""
    run = replace(run, folder=run.folder / name)
    run.folder.mkdir(mode=0o755)
    try:
        line = _try(name, module, run, seconds)
    finally:
        if run.scenes is not None:
            run.scenes.clear()
    used = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    line.cpu = sum(one.ru_utime + one.ru_stime for one in used)
    return line


def _line(name: str, module: Promise, child: Child) -> Line:
    try:
        line: Line = child.result()
    except Broken as why:
        _say(promise=name, broke=str(why)[-4000:])
        line = Line(name, module.TITLE, not_run=[f"its process broke: {str(why).strip().splitlines()[-1]}"])
    return line


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/torture", description=__doc__)
    parser.add_argument(
        "--only",
        default="",
        metavar="P1,P5",
        help=f"of {' '.join(MODULES)}; else P1 to P12",
    )
    parser.add_argument("--minutes", type=float, default=28.0, help="for the whole run; shared by what is tried")
    parser.add_argument("--seed", type=int, default=None, help="of the chance in it; the run prints it")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--quick", action="store_true", help="a small part of each, as script/test runs it")
    parser.add_argument("--beside", type=int, default=2, metavar="N", help="how many promises are tried at a time")
    parser.add_argument("--unplanted", action="store_true", help="leave out the planted faults: it proves less")
    parser.add_argument("--keep", type=Path, default=Path("var/torture"), help="where failing databases are kept")
    return parser.parse_args(arguments)


def _try(name: str, module: Promise, run: Run, seconds: float) -> Line:
    """Run the trials of a promise, then plant each of its faults until one trial notices it."""
    line, began = Line(name, module.TITLE), time.monotonic()
    known: set[str] = set()
    run.fault, run.until = None, began + (float("inf") if run.quick else FOR_TRIALS * seconds)
    for trial in _told(name, line, module.trials(run), fault=None):
        line.trials += trial.count
        line.violations += len(trial.violations)
        known |= set(map(_kind, trial.violations))
    line.is_cut_short = run.is_over
    if line.not_run and not line.trials:
        return line
    # A quick run shows one of them; a whole one all.
    faults = {} if run.unplanted else dict(list(module.FAULTS.items())[:1]) if run.quick else module.FAULTS
    for number, (what, fault) in enumerate(faults.items(), start=1):
        run.fault = fault
        left = seconds - (time.monotonic() - began)
        run.until = time.monotonic() + max(60.0, left / (len(faults) - number + 1))
        # What breaks without the fault as well proves nothing of it.
        with closing(cast(Generator[Trial, None, None], module.trials(run))) as trials:
            told = _told(name, line, trials, fault=what)
            line.faults[what] = any(_kind(one) not in known for trial in told for one in trial.violations)
    line.seconds = time.monotonic() - began
    return line


def _kind(violation: str) -> str:
    """Return what a violation says, without the keys and numbers in it."""
    return re.sub(r"[0-9a-f]{8,}|\d+", "#", violation)


def _told(name: str, line: Line, trials: Iterator[Trial], *, fault: str | None) -> Iterator[Trial]:
    """Print a line of JSON for each trial; what could not be run, or broke by itself, is said and counts as failed."""
    try:
        for trial in trials:
            _say(promise=name, fault=fault, trial=trial.what, count=trial.count,
                 violations=trial.violations[:20], **trial.facts)  # fmt: skip
            yield trial
    except NotRun as why:
        _say(promise=name, fault=fault, not_run=str(why))
        line.not_run.append(str(why))
    except Broken as why:
        _say(promise=name, fault=fault, broke=str(why)[-4000:])
        line.not_run.append(f"a trial broke: {str(why).strip().splitlines()[-1]}")


def _say(**words: object) -> None:
    said = {name: word for name, word in words.items() if word is not None}
    with _voice:
        print(json.dumps(said, ensure_ascii=False, default=str), flush=True)


def _table(lines: Sequence[Line]) -> str:
    rows = [("promise", "what", "trials", "violations", "planted fault caught", "seconds", "of CPU", "")]
    for line in lines:
        said = "kept" if line.is_kept else "; ".join(_wrong_with(line))
        said += " (cut short by the clock)" if line.is_cut_short else ""
        numbers = f"{line.trials:,}", f"{line.violations:,}", line.caught, f"{line.seconds:.0f}", f"{line.cpu:.0f}"
        rows.append((line.promise, line.title, *numbers, said))
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


def _wrong_with(line: Line) -> Iterator[str]:
    yield from (f"NOT RUN: {why}" for why in dict.fromkeys(line.not_run))
    if line.trials == 0 and not line.not_run:
        yield "NOT RUN: no trial"
    if line.violations:
        yield "BROKEN"
    yield from (f"STAYED GREEN: {what}" for what, caught in line.faults.items() if not caught)


if __name__ == "__main__":
    sys.exit(main())

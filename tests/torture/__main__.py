"""script/torture: tries to break every promise, shows that each planted fault is noticed, and ends with a table."""

import argparse
import importlib
import json
import logging
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from tests.torture.children import Broken
from tests.torture.trial import NotRun, Promise, Run, Trial

MODULES = {
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
# Of the time of a promise, what its trials may use; the rest is for the planted faults.
FOR_TRIALS = 0.8


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
    sys.stdout.write(f"seed {seed}, {options.database}{', quick' if options.quick else ''}\n")
    folder = Path(tempfile.mkdtemp(prefix="lienthong-torture-"))
    # The user of a database server, which is not root, passes through it.
    folder.chmod(0o755)
    chosen = [name for name in MODULES if not options.only or name in options.only.upper().split(",")]
    modules = {name: cast(Promise, importlib.import_module(f"tests.torture.{MODULES[name]}")) for name in chosen}
    if options.beside > 1 and len(modules) > 1:
        shutil.rmtree(folder)
        return _beside_each_other(modules, options, seed)
    run = Run(seed, options.database, folder, quick=options.quick, kept=options.keep / str(seed))
    run.unplanted = options.unplanted
    lines: dict[str, Line] = {}
    until, shares = time.monotonic() + 60.0 * options.minutes, sum(module.SHARE for module in modules.values())
    try:
        # The largest last: they get what the others did not use.
        for name, module in sorted(modules.items(), key=lambda one: one[1].SHARE):
            lines[name] = _try(name, module, run, (until - time.monotonic()) * module.SHARE / shares)
            shares -= module.SHARE
    finally:
        if run.scenes is not None:
            run.scenes.clear()
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(_table([lines[name] for name in modules]))
    return 0 if lines and all(line.is_kept for line in lines.values()) else 1


def _beside_each_other(modules: dict[str, Promise], options: argparse.Namespace, seed: int) -> int:
    """Try each promise in a process of its own, some at a time: much of a trial is waiting for disks and servers."""
    waiting = sorted(modules, key=lambda name: modules[name].SHARE, reverse=True)
    until, ends, rows, outcomes = time.monotonic() + 60.0 * options.minutes, {}, {}, {}
    deal = threading.Lock()

    def lane() -> None:
        while True:
            with deal:
                if not waiting:
                    return
                now = time.monotonic()
                free = options.beside * (until - now) - sum(end - now for end in ends.values())
                name = waiting.pop()
                left = modules[name].SHARE + sum(modules[other].SHARE for other in waiting)
                seconds = max(0.0, min(until - now, free * modules[name].SHARE / left))
                ends[name] = now + seconds
            outcomes[name], rows[name] = _alone(name, seconds, options, seed)
            del ends[name]

    lanes = [threading.Thread(target=lane) for _ in range(options.beside)]
    for one in lanes:
        one.start()
    for one in lanes:
        one.join()
    sys.stdout.write(_table([]) + "".join(rows[name] for name in modules))
    return 1 if any(outcomes.values()) else 0


def _alone(name: str, seconds: float, options: argparse.Namespace, seed: int) -> tuple[int, str]:
    """Try one promise in a process; return how it ended, and its row of the table."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.torture", "--only", name, "--minutes", f"{seconds / 60}"]
    command += ["--seed", str(seed), "--database", options.database, "--keep", str(options.keep), "--beside", "1"]
    command += [f"--{word}" for word in ("quick", "unplanted") if getattr(options, word)]
    row = f"| {name} | NOT RUN: its process ended without a word |\n"
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in cast(IO[str], process.stdout):
            if line.startswith(f"| {name} |"):
                row = line
            elif line.startswith("{"):
                sys.stdout.write(line)
                sys.stdout.flush()
    return process.returncode, row


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/torture", description=__doc__)
    parser.add_argument("--only", default="", metavar="P1,P5", help=f"of {' '.join(MODULES)}")
    parser.add_argument("--minutes", type=float, default=30.0, help="for the whole run; shared by what is tried")
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
    sys.stdout.write(json.dumps(said, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def _table(lines: Sequence[Line]) -> str:
    rows = [("promise", "what", "trials", "violations", "planted fault caught", "seconds", "")]
    for line in lines:
        said = "kept" if line.is_kept else "; ".join(_wrong_with(line))
        said += " (cut short by the clock)" if line.is_cut_short else ""
        numbers = f"{line.trials:,}", f"{line.violations:,}", line.caught, f"{line.seconds:.0f}"
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

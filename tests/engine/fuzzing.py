"""Check and simulate changed diagrams in bounded processes: what breaks is kept as a file."""

import argparse
import gc
import multiprocessing
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path

from engine import lint, simulation
from tests.engine.mutations import mutations

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
MOST_SECONDS = 5.0
MEMORY = 2 * 1024**3  # of a process that has tried hundreds, with the sandbox's threads


def seeds() -> list[bytes]:
    """Return real diagrams: those we ship, those of the conformance cases, those drawn with other tools."""
    places = ("processes/*/*.bpmn", "tests/conformance/cases/*/*.bpmn", "tests/imports/**/*.bpmn")
    return [path.read_bytes() for place in places for path in sorted(ROOT.glob(place))]


def wrong_with(content: bytes, *, simulated: bool) -> str | None:
    """Return what the checker or the simulator did that it must never do, or None."""
    began = time.process_time()
    try:
        report = lint.check({"x.bpmn": content})
        if simulated:
            simulation.simulate({"x.bpmn": content}, now=NOW)
    except simulation.Unusable:
        return None
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if time.process_time() - began > MOST_SECONDS:
        return f"{time.process_time() - began:.1f} s"
    for one in report.findings:
        if one.rule == "check-failed":
            return f"check-failed: {one.message_en}"
        if not (one.message_vi and one.message_en and one.remedy_vi and one.remedy_en):
            return f"{one.rule}: no words"
        if one.level == "refused" and one.line is None and one.rule not in WITHOUT_A_LINE:
            return f"{one.rule}: no line"
    return None


# What is wrong with a file as a whole has no line.
WITHOUT_A_LINE = frozenset(
    {"file-too-large", "doctype-refused", "not-xml", "too-many-elements", "no-process", "too-many-files"}
)


def run(part: int, count: int, *, simulated: bool, keep: Path | None = None) -> tuple[Counter[str], list[str]]:
    """Try `count` diagrams made from the seed `part`; return outcomes and what went wrong."""
    outcomes: Counter[str] = Counter()
    wrong: list[str] = []
    for number, content in enumerate(mutations(seeds(), seed=part, count=count)):
        why = wrong_with(content, simulated=simulated)
        outcomes["wrong" if why else "right"] += 1
        if why is not None:
            wrong.append(f"{part}/{number}: {why}")
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{part}-{number}.bpmn").write_bytes(content)
    return outcomes, wrong


def parts(count: int, size: int = 500) -> Sequence[tuple[int, int]]:
    """Divide a count into (seed, size)."""
    return [(part, min(size, count - part * size)) for part in range(-(-count // size))]


def _bound() -> None:
    gc.freeze()  # as the application does
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def main() -> int:
    """Run the whole count in as many processes as there are cores; 1 when something went wrong."""
    parser = argparse.ArgumentParser(prog="script/fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--simulate", type=float, default=0.1, metavar="SHARE", help="which part is run as well")
    parser.add_argument("--keep", type=Path, default=Path("var/fuzz"), help="where what went wrong is kept")
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.count} inputs, {len(seeds())} diagrams to begin with", flush=True)
    outcomes: Counter[str] = Counter()
    wrong: list[str] = []
    began = time.monotonic()
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("fork"), initializer=_bound) as pool:
        work = [
            pool.submit(
                run,
                options.seed * 1_000_000 + part,
                size,
                simulated=part % 100 < options.simulate * 100,
                keep=options.keep,
            )
            for part, size in parts(options.count)
        ]
        for done in as_completed(work):
            counted, told = done.result()
            outcomes += counted
            wrong += told
            for line in told:
                print(line, flush=True)
            if outcomes.total() % 10_000 == 0:
                print(f"{outcomes.total()} in {time.monotonic() - began:.0f} s, wrong: {len(wrong)}", flush=True)
    print(f"{outcomes.total()} inputs, {len(wrong)} wrong, {time.monotonic() - began:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

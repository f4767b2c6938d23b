"""What the start costs: a server of its own, from nothing to the first page, with the work behind it running."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from bench.measuring import Figure, median

MOST_CPU, MOST_MEMORY = 2.0, 120.0


def measure(*, quick: bool) -> Iterator[Figure]:
    """Yield CPU seconds and peak memory: of the very first start, which makes the tables, and of later ones."""
    with tempfile.TemporaryDirectory(prefix="lienthong-bench-") as home:
        first = _start(home)
        later = [_start(home) for _ in range(2 if quick else 5)]
    yield Figure(name="start.first", value=first["cpu"], unit="s", note="makes the tables")
    yield Figure(name="start.cpu", value=median([one["cpu"] for one in later]), unit="s", limit=MOST_CPU)
    yield Figure(name="start.memory", value=median([one["memory"] for one in later]), unit="MB", limit=MOST_MEMORY)
    loaded = max(one["job_engine"] for one in later)
    yield Figure(name="start.job_engine", value=loaded, unit="", limit=0, note="1: loaded before the first page")


def _start(home: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.first_page", home]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    said: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return said

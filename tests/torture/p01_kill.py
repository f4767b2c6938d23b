"""P1: what was answered "done" survives kill -9 at any instruction; what was not is wholly there or wholly absent."""

import itertools
import operator
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from tests.torture import server, strace
from tests.torture.acts import AT_ONCE, REPORTING, SPREADING, Act, Journal, examine, work
from tests.torture.children import Child, abreast, in_child
from tests.torture.scenery import Scenery
from tests.torture.server import Forked, Server
from tests.torture.strace import Gate
from tests.torture.trial import Run, Trial
from tests.torture.warm import opened

PROMISE: Final = "P1"
TITLE: Final = "an answered completion survives kill -9"
SHARE: Final = 17.0
FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "answered before the commit": "tests.torture.faults.answer_before_commit",
        "audit entry in a transaction of its own": "tests.torture.faults.audit_apart",
        "message rows in a transaction of their own": "tests.torture.faults.messages_apart",
    }
)
CALLS: Final = ("pwrite64", "fdatasync", "fsync", "ftruncate", "write", "sendto", "rename", "unlink")
# Of a quick run.
FEW: Final[Mapping[str, Sequence[int]]] = {"pwrite64": (402,), "fsync": (3,), "write": (4,)}
LATEST: Final = 0.5  # seconds of a server that is asked by seven at once
BY_COMMAND: Final = 20  # every so many servers is started as people start it


def trials(run: Run) -> Iterator[Trial]:
    """Kill at random times, at every system call, and the real server while it is asked."""
    yield from _at_random(run, run.amount(3, 1000))
    if run.fault is None:
        yield from _at_calls(run)
        yield from _servers(run, run.amount(1, 100))


def _at_random(run: Run, count: int) -> Iterator[Trial]:
    scenery, chance = run.scene("carry_out"), run.random
    lasts = _unharmed(run, scenery)
    tasks = ((scenery, run.place(), REPORTING, run.fault, ("time", chance.uniform(0.0, lasts))) for _ in range(count))
    over = run.over_after(1.0 if run.fault else 0.5)
    for folder, trial in abreast(one, tasks, width=1 if run.quick else 2, over=over):
        yield run.leave(folder, trial)


def _unharmed(run: Run, scenery: Scenery) -> float:
    """Return how many seconds the work takes when nobody is killed."""
    began = time.monotonic()
    folder = run.place()
    with scenery.copied(folder) as url:
        in_child(_victim, url, scenery, REPORTING, Journal(folder / "journal"), None)
    run.leave(folder, Trial(""))
    return time.monotonic() - began


def _at_calls(run: Run) -> Iterator[Trial]:
    """Kill at every N-th call of each name, until the work comes to its end without having met an N-th one."""
    strace.require()
    scenery, acts = (run.scene("carry_out"), AT_ONCE) if run.quick else (run.scene("assign_locality"), SPREADING)
    over = run.over_after(0.6)
    survived: dict[str, int] = {}  # the first number of each that was not met: larger ones will not be
    for call, known in _numbers(quick=run.quick):
        numbers = itertools.takewhile(partial(operator.gt, survived.get(call, sys.maxsize)), known)
        tasks = ((scenery, run.place(), acts, run.fault, ("call", call, number)) for number in numbers)
        for folder, trial in abreast(one, tasks, width=1 if run.quick else 2, over=over):
            yield run.leave(folder, trial)
            if trial.facts["survived"]:
                survived[call] = min(survived.get(call, sys.maxsize), trial.facts["number"])
                break


def _numbers(*, quick: bool) -> Iterator[tuple[str, Iterable[int]]]:
    """Give every number of every call, in passes that become denser, so that little time still meets all parts."""
    if quick:
        yield from FEW.items()
        return
    for first in (1, 9, 5, 13, 3, 11, 7, 15, 2, 10, 6, 14, 4, 12, 8, 16):
        yield from ((call, itertools.count(first, 16)) for call in CALLS)


def one(
    scenery: Scenery, folder: Path, acts: Sequence[Act], fault: str | None, kill: tuple[Any, ...]
) -> tuple[Path, Trial]:
    """Let a child work and be killed, look at what is left, repeat what is unknown and look again."""
    journal, gate = Journal(folder / "journal"), Gate()
    with scenery.copied(folder) as url:
        victim = Child(_victim, url, scenery, acts, journal, gate, fault=fault)
        if kill[0] == "time":
            gate.open()
            time.sleep(kill[1])
            victim.kill()
            victim.wait()
            what = f"killed after {kill[1]:.3f} s"
        else:
            _, call, number = kill
            with strace.traced(victim.pid, ["-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={number}"]):
                gate.open()
                victim.wait()
            what = f"killed at {call} {number}"
        if victim.signal is None:
            victim.result()
        said = {"acked": len(journal.acked), "unknown": len(journal.unknown), "survived": victim.signal is None}
        said |= {"number": kill[-1]} if kill[0] == "call" else {}
        violations = in_child(examine, url, scenery, acts, journal)
    return folder, Trial(what, violations, facts=said)


def _victim(url: str, scenery: Scenery, acts: Sequence[Act], journal: Journal, gate: Gate | None) -> None:
    if gate is not None:
        gate.wait()
    with opened(url) as database:
        work(database, scenery, acts, journal)


def _servers(run: Run, count: int) -> Iterator[Trial]:
    """Kill the real server at random times while seven people complete their tasks at once through its API.

    Some are started by their command, the others forked from here, where all is loaded: what is killed is the same.
    """
    scenery, chance = run.scene("carry_out"), run.random
    tasks = (
        (scenery, run.place(), Forked if number % BY_COMMAND else Server, chance.uniform(0.0, LATEST))
        for number in range(count)
    )
    for folder, trial in abreast(_killed_server, tasks, width=1 if run.quick else 2, over=lambda: run.is_over):
        yield run.leave(folder, trial)


def _killed_server(scenery: Scenery, folder: Path, kind: type[Server], after: float) -> tuple[Path, Trial]:
    with scenery.copied(folder) as url:
        violations, said = server.killed(kind(folder, url), scenery, AT_ONCE, after=after)
    return folder, Trial(f"server killed after {after:.3f} s", violations, facts=said)

"""Scenarios held against what they expect, one by one and all of a bundle together with what they cover."""

from collections.abc import Iterable, Iterator, Mapping
from math import inf
from time import monotonic
from typing import Any

from engine.scenarios.grounds import Ground, prepare
from engine.scenarios.playing import play
from engine.scenarios.reading import FOLDER, is_scenario, read
from engine.scenarios.values import Coverage, Difference, Report, Result, Run, Scenario
from models.errors import Invalid


def run(files: Mapping[str, bytes], scenario: Scenario, *, file: str = "", locale: str = "vi") -> Result:
    """Run one scenario on the files of its bundle."""
    return _result(prepare(files), scenario, file, locale)


def run_all(files: Mapping[str, bytes], *, locale: str = "vi", seconds: float = inf) -> Report:
    """Run every scenario of a bundle; one that cannot be read, or comes after the time is over, does not hold."""
    ground, until = prepare(files), monotonic() + seconds
    names = sorted(name for name in files if is_scenario(name))
    results = tuple(
        _of_file(ground, name, files[name], locale) if monotonic() < until else _not_run(name) for name in names
    )
    return Report(results, coverage_of(ground, (result.run for result in results)))


def coverage_of(ground: Ground, runs: Iterable[Run]) -> Coverage:
    """Return what runs reached together of the processes that can be run."""
    if ground.bundle is None:
        return Coverage((), (), frozenset())
    elements = {id: None for name in ground.processes for id in ground.bundle.elements(name)}
    flows = {flow.id: None for name in ground.processes for flow in ground.bundle.flows(name)}
    reached = {one for run in runs for one in (*run.taken, *(entry.element for entry in run.trace))}
    return Coverage(tuple(elements), tuple(flows), frozenset(reached))


def differences(scenario: Scenario, run: Run) -> Iterator[Difference]:
    """Yield how a run differs from what its scenario expects."""
    expected = scenario.expect
    as_expected = run.stopped is not None and run.stopped.reason == expected.outcome
    if run.stopped is not None and not as_expected:
        yield run.stopped
    elif expected.outcome is not None and run.outcome != expected.outcome:
        yield Difference("outcome", facts={"expected": expected.outcome, "got": run.outcome})
    if run.unheard:
        yield Difference("unheard", facts={"names": ", ".join(run.unheard)})
    if expected.ended_at is not None and sorted(run.ended_at) != sorted(expected.ended_at):
        facts = {"expected": ", ".join(expected.ended_at), "got": ", ".join(run.ended_at)}
        yield Difference("ended_at", facts=facts)
    yield from _differences_of_data(expected.data, run)


def _differences_of_data(expected: Mapping[str, Any], run: Run) -> Iterator[Difference]:
    for name, value in expected.items():
        if name not in run.data:
            yield Difference("no_data", facts={"name": name, "expected": value})
        elif run.data[name] != value:
            yield Difference("data", facts={"name": name, "expected": value, "got": run.data[name]})


def _of_file(ground: Ground, name: str, content: bytes, locale: str) -> Result:
    try:
        return _result(ground, read(name, content), name, locale)
    except Invalid as wrong:
        unread = Difference(wrong.reason, wrong.facts.get("step"), wrong.facts)
        return Result(name, _stem(name), Run("refused"), (unread,))


def _not_run(name: str) -> Result:
    return Result(name, _stem(name), Run("waiting"), (Difference("no_time"),))


def _stem(name: str) -> str:
    return name.removeprefix(FOLDER).removesuffix(".json")


def _result(ground: Ground, scenario: Scenario, file: str, locale: str) -> Result:
    played = play(ground, scenario, locale=locale)
    return Result(file, scenario.name, played, tuple(differences(scenario, played)))

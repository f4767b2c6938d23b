"""Compare what the engine does with a conformance case to what the standard demands; differences are sentences."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from lxml import etree

from engine import simulation
from engine.bpmn.model import ACTIVITIES, MODEL
from tests.conformance import traces
from tests.conformance.suite import Case, Run, acts_of, checked, of_group

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)


def of_check(case: Case) -> Iterator[str]:
    """Yield what the checker says otherwise than the standard."""
    report = checked(case.group, case.name)
    told = ", ".join(f"{one.level} {one.rule} ({one.element})" for one in report.findings if one.level != "note")
    if report.outcome != case.check:
        yield f"the checker says {report.outcome}, not {case.check}: {told or 'no finding'}"
    elif case.rule is not None and case.rule not in {one.rule for one in report.findings if one.level == "refused"}:
        yield f"the checker does not refuse it by the rule {case.rule}: {told}"


@cache
def simulated(group: str, name: str, number: int) -> simulation.Simulated | str:
    """Run a course of a case, once; a text says why the simulator would not."""
    case = next(one for one in of_group(group) if one.name == name)
    run = case.runs[number]
    try:
        return simulation.simulate(case.files, processes=run.process, answers=run.answers, acts=acts_of(run), now=NOW)
    except simulation.Unusable as unusable:
        return f"the simulator cannot do it: {unusable}"


def of_run(case: Case, number: int) -> Iterator[str]:
    """Yield what happens otherwise than the standard demands."""
    run, result = case.runs[number], simulated(case.group, case.name, number)
    if isinstance(result, str):
        yield result
        return
    if result.outcome != run.outcome:
        yield f"it ends “{result.outcome}”, not “{run.outcome}” ({_why(result)})"
    yield from _courses(case, run, result)
    yield from _ends(case, run, result)
    for name, value in run.data.items():
        if name not in result.data or result.data[name] != value:
            yield f"the datum {name} is {result.data.get(name, 'missing')!r}, not {value!r}"
    for name, text in run.error.items():
        if (result.error or {}).get(name) != text:
            yield f"the {name} of the error is {(result.error or {}).get(name)!r}, not {text!r}"


def _why(result: simulation.Simulated) -> str:
    if result.error:
        return f"{result.error.get('element')}: {result.error.get('message')}"
    return f"waiting: {', '.join(one.element for one in result.waiting) or 'nothing'}"


def _courses(case: Case, run: Run, result: simulation.Simulated) -> Iterator[str]:
    drawing = Drawing.of(case)
    for one in result.trace:
        if drawing.types.get(one.element) != one.type:
            yield f"the trace calls {one.element} a {one.type}; drawn is {drawing.types.get(one.element, 'nothing')}"
    completed = [one.element for one in result.trace if one.event == "completed" and one.element not in drawing.undoing]
    if run.completed is not None and not traces.keeps(run.completed, completed):
        yield f"completed: {' '.join(completed) or 'nothing'}; demanded: {traces.written(run.completed) or 'nothing'}"
    work = [one for one in result.trace if one.type in ACTIVITIES]
    cancelled = Counter(one.element for one in work if one.event == "cancelled")
    if cancelled != Counter(run.cancelled):
        yield f"cancelled: {_listed(cancelled)}; demanded: {_listed(Counter(run.cancelled))}"
    yield from _lives(result)


def _lives(result: simulation.Simulated) -> Iterator[str]:
    """Whatever completes or is cancelled has begun, and when all is finished nothing that has begun is left open."""
    alive: Counter[str] = Counter()
    for one in result.trace:
        alive[one.element] += 1 if one.event == "started" else -1
        if alive[one.element] < 0:
            yield f"{one.element} is {one.event} before it is started"
    left = Counter({one.element: alive[one.element] for one in result.trace if one.type in ACTIVITIES})
    if +left and result.outcome == "finished":
        yield f"never ended: {_listed(+left)}"


def _ends(case: Case, run: Run, result: simulation.Simulated) -> Iterator[str]:
    if run.ended_at is not None and Counter(run.ended_at) != Counter(result.ended_at):
        yield f"ended at {_listed(Counter(result.ended_at))}; demanded: {_listed(Counter(run.ended_at))}"
    # What only listens beside the work holds no token: the expectations do not name it.
    listening = Drawing.of(case).listening
    waiting = Counter(one.element for one in result.waiting if one.element not in listening)
    if waiting != Counter(run.waiting):
        yield f"waiting: {_listed(waiting)}; demanded: {_listed(Counter(run.waiting))}"


def _listed(counted: Counter[str]) -> str:
    return ", ".join(sorted(counted.elements())) or "nothing"


@dataclass(frozen=True)
class Drawing:
    """What the file itself says of its elements, read apart from the engine."""

    types: dict[str, str]
    listening: frozenset[str]  # events at a border, and starts of event sub-processes
    undoing: frozenset[str]  # events at a border by which compensation enters; no token ever stands there

    @staticmethod
    @cache
    def of(case: Case) -> "Drawing":
        tag = f"{{{MODEL}}}"
        root = etree.fromstring(case.path.read_bytes())
        borders = list(root.iter(f"{tag}boundaryEvent"))
        starts = [
            start
            for inside in root.iter(f"{tag}subProcess")
            if inside.get("triggeredByEvent") in ("true", "1")
            for start in inside.findall(f"{tag}startEvent")
        ]
        undoing = [border for border in borders if border.find(f"{tag}compensateEventDefinition") is not None]
        return Drawing(
            {one.get("id", ""): etree.QName(one).localname for one in root.iter(f"{tag}*") if one.get("id")},
            frozenset(one.get("id", "") for one in (*borders, *starts)),
            frozenset(one.get("id", "") for one in undoing),
        )

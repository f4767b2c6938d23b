"""Print the conformance cases and what came of them as a page: docs/conformance.md."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.conformance import judging, suite, traces
from tests.conformance.suite import Case, Run

PAGE = Path(__file__).resolve().parents[2] / "docs" / "conformance.md"
INTRODUCTION = """# Conformance to BPMN 2.0

Diagrams written from the standard (OMG formal/2011-01-03) with the course that it demands; written by
`script/conformance` from `tests/conformance/`, where every diagram is a file that opens in any BPMN tool. Each is given
to `lienthong check` and, for each of its courses, to `lienthong simulate`. Nothing here was taken from what the engine
does: where it does otherwise than the standard, the last column says so.

How a course is written: elements in the order in which they complete; `{a b, c}` stands for branches whose steps may
come between one another. What the engine does not execute is refused with a rule, never executed otherwise; the titles
of such diagrams say “refused here”, and the rule stands beside them.
"""


def text() -> str:
    """Return the whole page."""
    return "\n".join([INTRODUCTION, *_summary(), *_groups(), *_inexpressible()])


def _summary() -> Iterator[str]:
    yield "| Group | Diagrams | Courses | Otherwise than the standard |"
    yield "|---|--:|--:|--:|"
    counts = []
    for group in suite.GROUPS:
        cases = suite.of_group(group)
        counts.append((len(cases), sum(len(case.runs) for case in cases), sum(1 for case in cases if _result(case))))
        yield f"| {_heading(group)} | {counts[-1][0]} | {counts[-1][1]} | {counts[-1][2]} |"
    sums = [sum(column) for column in zip(*counts, strict=True)]
    yield f"| **Together** | {sums[0]} | {sums[1]} | {sums[2]} |"
    yield ""


def _groups() -> Iterator[str]:
    for group in suite.GROUPS:
        yield f"## {_heading(group)}"
        yield ""
        yield "| Diagram | What the standard says | Clause | Expected | Result |"
        yield "|---|---|---|---|---|"
        for case in suite.of_group(group):
            result = "<br>".join(_cell(one) for one in _result(case)) or "as expected"
            yield f"| `{case.name}` | {_cell(case.title)} | {case.clause} | {_expected(case)} | {result} |"
        yield ""


def _heading(group: str) -> str:
    return group.replace("_", " ").capitalize()


def _expected(case: Case) -> str:
    said = {"runnable": [], "draft": ["draft"], "refused": [f"refused: {case.rule}"]}[case.check]
    courses = [_course(run) for run in case.runs if run.outcome != "refused"]
    return "<br>".join([*said, *courses])


def _course(run: Run) -> str:
    when = f"*{_cell(run.when)}:* " if run.when else ""
    course = f"`{traces.written(run.completed)}` " if run.completed else ""
    stopped = f", cancelled: {', '.join(run.cancelled)}" if run.cancelled else ""
    open_ = f" at {', '.join(run.waiting)}" if run.waiting else ""
    return f"{when}{course}{run.outcome}{open_}{stopped}"


@cache
def _result(case: Case) -> tuple[str, ...]:
    of_runs = (
        f"{run.when or 'the course'}: {one}"
        for number, run in enumerate(case.runs)
        for one in judging.of_run(case, number)
    )
    return (*judging.of_check(case), *of_runs)


def _inexpressible() -> Iterator[str]:
    yield "## Patterns that cannot be drawn"
    yield ""
    yield "Of the 43 control-flow patterns these have no diagram above:"
    yield ""
    yield from (f"- **{pattern}**: {reason}" for pattern, reason in inexpressible().items())
    yield ""


def inexpressible() -> dict[str, str]:
    """Return the patterns that BPMN has no means for, with the reason."""
    reasons: dict[str, str] = json.loads((suite.HOME.parent / "inexpressible.json").read_text(encoding="utf-8"))
    return reasons


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def write() -> None:
    """Write the page."""
    PAGE.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    write()
    differing = [f"{case.group}/{case.name}" for case in suite.everything() if _result(case)]
    print(
        f"docs/conformance.md: {len(list(suite.everything()))} diagrams, {len(differing)} otherwise than the standard"
    )
    print("\n".join(differing))

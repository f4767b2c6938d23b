"""The engine does with every conformance diagram what the BPMN 2.0 standard demands."""

from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree

import pytest
from lxml import etree

from tests.conformance import judging, suite, table, traces
from tests.conformance.suite import Case, Run

CASES = {f"{case.group}/{case.name}": case for case in suite.everything()}


def told(case: Case, differences: list[str]) -> str:
    return "\n  - ".join([f"{case.title} ({case.clause}; {case.path.relative_to(suite.HOME)})", *differences])


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(files("SpiffWorkflow.bpmn.parser") / "schema" / "BPMN20.xsd")))


# One test for all of a diagram: a test for each course took longer around it than in it.
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_diagram_is_let_pass_or_refused_and_runs_as_the_standard_demands(case: Case) -> None:
    drawing = etree.fromstring(case.path.read_bytes())
    assert schema().validate(drawing) == case.schema, schema().error_log.last_error
    differences = [f"check: {one}" for one in judging.of_check(case)]
    for number, run in enumerate(case.runs):
        differences += [f"{run.when or number}: {one}" for one in judging.of_run(case, number)]
    assert not differences, told(case, differences)


def test_every_drawing_has_a_case_and_every_case_a_drawing() -> None:
    drawn = {f"{path.parent.name}/{path.stem}" for path in suite.HOME.glob("*/*.bpmn")}
    assert drawn == set(CASES)
    assert {path.stem for path in suite.HOME.glob("*.json")} == set(suite.GROUPS)


def test_an_expectation_names_only_what_is_drawn() -> None:
    strangers = {
        place: stray
        for place, case in CASES.items()
        for run in case.runs
        if (stray := named(run) - judging.Drawing.of(case).types.keys())
    }
    assert strangers == {}


def named(run: Run) -> set[str]:
    return {*traces.names(run.completed or []), *run.cancelled, *run.waiting, *(run.ended_at or ()), *run.answers}


def test_every_case_names_a_clause_that_its_drawing_names_too() -> None:
    silent = [place for place, case in CASES.items() if case.clause not in documented(case)]
    assert silent == []


def documented(case: Case) -> str:
    """What the processes of a drawing say of themselves; a drawing without process has nothing to say."""
    tag = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
    processes = ElementTree.fromstring(case.path.read_bytes()).findall(f"{tag}process")
    return " ".join(one.findtext(f"{tag}documentation") or "" for one in processes) if processes else case.clause


def test_all_43_patterns_are_drawn_or_explained() -> None:
    drawn = {int(case.name.split("_")[1]) for case in suite.of_group("workflow_patterns")}
    explained = {int(pattern.split()[0]) for pattern in table.inexpressible()}
    assert drawn | explained == set(range(1, 44))
    assert not drawn & explained


def test_the_printed_table_is_up_to_date() -> None:
    assert table.PAGE.read_text(encoding="utf-8") == table.text(), "script/conformance writes it anew"


def test_a_trace_keeps_an_order_however_branches_come_between() -> None:
    expected = ["fork", [["a", "b"], "c"], "join"]
    assert all(
        traces.keeps(expected, trace.split()) for trace in ("fork a b c join", "fork a c b join", "fork c a b join")
    )
    assert not any(
        traces.keeps(expected, trace.split())
        for trace in ("fork b a c join", "fork a b join c", "a fork b c join", "fork a b c", "fork a a b c join", "")
    )


def test_a_repeated_element_is_matched_where_it_fits() -> None:
    expected = ["fork", [["a", "end"], ["b", "end"]]]
    assert traces.keeps(expected, ["fork", "b", "end", "a", "end"])
    assert not traces.keeps(expected, ["fork", "end", "a", "b", "end"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": "waiting"},
        {"completed": ["start", "join", "fork"]},
        {"cancelled": ("left",)},
        {"waiting": ("left",)},
        {"ended_at": ()},
        {"data": {"nothing": 1}},
        {"error": {"element": "fork"}},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_the_judge_sees_what_is_otherwise(wrong: dict[str, Any]) -> None:
    case = CASES["gateways/parallel_fork_and_join"]
    assert list(judging.of_run(case, 0)) == []
    assert list(judging.of_run(replace(case, runs=(replace(case.runs[0], **wrong), *case.runs[1:])), 0)) != []


def test_the_judge_sees_a_check_that_is_otherwise() -> None:
    case = CASES["static_rules/flow_into_start"]
    assert list(judging.of_check(replace(case, check="runnable"))) != []
    assert list(judging.of_check(replace(case, rule="flow-twice"))) != []

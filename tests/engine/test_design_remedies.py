"""Mechanical remedies of findings heal what they name and nothing else; variables are named where they are odd."""

import json
from collections.abc import Mapping
from importlib.resources import files as resources

import pytest
from lxml import etree

from engine import lint
from engine.designs import remedies
from engine.designs.outline import variables_of
from models.errors import Invalid
from tests.engine.diagrams import bundle, chain, element, end, flows, fork, process, start, user, xor


def found(files: Mapping[str, bytes], rule: str) -> list[remedies.Fix]:
    fixes = [remedies.fix_for(one, files) for one in lint.check(files).findings if one.rule == rule]
    return [fix for fix in fixes if fix is not None]


def forked(gateway: str, *ways: tuple[str, str] | tuple[str, str, str]) -> str:
    """Return a process in which a gateway leads to two tasks, each with an end of its own."""
    to_ends = flows(("start", "which"), ("one", "end"), ("two", "other"), prefix="to")
    return process(start(), gateway, user("one"), user("two"), end(), end("other"), to_ends, flows(*ways))


ONE, TWO = ("which", "one", "x == 1"), ("which", "two", "x == 2")
LINE = chain("start", "one", "end")
SICK = {
    "default-missing": forked(xor("which"), ONE, TWO),
    "default-implied": forked(xor("which"), ONE, TWO[:2]),
    "default-with-condition": forked(xor("which", "f1"), ONE, TWO),
    "default-elsewhere": forked(xor("which", "to1"), ONE, TWO[:2]),
    "condition-ignored": forked(fork("which"), ONE, TWO[:2]),
    "condition-missing": forked(xor("which", "f0"), ONE[:2], TWO, TWO[:2]),
    "flow-twice": process(start(), user("one"), end(), LINE, flows(("start", "one"))),
    "start-implied": process(user("one"), end(), chain("one", "end")),
    "end-implied": process(start(), user("one"), chain("start", "one")),
    "form-missing": process(start(), user("one", lt={"form": "chua_co"}), end(), LINE),
    "level-contradicts": process(start(), user("one", lt={"role": "superior", "level": "above"}), end(), LINE),
    "needs-role": process(start(), user("one", lt={"assign": "direct"}), end(), LINE),
    "extension-unknown": process(start(), user("one", lt={"colour": "red"}), end(), LINE),
    "collect-without-cutoff": process(start(), user("one", lt={"collect": "localities"}), end(), LINE),
    "task-abstract": process(start(), element("task", "one", name="Một việc"), end(), LINE),
}


@pytest.mark.parametrize("rule", SICK)
def test_a_mechanical_remedy_heals_what_it_names_and_breaks_nothing_else(rule: str) -> None:
    files = bundle(SICK[rule])
    before = lint.check(files)
    (fix, *_) = found(files, rule)
    name, content = remedies.apply(files, fix)
    after = lint.check({**files, name: content})
    assert rule not in {one.rule for one in after.findings}
    worse = {one.rule for one in after.findings if one.level != "note"} - {one.rule for one in before.findings}
    assert worse == set()


def test_a_process_that_may_not_run_is_made_executable() -> None:
    files = bundle(SICK["task-abstract"].replace('isExecutable="true"', 'isExecutable="false"'))
    (fix,) = found(files, "not-executable")
    assert lint.check(dict([remedies.apply(files, fix)])).outcome == "runnable"


def test_a_drawn_start_has_a_shape_and_a_flow_with_bends() -> None:
    blank = resources("engine.designs").joinpath("blank.bpmn").read_text(encoding="utf-8")
    root = etree.fromstring(blank.encode())
    for gone in root.xpath("//*[@id='begin' or starts-with(@id, 'begin_')]"):
        gone.getparent().remove(gone)
    files = {"p.bpmn": etree.tostring(root)}
    (fix,) = found(files, "start-implied")
    after = etree.fromstring(remedies.apply(files, fix)[1])
    (event,) = after.iter("{*}startEvent")
    drawn = {one.get("bpmnElement") for one in after.iter("{*}BPMNShape", "{*}BPMNEdge")}
    assert {event.get("id"), f"{event.get('id')}_to_first_task"} <= drawn


@pytest.mark.parametrize(
    "fix",
    [
        {},
        {"kind": "set-default", "file": "p.bpmn", "element": "nowhere"},
        {"kind": "__import__", "file": "p.bpmn", "element": "one"},
        {"kind": "make-form", "file": "p.bpmn", "element": "one", "form": "../x"},
        {"kind": "choose-default", "file": "p.bpmn", "element": "end"},
    ],
)
def test_a_remedy_that_fits_nothing_is_refused(fix: dict[str, str]) -> None:
    files = {"p.bpmn": next(iter(bundle(SICK["flow-twice"]).values()))}
    with pytest.raises(Invalid):
        remedies.apply(files, fix)


def test_a_value_that_one_branch_does_not_set_may_be_read_too_early() -> None:
    ways = flows(
        ("start", "which"), ("which", "one", "y == 1"), ("which", "meet", "", "past"), ("one", "meet"),
        ("meet", "ask"), ("ask", "end", "x == 1"), ("ask", "other", "", "else"),
    )  # fmt: skip
    gateways = xor("which", "past"), xor("meet"), xor("ask", "else")
    drawn = process(start(), *gateways, user("one"), end(), end("other"), ways)
    form = {"type": "default", "components": [{"type": "number", "key": "x", "label": "X"}]}
    files = bundle(drawn) | {"one.form.json": json.dumps(form).encode()}
    troubles = {one.name: one.trouble for one in variables_of(files)}
    assert troubles == {"x": "early", "y": "unset"}

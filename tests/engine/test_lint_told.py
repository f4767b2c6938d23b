"""What was cured, or is incomplete, is told and does not stop anybody: one smallest example per rule."""

import pytest

from engine import lint
from tests.engine.diagrams import (
    boundary,
    bundle,
    catch,
    chain,
    element,
    end,
    error,
    flows,
    message,
    process,
    start,
    sub,
    throw,
    user,
    xor,
)
from tests.engine.linting import ROLE, one

TOLD = {
    "foreign-script": (
        "draft",
        one(
            element("scriptTask", "s", "<bpmn:script>1</bpmn:script>", scriptFormat="javascript"),
            chain("start", "s", "end"),
        ),
    ),
    "script-missing": ("draft", one(element("scriptTask", "s"), chain("start", "s", "end"))),
    "subprocess-empty": ("draft", one(sub("part"), chain("start", "part", "end"))),
    "not-executable": (
        "draft",
        bundle(process(start(), end(), chain("start", "end")).replace('"true"', '"false"')),
    ),
    "gateway-undecided": (
        "warning",
        one(xor("x"), user("a", lt=ROLE), flows(("start", "x"), ("x", "end"), ("x", "a"), ("a", "end"))),
    ),
    "compensation-unused": ("warning", one(user("a", lt=ROLE, isForCompensation="true"), chain("start", "end"))),
    "seen-all-the-same": (
        "warning",
        one(user("a", lt={**ROLE, "seenBy": "organization", "operator": "reports.enter"}), chain("start", "a", "end")),
    ),
    "posts-say-nothing": ("warning", one(user("a", lt={**ROLE, "posts": "lead"}), chain("start", "a", "end"))),
    "role-missing": ("note", one(user("a"), chain("start", "a", "end"))),
    "operator-missing": ("draft", one(element("serviceTask", "a", name="A"), chain("start", "a", "end"))),
    "default-missing": (
        "warning",
        one(
            xor("x"),
            user("a", lt=ROLE),
            flows(("start", "x"), ("x", "end", "n > 1"), ("x", "a", "n <= 1"), ("a", "end")),
        ),
    ),
    "condition-twice": (
        "warning",
        one(
            xor("x", "d"),
            user("a", lt=ROLE),
            user("b", lt=ROLE),
            flows(
                ("start", "x"),
                ("x", "a", "n>1"),
                ("x", "b", "n > 1"),
                ("x", "end", "", "d"),
                ("a", "end"),
                ("b", "end"),
            ),
        ),
    ),
    "extension-unknown": ("warning", one(user("a", lt={**ROLE, "frm": "x"}), chain("start", "a", "end"))),
    "collect-without-cutoff": (
        "warning",
        one(catch("c", message("m"), lt={"collect": "localities"}), chain("start", "c", "end"), messages=("m",)),
    ),
    "message-unnamed": ("warning", one(catch("c", "<bpmn:messageEventDefinition/>"), chain("start", "c", "end"))),
    "flow-twice": ("warning", one(xor("x", "d"), flows(("start", "x"), ("x", "end", "n > 1"), ("x", "end", "", "d")))),
    "file-unknown": ("warning", {**one(user("a", lt=ROLE), chain("start", "a", "end")), "x.exe": b""}),
    "split-rewritten": (
        "note",
        one(user("a", lt=ROLE), user("b", lt=ROLE), flows(("start", "a"), ("start", "b"), ("a", "end"), ("b", "end"))),
    ),
    "end-implied": ("note", bundle(process(start(), user("a", lt=ROLE), chain("start", "a")))),
    "start-implied": ("note", bundle(process(user("a", lt=ROLE), end(), chain("a", "end")))),
    "id-missing": (
        "note",
        {"p.bpmn": one(user("a", lt=ROLE), chain("start", "a", "end"))["p.bpmn"].replace(b' id="c0"', b"")},
    ),
    "error-always-interrupts": (
        "note",
        one(
            user("a", lt=ROLE),
            boundary("b", "a", error("E"), interrupting=False),
            flows(("start", "a"), ("a", "end"), ("b", "end")),
            errors=("E",),
        ),
    ),
    "data-is-documentation": ("note", one(user("a", lt=ROLE), element("dataObject", "d"), chain("start", "a", "end"))),
    "link-rewritten": (
        "note",
        one(
            user("a", lt=ROLE),
            throw("out", '<bpmn:linkEventDefinition name="L"/>'),
            catch("in", '<bpmn:linkEventDefinition name="L"/>'),
            flows(("start", "a"), ("a", "out"), ("in", "end")),
        ),
    ),
}


@pytest.mark.parametrize("rule", sorted(TOLD))
def test_what_is_cured_or_incomplete_is_told(rule: str) -> None:
    level, files = TOLD[rule]
    report = lint.check(files)
    assert rule in {finding.rule for finding in report.findings if finding.level == level}
    assert report.outcome == ("draft" if level == "draft" else "runnable")

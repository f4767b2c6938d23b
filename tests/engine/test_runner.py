"""The runner moves tokens as BPMN says, and everything it needs to know fits into the rest state."""

import pytest

from engine import runner
from engine.runner import Cancel, Complete, NotWaiting, SetData, Stuck, Unfit
from tests.engine.diagrams import (
    bundle,
    catch,
    chain,
    document,
    element,
    end,
    flows,
    fork,
    join,
    process,
    script,
    service,
    start,
    timer,
    user,
    xor,
)
from tests.engine.running import TWO_BRANCHES, Run


def test_a_user_task_waits_until_it_is_completed() -> None:
    run = Run(bundle(process(start(), user("write", lt={"role": "lead"}), end(), chain("start", "write", "end"))))
    assert [(w.element, w.kind, w.lane_role) for w in run.step.opened] == [("write", "user", "lead")]
    step = run.done("write", title="Ngày chủ nhật xanh")
    assert (step.ended, step.data, step.passed) == ("finished", {"title": "Ngày chủ nhật xanh"}, ("write", "end"))


def test_a_key_stays_while_its_task_waits_and_dies_with_it() -> None:
    run = Run(TWO_BRANCHES)
    kept, gone = run.key("b"), run.key("a")
    step = run.done("a")
    assert (run.key("b"), step.closed, step.opened) == (kept, (gone,), ())
    with pytest.raises(NotWaiting):
        run.give(Complete(gone))


def test_a_service_task_is_returned_and_completed_by_the_engine() -> None:
    run = Run(bundle(process(start(), service("check", "orders.check_overlap"), end(), chain("start", "check", "end"))))
    assert [(w.kind, w.element) for w in run.step.waiting] == [("service", "check")]
    assert run.bundle.elements("p")["check"].ext == {"operator": "orders.check_overlap"}
    assert run.done("check", overlap=False).ended == "finished"


def test_scripts_set_data_and_their_failure_names_the_element() -> None:
    run = Run(
        bundle(
            process(
                start(),
                script("sum_up", "total = sum(parts)\nbig = total > 10"),
                user("a"),
                end(),
                chain("start", "sum_up", "a", "end"),
            )
        ),
        {"parts": [5, 6]},
    )
    assert run.step.data == {"parts": [5, 6], "total": 11, "big": True}
    with pytest.raises(Stuck, match="ZeroDivision") as stuck:
        Run(bundle(process(start(), script("bad", "x = 1 / 0"), end(), chain("start", "bad", "end"))))
    assert stuck.value.element == "bad"


def test_routing_data_can_be_set_by_an_operator_on_every_branch() -> None:
    run = Run(
        bundle(
            process(
                start(),
                fork("f"),
                user("a"),
                catch("w", timer("P1D")),
                join("j"),
                xor("x", "no"),
                user("yes"),
                end(),
                flows(
                    ("start", "f"),
                    ("f", "a"),
                    ("f", "w"),
                    ("a", "j"),
                    ("w", "j"),
                    ("j", "x"),
                    ("x", "yes", "route == 'b'"),
                    ("x", "end", "", "no"),
                    ("yes", "end"),
                ),
            )
        ),
        {"route": "a"},
    )
    assert run.give(SetData({"route": "b"})).data["route"] == "b"
    run.done("a")
    run.later(days=2)
    assert run.open == ["yes"]


def test_cancelling_ends_the_instance() -> None:
    run = Run(bundle(process(start(), user("a"), end(), chain("start", "a", "end"))))
    assert (run.give(Cancel()).ended, len(run.step.closed)) == ("cancelled", 1)


def test_nothing_given_or_got_is_shared_with_the_outside() -> None:
    given = {"list": [1]}
    run = Run(bundle(process(start(), user("a"), user("b"), end(), chain("start", "a", "b", "end"))), given)
    given["list"].append(2)
    run.step.waiting[0].data["list"].append(3)
    answers = {"more": {"x": 1}}
    step = run.done("a", **answers)
    answers["more"]["x"] = 2
    assert step.data == {"list": [1], "more": {"x": 1}}


def test_a_library_unaware_diagram_runs() -> None:
    """No ids on flows, quoted timer, no end event, flows that leave a task in parallel, ids Start and End."""
    text = document(
        '<bpmn:process id="p" isExecutable="true"><bpmn:startEvent id="Start"/><bpmn:userTask id="a" name="Làm"/>'
        '<bpmn:task id="b"/><bpmn:serviceTask id="c"/><bpmn:endEvent id="End"/>'
        '<bpmn:intermediateCatchEvent id="t"><bpmn:timerEventDefinition><bpmn:timeDuration>"PT4H"</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
        '<bpmn:sequenceFlow sourceRef="Start" targetRef="a"/><bpmn:sequenceFlow sourceRef="a" targetRef="b"/>'
        '<bpmn:sequenceFlow sourceRef="a" targetRef="t"/><bpmn:sequenceFlow sourceRef="t" targetRef="c"/>'
        '<bpmn:sequenceFlow sourceRef="c" targetRef="End"/></bpmn:process>'
    )
    run = Run({"p.bpmn": text})
    run.done("a")
    assert run.open == ["b", "t"]
    run.later(hours=5)
    assert sorted((w.element, w.kind) for w in run.step.waiting) == [("b", "manual"), ("c", "manual")]
    run.done("b")
    assert run.done("c").ended == "finished"
    assert set(run.passed) == {"Start", "a", "b", "t", "c", "End"}


def test_taken_flows_are_told_by_the_ids_of_the_drawing() -> None:
    run = Run(
        bundle(
            process(
                start(),
                user("a"),
                xor("x", "no"),
                user("b"),
                end(),
                flows(
                    ("start", "a", "", "one"),
                    ("a", "x", "", "two"),
                    ("x", "b", "n == 1", "yes"),
                    ("x", "end", "", "no"),
                    ("b", "end", "", "last"),
                ),
            )
        )
    )
    assert run.step.taken == ("one",)
    assert run.done("a", n=1).taken == ("two", "yes")
    assert {flow.id for flow in run.bundle.flows("p")} == {"one", "two", "yes", "no", "last"}


def test_what_cannot_run_is_not_compiled() -> None:
    with pytest.raises(Unfit) as unfit:
        runner.compile_bundle(
            bundle(
                process(
                    start(), element("callActivity", "c", calledElement="nowhere"), end(), chain("start", "c", "end")
                )
            )
        )
    assert unfit.value.problems[0].rule == "called-missing"

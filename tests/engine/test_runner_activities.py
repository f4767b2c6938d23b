"""Sub-processes, called processes, loops and multi-instances begin and end as BPMN says."""

import pytest

from engine.runner import Complete, Stuck
from tests.engine.diagrams import (
    boundary,
    bundle,
    catch,
    chain,
    document,
    element,
    end,
    flows,
    fork,
    message,
    process,
    start,
    sub,
    throw,
    timer,
    user,
    xor,
)
from tests.engine.running import Run


def test_three_thousand_rounds_cost_no_more_than_ten() -> None:
    run = Run(
        bundle(
            process(
                start(),
                user("work"),
                xor("x", "back"),
                end(),
                flows(("start", "work"), ("work", "x"), ("x", "end", "n > 2999"), ("x", "work", "", "back")),
            )
        ),
        {"n": 0},
    )
    size = len(run.done("work", n=1000).rest)
    for number in range(1001, 3000):
        run.done("work", n=number)
    assert len(run.step.rest) == size
    assert run.done("work", n=3000).ended == "finished"


def test_sub_processes_wait_inside_and_hand_their_data_back() -> None:
    run = Run(
        bundle(
            process(
                start(),
                sub(
                    "plan",
                    start("s1"),
                    user("draft"),
                    catch("heard", message("plan.approved")),
                    end("e1"),
                    chain("s1", "draft", "heard", "e1", prefix="i"),
                ),
                user("go"),
                end(),
                chain("start", "plan", "go", "end"),
            ),
            messages=("plan.approved",),
        )
    )
    run.done("draft", plan="A")
    step = run.said("heard", plan_approved=True)
    assert (run.open, step.data) == (["go"], {"plan": "A", "plan_approved": True})
    assert run.passed == ["start", "s1", "draft", "heard", "e1", "plan"]
    assert run.bundle.elements("p")["draft"].parent == "plan"


def test_events_at_the_border_of_a_sub_process_stop_what_is_inside() -> None:
    run = Run(
        bundle(
            process(
                start(),
                sub(
                    "part",
                    start("s1"),
                    fork("f"),
                    user("a"),
                    user("b"),
                    end("e1"),
                    flows(("s1", "f"), ("f", "a"), ("f", "b"), ("a", "e1"), ("b", "e1"), prefix="i"),
                ),
                boundary("late", "part", timer("P5D")),
                user("remind"),
                end(),
                flows(("start", "part"), ("part", "end"), ("late", "remind"), ("remind", "end")),
            )
        )
    )
    assert run.open == ["a", "b", "late"]
    run.done("a")
    run.later(days=6)
    assert run.open == ["remind"]
    assert run.done("remind").ended == "finished"


def test_a_call_activity_runs_another_process_of_the_bundle() -> None:
    files = {
        "p.bpmn": document(
            process(start(), element("callActivity", "call", calledElement="q"), end(), chain("start", "call", "end")),
            process(start("qs"), user("inner"), end("qe"), chain("qs", "inner", "qe", prefix="q"), id="q"),
        )
    }
    run = Run(files)
    assert run.done("inner", result=1).data == {"result": 1}
    assert run.step.ended == "finished"


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_every_organization_of_a_list_answers_for_itself(sequential: str) -> None:
    loop = (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{sequential}"><bpmn:loopDataInputRef>'
        "units</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>answers</bpmn:loopDataOutputRef>"
        '<bpmn:inputDataItem id="unit"/><bpmn:outputDataItem id="answer"/></bpmn:multiInstanceLoopCharacteristics>'
    )
    run = Run(
        bundle(process(start(), user("ask", loop), user("sum_up"), end(), chain("start", "ask", "sum_up", "end"))),
        {"units": ["a", "b", "c"]},
    )
    seen = []
    while run.open != ["sum_up"]:
        waiting = run.step.waiting[0]
        seen.append(waiting.data["unit"])
        run.give(Complete(waiting.key, {"answer": waiting.data["unit"].upper()}))
    assert seen == ["a", "b", "c"]
    assert run.step.data == {"units": ["a", "b", "c"], "answers": ["A", "B", "C"]}


def test_a_standard_loop_repeats_while_its_condition_holds() -> None:
    loop = (
        "<bpmn:standardLoopCharacteristics><bpmn:loopCondition>not done</bpmn:loopCondition>"
        "</bpmn:standardLoopCharacteristics>"
    )
    run = Run(bundle(process(start(), user("try", loop), end(), chain("start", "try", "end"))), {"done": False})
    sizes = set()
    for _ in range(20):
        sizes.add(len(run.done("try").rest) // 20)
    assert len(sizes) <= 2
    assert run.done("try", done=True).ended == "finished"


def test_a_diagram_that_runs_away_is_an_incident() -> None:
    files = bundle(
        process(
            start(),
            xor("x", "go"),
            throw("t"),
            end(),
            flows(("start", "x"), ("x", "t", "", "go"), ("t", "x"), ("x", "end", "n == 2")),
        )
    )
    with pytest.raises(Stuck, match="10000"):
        Run(files, {"n": 0})

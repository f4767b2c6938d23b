"""Messages, errors, escalations, signals and links go where BPMN sends them."""

import pytest

from engine import runner
from engine.runner import Complete, Fail, NotWaiting
from tests.engine.diagrams import (
    boundary,
    bundle,
    catch,
    chain,
    end,
    error,
    escalation,
    flows,
    fork,
    message,
    process,
    script,
    service,
    signal,
    start,
    sub,
    throw,
    user,
)
from tests.engine.running import Run


def test_a_message_waits_for_delivery_and_brings_its_payload() -> None:
    run = Run(
        bundle(
            process(start(), catch("wait", message("lead.accepted")), end(), chain("start", "wait", "end")),
            messages=("lead.accepted",),
        )
    )
    (waiting,) = run.step.waiting
    assert (waiting.kind, waiting.message) == ("message", "lead.accepted")
    assert run.said("wait", organization="hlhpn").data == {"organization": "hlhpn"}


def test_a_process_starts_by_the_event_of_its_message() -> None:
    files = bundle(
        process(
            start(),
            start("placed", message("order.placed")),
            user("a"),
            user("b"),
            end(),
            flows(("start", "a"), ("placed", "b"), ("a", "end"), ("b", "end")),
        ),
        messages=("order.placed",),
    )
    assert runner.compile_bundle(files).starts == {"order.placed": "p"}
    assert Run(files).open == ["a"]
    assert Run(files, message="order.placed").open == ["b"]


def test_thrown_messages_leave_with_their_recipients_and_are_never_caught_inside() -> None:
    run = Run(
        bundle(
            process(
                start(),
                fork("f"),
                catch("wait", message("order.placed")),
                throw("tell", message("order.placed"), lt={"recipients": "bloc"}),
                end(),
                end("done", message("order.closed")),
                flows(("start", "f"), ("f", "wait"), ("f", "tell"), ("wait", "end"), ("tell", "done")),
            ),
            messages=("order.placed", "order.closed"),
        ),
        {"order": "o1"},
    )
    assert [(t.element, t.kind, t.name, t.recipients, t.payload) for t in run.step.thrown] == [
        ("tell", "message", "order.placed", "bloc", {"order": "o1"}),
        ("done", "message", "order.closed", None, {"order": "o1"}),
    ]
    assert run.open == ["wait"]


def test_an_uncaught_error_fails_the_instance_with_its_code() -> None:
    run = Run(
        bundle(
            process(
                start(),
                fork("f"),
                user("a"),
                user("b"),
                end(),
                end("wrong", error("E7")),
                flows(("start", "f"), ("f", "a"), ("f", "b"), ("a", "wrong"), ("b", "end")),
            ),
            errors=("E7",),
        )
    )
    step = run.done("a")
    assert (step.ended, step.error, step.waiting) == ("failed", "E7", ())
    with pytest.raises(NotWaiting):
        run.give(Complete(step.closed[0]))


def test_an_error_is_caught_at_the_border_and_nothing_after_it_runs() -> None:
    run = Run(
        bundle(
            process(
                start(),
                sub(
                    "part",
                    start("s1"),
                    fork("f"),
                    end("wrong", error("E7")),
                    script("after", "ran = True"),
                    user("w"),
                    end("e1"),
                    flows(("s1", "f"), ("f", "wrong"), ("f", "after"), ("after", "w"), ("w", "e1"), prefix="i"),
                ),
                boundary("any", "part", error()),
                boundary("seven", "part", error("E7")),
                user("a"),
                user("b"),
                end(),
                flows(("start", "part"), ("part", "end"), ("any", "a"), ("seven", "b"), ("a", "end"), ("b", "end")),
            ),
            errors=("E7",),
        )
    )
    assert run.open == ["b"]
    assert run.step.data.get("ran") is None


def test_an_escalation_tells_the_outer_process_and_goes_on() -> None:
    run = Run(
        bundle(
            process(
                start(),
                sub(
                    "part",
                    start("s1"),
                    throw("shout", escalation("slow")),
                    user("w"),
                    end("e1"),
                    chain("s1", "shout", "w", "e1", prefix="i"),
                ),
                boundary("heard", "part", escalation("slow"), interrupting=False),
                user("help"),
                end(),
                end("e2"),
                flows(("start", "part"), ("part", "end"), ("heard", "help"), ("help", "e2")),
            ),
            escalations=("slow",),
        )
    )
    assert run.open == ["help", "w"]


def test_a_task_that_fails_goes_to_its_error_event() -> None:
    run = Run(
        bundle(
            process(
                start(),
                service("act"),
                boundary("bad", "act", error("E1")),
                user("mend"),
                end(),
                flows(("start", "act"), ("act", "end"), ("bad", "mend"), ("mend", "end")),
            ),
            errors=("E1",),
        )
    )
    run.give(Fail(run.key("act"), "E1"))
    assert run.open == ["mend"]


def test_signals_are_thrown_by_end_events_too_and_reach_the_same_instance() -> None:
    run = Run(
        bundle(
            process(
                start(),
                fork("f"),
                catch("wait", signal("storm")),
                user("a"),
                end("over", signal("storm")),
                end(),
                flows(("start", "f"), ("f", "wait"), ("f", "a"), ("a", "over"), ("wait", "end")),
            ),
            signals=("storm",),
        )
    )
    step = run.done("a")
    assert [(t.kind, t.name) for t in step.thrown] == [("signal", "storm")]
    assert step.ended == "finished"


def test_a_terminate_end_stops_the_other_branches() -> None:
    run = Run(
        bundle(
            process(
                start(),
                fork("f"),
                user("a"),
                user("b"),
                end(),
                end("stop", "<bpmn:terminateEventDefinition/>"),
                flows(("start", "f"), ("f", "a"), ("f", "b"), ("a", "stop"), ("b", "end")),
            )
        )
    )
    assert (run.done("a").ended, run.step.waiting) == ("finished", ())


def test_links_are_followed() -> None:
    run = Run(
        bundle(
            process(
                start(),
                user("a"),
                throw("out", '<bpmn:linkEventDefinition name="L"/>'),
                catch("in", '<bpmn:linkEventDefinition name="L"/>'),
                user("b"),
                end(),
                flows(("start", "a"), ("a", "out"), ("in", "b"), ("b", "end")),
            )
        )
    )
    run.done("a")
    assert run.open == ["b"]

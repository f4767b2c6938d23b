"""The runner moves tokens as BPMN says, and everything it needs to know fits into the rest state."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine import runner
from engine.runner import Cancel, Complete, Deliver, Fail, Fire, NotWaiting, SetData, Step, Stuck, Unfit, Wake
from tests.engine.diagrams import (
    boundary,
    bundle,
    catch,
    chain,
    document,
    element,
    end,
    error,
    escalation,
    flows,
    fork,
    join,
    message,
    process,
    script,
    service,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
    xor,
)

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class Run:
    """One instance, reloaded from its rest state before every input."""

    def __init__(
        self,
        files: dict[str, bytes],
        data: dict[str, Any] | None = None,
        *,
        process: str = "p",
        message: str | None = None,
    ) -> None:
        self.bundle = runner.compile_bundle(files)
        self.process = process
        self.now = NOW
        self.passed: list[str] = []
        self.step = self._kept(runner.start(self.bundle, process, data=data or {}, now=NOW, message=message))

    def _kept(self, step: Step) -> Step:
        self.step = step
        self.passed += step.passed
        return step

    def give(self, input: runner.Input) -> Step:
        return self._kept(runner.advance(self.bundle, self.process, self.step.rest, input, now=self.now))

    def key(self, element: str) -> str:
        return next(waiting.key for waiting in self.step.waiting if waiting.element == element)

    def done(self, element: str, **answers: Any) -> Step:
        return self.give(Complete(self.key(element), answers))

    def said(self, element: str, **payload: Any) -> Step:
        return self.give(Deliver(self.key(element), payload))

    def later(self, **time: float) -> Step:
        self.now += timedelta(**time)
        return self.give(Wake())

    @property
    def open(self) -> list[str]:
        return sorted(waiting.element for waiting in self.step.waiting)


def test_a_user_task_waits_until_it_is_completed() -> None:
    run = Run(bundle(process(start(), user("write", lt={"role": "lead"}), end(), chain("start", "write", "end"))))
    assert [(w.element, w.kind, w.lane_role) for w in run.step.opened] == [("write", "user", "lead")]
    step = run.done("write", title="Ngày chủ nhật xanh")
    assert (step.ended, step.data, step.passed) == ("finished", {"title": "Ngày chủ nhật xanh"}, ("write", "end"))


def test_a_key_stays_while_its_task_waits_and_dies_with_it() -> None:
    run = Run(
        bundle(
            process(
                start(),
                fork("f"),
                user("a"),
                user("b"),
                join("j"),
                end(),
                flows(("start", "f"), ("f", "a"), ("f", "b"), ("a", "j"), ("b", "j"), ("j", "end")),
            )
        )
    )
    kept, gone = run.key("b"), run.key("a")
    step = run.done("a")
    assert (run.key("b"), step.closed, step.opened) == (kept, (gone,), ())
    with pytest.raises(NotWaiting):
        run.give(Complete(gone))


def test_parallel_branches_join_without_losing_what_either_did() -> None:
    run = Run(
        bundle(
            process(
                start(),
                fork("f"),
                user("a"),
                user("b"),
                join("j"),
                user("after"),
                end(),
                flows(("start", "f"), ("f", "a"), ("f", "b"), ("a", "j"), ("b", "j"), ("j", "after"), ("after", "end")),
            )
        ),
        {"x": 1, "y": 1, "list": [1, 2, 3]},
    )
    run.done("a", x=2, list=[1, 2, 3, 4])
    assert run.done("b", y=2).data == {"x": 2, "y": 2, "list": [1, 2, 3, 4]}


def test_branches_that_disagree_are_an_incident_never_a_choice() -> None:
    run = Run(
        bundle(
            process(
                start(),
                fork("f"),
                user("a"),
                user("b"),
                join("j"),
                end(),
                flows(("start", "f"), ("f", "a"), ("f", "b"), ("a", "j"), ("b", "j"), ("j", "end")),
            )
        )
    )
    run.done("a", decision="accept")
    with pytest.raises(Stuck, match="decision") as stuck:
        run.done("b", decision="refuse")
    assert stuck.value.element == "j"


def test_a_join_in_a_loop_waits_for_both_branches_every_round_in_any_order() -> None:
    run = Run(
        bundle(
            process(
                start(),
                xor("again"),
                fork("f"),
                user("a"),
                user("b"),
                join("j"),
                xor("x", "back"),
                end(),
                flows(
                    ("start", "again"),
                    ("again", "f"),
                    ("f", "a"),
                    ("f", "b"),
                    ("a", "j"),
                    ("b", "j"),
                    ("j", "x"),
                    ("x", "end", "stop"),
                    ("x", "again", "", "back"),
                ),
            )
        ),
        {"stop": False},
    )
    sizes = []
    for number in range(30):
        first, second = ("a", "b") if number % 2 else ("b", "a")
        run.done(first)
        assert run.open == [second]
        run.done(second, stop=number == 29)
        sizes.append(len(run.step.rest))
    assert run.step.ended == "finished"
    assert max(sizes[1:-1]) == min(sizes[1:-1])


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


def test_the_first_condition_in_document_order_wins() -> None:
    run = Run(
        bundle(
            process(
                start(),
                xor("x"),
                user("a"),
                user("b"),
                end(),
                flows(("start", "x"), ("x", "b", "n > 1"), ("x", "a", "n > 0"), ("a", "end"), ("b", "end")),
            )
        ),
        {"n": 5},
    )
    assert run.open == ["b"]


def test_no_condition_and_no_default_is_an_incident_at_the_gateway() -> None:
    files = bundle(
        process(
            start(),
            xor("x"),
            user("a"),
            user("b"),
            end(),
            flows(("start", "x"), ("x", "a", "n > 1"), ("x", "b", "n > 2"), ("a", "end"), ("b", "end")),
        )
    )
    with pytest.raises(Stuck) as stuck:
        Run(files, {"n": 0})
    assert stuck.value.element == "x"


def test_a_service_task_is_returned_and_completed_by_the_engine() -> None:
    run = Run(bundle(process(start(), service("check", "orders.check_overlap"), end(), chain("start", "check", "end"))))
    assert [(w.kind, w.element) for w in run.step.waiting] == [("service", "check")]
    assert run.bundle.elements("p")["check"].ext == {"operator": "orders.check_overlap"}
    assert run.done("check", overlap=False).ended == "finished"


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


def test_a_reminder_at_the_border_leaves_its_task_open() -> None:
    run = Run(
        bundle(
            process(
                start(),
                user("report"),
                boundary("soon", "report", timer("P1D"), interrupting=False),
                user("call"),
                end(),
                end("e2"),
                flows(("start", "report"), ("soon", "call"), ("call", "e2"), ("report", "end")),
            )
        )
    )
    assert [w.due for w in run.step.waiting if w.kind == "timer"] == [NOW + timedelta(days=1)]
    run.later(hours=23)
    assert run.open == ["report", "soon"]
    run.later(hours=1)
    assert run.open == ["call", "report"]
    run.done("report", figure=3)
    assert run.done("call", called=True).ended == "finished"
    assert run.step.data == {"figure": 3, "called": True}


def test_a_repeating_reminder_comes_as_often_as_it_says() -> None:
    run = Run(
        bundle(
            process(
                start(),
                user("report"),
                boundary("soon", "report", timer("R3/P1D", "timeCycle"), interrupting=False),
                throw("nudge", message("report.late")),
                end(),
                end("e2"),
                flows(("start", "report"), ("soon", "nudge"), ("nudge", "e2"), ("report", "end")),
            ),
            messages=("report.late",),
        )
    )
    keys, thrown = {run.key("soon")}, 0
    for _day in range(3):
        thrown += len(run.later(days=1, minutes=1).thrown)
        keys |= {w.key for w in run.step.waiting if w.element == "soon"}
    assert (thrown, len(keys), run.open) == (3, 3, ["report"])
    assert run.done("report").ended == "finished"


def test_work_that_a_reminder_began_outlives_the_reminder() -> None:
    run = Run(
        bundle(
            process(
                start(),
                user("report"),
                boundary("soon", "report", timer("R/P1D", "timeCycle"), interrupting=False),
                boundary("asked", "report", message("ask"), interrupting=False),
                user("call"),
                user("answer"),
                end(),
                flows(
                    ("start", "report"),
                    ("soon", "call"),
                    ("call", "end"),
                    ("asked", "answer"),
                    ("answer", "end"),
                    ("report", "end"),
                ),
            ),
            messages=("ask",),
        )
    )
    run.later(days=1)
    run.later(days=1)
    run.said("asked", by="x")
    run.said("asked", by="y")
    run.done("report")
    assert run.open == ["answer", "answer", "call", "call"]
    assert sorted(w.data.get("by", "") for w in run.step.waiting) == ["", "", "x", "y"]
    for again in ("answer", "call", "answer", "call"):
        run.done(again)
    assert run.step.ended == "finished"


@pytest.mark.parametrize("called_first", [True, False])
def test_a_reminders_branch_is_no_part_of_the_activity_it_reminds_of(called_first: bool) -> None:
    run = Run(
        bundle(
            process(
                start(),
                user("report"),
                boundary("soon", "report", timer("P1D"), interrupting=False),
                boundary("late", "report", timer("P5D")),
                user("call"),
                user("second_call"),
                user("take_over"),
                end(),
                flows(
                    ("start", "report"),
                    ("report", "end"),
                    ("soon", "call"),
                    ("call", "second_call"),
                    ("second_call", "end"),
                    ("late", "take_over"),
                    ("take_over", "end"),
                ),
            )
        )
    )
    run.later(days=1)
    if called_first:
        run.done("call")
        assert run.open == ["late", "report", "second_call"]
    run.later(days=5)
    assert run.open == ["second_call" if called_first else "call", "take_over"]


def test_the_first_event_at_an_event_gateway_wins_and_each_timer_has_its_own_time() -> None:
    files = bundle(
        process(
            start(),
            element("eventBasedGateway", "first"),
            catch("said", message("lead.reported")),
            catch("soon", timer("P2D")),
            catch("later", timer("P5D")),
            user("a"),
            user("b"),
            user("c"),
            end(),
            flows(
                ("start", "first"),
                ("first", "later"),
                ("first", "said"),
                ("first", "soon"),
                ("said", "a"),
                ("soon", "b"),
                ("later", "c"),
                ("a", "end"),
                ("b", "end"),
                ("c", "end"),
            ),
        ),
        messages=("lead.reported",),
    )
    run = Run(files)
    assert {w.element: w.due for w in run.step.waiting} == {
        "said": None,
        "soon": NOW + timedelta(days=2),
        "later": NOW + timedelta(days=5),
    }
    run.said("said", ok=True)
    assert (run.open, run.step.data) == (["a"], {"ok": True})
    run = Run(files)
    run.later(days=3)
    assert (run.open, run.passed[-2:]) == (["b"], ["first", "soon"])


def test_working_days_are_left_to_the_calendar_and_fired_by_key() -> None:
    run = Run(
        bundle(
            process(start(), catch("wait", timer("P9D"), lt={"workingDays": "3"}), end(), chain("start", "wait", "end"))
        )
    )
    (waiting,) = run.step.waiting
    assert (waiting.kind, waiting.due, waiting.working_days) == ("timer", None, 3)
    assert run.later(days=30).ended is None
    assert run.give(Fire(run.key("wait"))).ended == "finished"


def test_a_timer_never_fires_by_the_way() -> None:
    run = Run(
        bundle(
            process(
                start(),
                fork("f"),
                user("a"),
                catch("wait", timer("P1D")),
                end(),
                end("e2"),
                flows(("start", "f"), ("f", "a"), ("f", "wait"), ("a", "end"), ("wait", "e2")),
            )
        )
    )
    run.now += timedelta(days=2)
    run.done("a")
    assert run.open == ["wait"]
    assert run.give(Wake()).ended == "finished"


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


def test_a_deadlock_is_an_incident_and_not_silence() -> None:
    files = bundle(
        process(
            start(),
            xor("x", "go"),
            user("a"),
            join("j"),
            end(),
            flows(("start", "x"), ("x", "a", "", "go"), ("x", "j", "n == 1"), ("a", "j"), ("j", "end")),
        )
    )
    run = Run(files, {"n": 0})
    with pytest.raises(Stuck, match="no way on") as stuck:
        run.done("a")
    assert stuck.value.element == "j"


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


def test_an_inclusive_gateway_waits_for_every_branch_it_opened() -> None:
    run = Run(
        bundle(
            process(
                start(),
                element("inclusiveGateway", "f", default="d"),
                user("a"),
                user("b"),
                user("c"),
                element("inclusiveGateway", "j"),
                end(),
                flows(
                    ("start", "f"),
                    ("f", "a", "n > 0"),
                    ("f", "b", "n > 1"),
                    ("f", "c", "", "d"),
                    ("a", "j"),
                    ("b", "j"),
                    ("c", "j"),
                    ("j", "end"),
                ),
            )
        ),
        {"n": 2},
    )
    assert run.open == ["a", "b"]
    assert run.done("a", x=1).ended is None
    assert run.done("b", y=1).data == {"n": 2, "x": 1, "y": 1}
    assert run.step.ended == "finished"


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

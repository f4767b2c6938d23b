"""Timers fire when they are due, once, and leave alone what they only remind of."""

from datetime import timedelta

import pytest

from engine.runner import Fire, Wake
from tests.engine.diagrams import (
    boundary,
    bundle,
    catch,
    chain,
    element,
    end,
    flows,
    fork,
    message,
    process,
    start,
    throw,
    timer,
    user,
)
from tests.engine.running import NOW, Run


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

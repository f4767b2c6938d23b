"""Events of several triggers: any of them, or all of them; each waits under a key of its own, people see one event."""

import pytest

from engine import definitions, operations, runner, verification
from models.messages import Subscription
from models.starts import StartEvent
from models.timers import Timer
from tests.engine.diagrams import (
    boundary,
    bundle,
    chain,
    condition,
    element,
    end,
    escalation,
    flows,
    message,
    process,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.engine.migrating import deploy, migrate, migrated
from tests.engine.operating import begin, on, state
from tests.engine.running import Run
from tests.play import Story

pytestmark = pytest.mark.once


def news(*triggers: str, together: bool = False, then: str = "read") -> dict[str, bytes]:
    """Wait for a message, a signal, a time, or for all of them."""
    waits = element("intermediateCatchEvent", "news", *triggers, parallelMultiple=str(together).lower())
    return bundle(
        process(start(), waits, user(then), end(), chain("start", "news", then, "end")),
        messages=("letter",), signals=("alarm",),
    )  # fmt: skip


ALL = (message("letter"), signal("alarm"), timer("PT1H"))


def key(run: Run, kind: str) -> str:
    return next(one.key for one in run.step.waiting if one.kind == kind)


def test_each_trigger_waits_for_itself_and_the_first_lets_the_token_go() -> None:
    run = Run(news(*ALL))
    assert [(one.kind, one.element, one.message) for one in run.step.waiting] == [
        ("message", "news", "letter"), ("signal", "news", "alarm"), ("timer", "news", None)
    ]  # fmt: skip
    run.give(runner.Deliver(key(run, "signal"), {"from": "house"}))
    assert run.open == ["read"]
    assert run.step.log == (("completed", "news"), ("started", "read"))


def test_what_has_come_for_a_parallel_event_is_awaited_no_more_and_remembered_while_the_instance_is_put_away() -> None:
    run = Run(news(*ALL, together=True))
    letter = key(run, "message")
    run.give(runner.Deliver(letter, {"text": "yes"}))
    assert [one.kind for one in run.step.waiting] == ["signal", "timer"]
    with pytest.raises(runner.NotWaiting):
        run.give(runner.Deliver(letter))
    run.later(hours=1)
    assert run.give(runner.Deliver(key(run, "signal"))).data == {"text": "yes"}
    assert run.open == ["read"]


def test_a_parallel_event_happens_again_when_its_condition_has_become_true_again_too() -> None:
    border = element("boundaryEvent", "b", message("letter"), condition("level > 5"), attachedToRef="work",
                     cancelActivity="false", parallelMultiple="true")  # fmt: skip
    run = Run(
        bundle(process(start(), user("work"), border, user("note"), end(), end("n"),
                       flows(("start", "work"), ("work", "end"), ("b", "note"), ("note", "n"))), messages=("letter",))
    )  # fmt: skip
    run.give(runner.SetData({"level": 9}))
    for level, notes in ((9, 1), (9, 1), (1, 1), (9, 2)):
        run.give(runner.SetData({"level": level}))
        if "message" in [one.kind for one in run.step.waiting]:
            run.give(runner.Deliver(key(run, "message")))
        assert run.open.count("note") == notes


def test_every_escalation_of_an_event_is_thrown_though_the_first_interrupts() -> None:
    run = Run(
        bundle(
            process(
                start(), sub("work", start("s"), throw("both", escalation("late"), escalation("dear")), end("e"),
                             chain("s", "both", "e", prefix="i")),
                boundary("late", "work", escalation("late")), user("hurry"), end(), end("h"),
                flows(("start", "work"), ("work", "end"), ("late", "hurry"), ("hurry", "h")),
            ),
            escalations=("late", "dear"),
        )
    )  # fmt: skip
    assert run.open == ["hurry"]
    assert [one.name for one in run.step.thrown] == ["dear"]
    assert "e" not in run.passed


def test_a_part_of_a_multiple_event_waits_on_under_another_version() -> None:
    run = Run(news(*ALL))
    before = [one.key for one in run.step.waiting]
    migrated(run, news(*ALL, then="look"))
    assert list(run.moved.keys.items()) == [(key, key) for key in before]  # type: ignore[attr-defined]
    migrated(run, news(message("letter"), timer("PT1H")))
    assert run.moved.keys == {}  # type: ignore[attr-defined]
    run.later(hours=1)
    assert run.open == ["read"]


def test_a_deployed_event_has_a_row_for_each_trigger_until_the_first_has_come(story: Story) -> None:
    found = begin(story, news(*ALL))
    assert sorted(one.kind for one in story.rows(Subscription)) == ["message", "signal"]
    assert len(story.rows(Timer)) == 1
    deploy(story, news(*ALL, then="look"))
    migrate(story, found)
    with verification.snapshot(story.database, story.clock) as session:
        assert list(verification.violations(session)) == []
    story.later(hours=2)
    assert (story.steps(), story.rows(Subscription), state(story, found)) == ({"look"}, [], "running")


def test_a_deployed_parallel_event_keeps_the_rows_of_what_has_not_come(story: Story) -> None:
    found = begin(story, news(*ALL, together=True))
    story.later(hours=2)
    assert sorted(one.kind for one in story.rows(Subscription)) == ["message", "signal"]
    for place in ("message", "signal"):
        (waits,) = story.rows(Subscription, kind=place)
        on(story, operations.skip, found, key=waits.key)
        with verification.snapshot(story.database, story.clock) as session:
            assert list(verification.violations(session)) == []
    assert (story.steps(), story.rows(Subscription)) == ({"read"}, [])


def test_a_process_begins_with_any_trigger_of_its_start_event(story: Story) -> None:
    first = element("startEvent", "begun", signal("alarm"), timer("P1D"))
    files = bundle(
        process(first, user("read"), end(), chain("begun", "read", "end")),
        process(start("s2"), throw("ring", signal("alarm")), end("e2"), chain("s2", "ring", "e2", prefix="d"), id="q"),
        signals=("alarm",),
    )
    with story.doing() as session:
        definitions.deploy(session, files, actor=story.actor("thietke"))
    assert sorted(one.kind for one in story.rows(StartEvent)) == ["signal", "timer"]
    story.later(days=1)
    assert len(story.tasks("read")) == 1

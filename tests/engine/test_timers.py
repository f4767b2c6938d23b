"""Timers as rows: working days, once and never early, waiting with a suspended instance; and when reminders come."""

from datetime import datetime, timedelta

import pytest

from engine import definitions, instances, suspensions, timers
from engine.clock import ZONE
from models.instances import Instance
from models.timers import Timer
from tests.engine.diagrams import boundary, bundle, catch, chain, end, flows, process, start, timer, user
from tests.play import Story

EMPTY = "<bpmn:timerEventDefinition/>"


def local(day: int, hour: int = 17, minute: int = 0, month: int = 10) -> datetime:
    return datetime(2018, month, day, hour, minute, tzinfo=ZONE)


def begin(story: Story, files: dict[str, bytes]) -> str:
    with story.doing() as session:
        definition = definitions.deploy(session, files, actor=story.actor("thietke"))[0]
        return instances.start(session, definition, actor=story.actor("thietke")).id


def waits(*definition: str, **lt: str) -> dict[str, bytes]:
    """Return a process that waits for a timer, then for a person."""
    event = catch("pause", *definition, lt=lt or None)
    return bundle(process(start(), event, user("then"), end(), chain("start", "pause", "then", "end")))


@pytest.mark.parametrize(
    ("files", "due"),
    [
        (waits(timer("PT4H")), local(12, 12, 7)),
        (waits(timer("2018-10-20T09:00:00+07:00", "timeDate")), local(20, 9)),
        (waits(EMPTY, workingDays="3"), local(17)),  # Monday, Tuesday, Wednesday
    ],
    ids=["a duration", "a date", "working days"],
)
def test_a_timer_event_is_a_row_with_its_instant(story: Story, files: dict[str, bytes], due: datetime) -> None:
    begin(story, files)
    (row,) = story.rows(Timer)
    assert (row.kind, row.element, row.due_at) == ("event", "pause", due)
    story.clock.at = due - timedelta(seconds=1)
    story.pass_time()
    assert story.steps() == set()
    story.clock.at = due
    story.pass_time()
    assert story.steps() == {"then"}
    assert story.rows(Timer)[0].fired_at == due


def test_a_timer_fires_once_and_not_before_its_time(story: Story) -> None:
    """P5."""
    begin(story, waits(timer("PT4H")))
    (row,) = story.rows(Timer)
    with story.doing() as session:
        timers.fire(session, row.id)
    assert story.facts("timer:fired") == []
    story.clock.at += timedelta(hours=5)
    for _ in range(3):
        with story.doing() as session:
            timers.fire(session, row.id)
    assert len(story.facts("timer:fired")) == 1


def test_the_clock_may_jump_and_no_timer_is_lost_or_doubled(story: Story) -> None:
    """P8."""
    begin(story, waits(timer("P2D")))
    story.clock.at += timedelta(days=365)
    story.pass_time()
    story.clock.at -= timedelta(days=365)
    story.pass_time()
    assert story.steps() == {"then"}
    assert len(story.facts("timer:fired")) == 1


def test_a_repeated_timer_comes_again_and_ends_with_its_step(story: Story) -> None:
    files = bundle(
        process(
            start(), user("one"), end(), boundary("every", "one", timer("R3/P1D", "timeCycle"), interrupting=False),
            user("hint"), end("end2"), flows(("start", "one"), ("one", "end"), ("every", "hint"), ("hint", "end2")),
        )
    )  # fmt: skip
    begin(story, files)
    for _ in range(5):
        story.later(days=1, minutes=1)
    assert len(story.tasks("hint")) == 3
    story.answer("thietke", "one")
    story.later(days=5)
    assert len(story.tasks("hint")) == 3


def test_the_timer_of_a_suspended_instance_waits_and_fires_when_it_is_resumed(story: Story) -> None:
    found = begin(story, waits(timer("PT4H")))
    with story.doing() as session:
        suspensions.suspend(session, instances.lock(session, found), actor=story.actor("quantri"), reason="Kiểm tra")
    story.later(hours=5)
    assert story.steps() == set()
    with story.doing() as session:
        suspensions.resume(session, instances.lock(session, found), actor=story.actor("quantri"), reason="Xong")
    story.later(minutes=2)
    assert story.steps() == {"then"}


def test_the_timers_of_a_cancelled_instance_never_fire(story: Story) -> None:
    found = begin(story, waits(timer("PT4H")))
    with story.doing() as session:
        instances.cancel(session, instances.lock(session, found), actor=story.actor("quantri"), reason="thử")
    story.later(days=1)
    assert story.facts("timer:fired") == []
    assert story.get(Instance, found).state == "cancelled"


@pytest.mark.parametrize(
    ("at", "first"),
    [
        (local(1, 8), local(9)),  # due Friday the 12th: three working days before
        (local(10, 8), local(12)),
        (local(12, 18), local(15)),
        (local(15, 18), local(17)),
    ],
    ids=["long before", "within three days", "just late", "later"],
)
def test_a_task_is_first_spoken_of_at_the_next_step_of_its_due(story: Story, at: datetime, first: datetime) -> None:
    """X-LATE: −3, 0, +1, +3 working days."""
    story.clock.at = at
    with story.doing() as session:
        assert timers.first_reminder(session, local(12)) == first


def test_what_has_no_due_is_never_spoken_of(story: Story) -> None:
    with story.doing() as session:
        assert timers.first_reminder(session, None) is None
    story.until("draft_order")
    assert story.task("draft_order").remind_at is None


def test_holidays_and_make_up_days_count_as_the_calendar_says(story: Story) -> None:
    story.clock.at = local(28, 9, month=12)  # Friday; Monday the 31st and New Year are free, Saturday the 5th is not
    begin(story, waits(EMPTY, workingDays="4"))
    assert story.rows(Timer)[0].due_at == datetime(2019, 1, 5, 17, tzinfo=ZONE)

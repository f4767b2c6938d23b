"""An operator gives a timer another instant or lets it fire now."""

from collections.abc import Callable
from typing import Any

import pytest

from engine import suspensions, timers, undoing
from engine.audit import Fact
from models.errors import Conflict, Invalid, NotAllowed, Rejected, WrongState
from models.timers import Timer
from tests.engine.operating import TIMED, act, begin, data, on, the
from tests.play import Story


def test_a_timer_gets_another_instant_and_its_old_one_back(story: Story) -> None:
    found = begin(story, TIMED)
    (row,) = story.rows(Timer)
    later = row.due_at.replace(day=row.due_at.day + 2)
    act(story, timers.reschedule, Timer, row.id, due_at=later, seen=row.due_at)
    entry = the(story, Fact.TIMER_RESCHEDULED)
    assert (entry.facts["before"]["due"], entry.facts["after"]["due"]) == (
        row.due_at.isoformat(timespec="microseconds"), later.isoformat(timespec="microseconds"),
    )  # fmt: skip
    on(story, undoing.undo, found, seq=entry.seq)
    assert story.get(Timer, row.id).due_at == row.due_at
    with pytest.raises(Conflict):
        act(story, timers.reschedule, Timer, row.id, due_at=later, seen=later)
    act(story, timers.reschedule, Timer, row.id, due_at=later)
    story.later(hours=5)
    assert story.steps() == set()
    story.later(days=2)
    assert story.steps() == {"then"}


def test_a_timer_fires_now_once_and_the_log_says_who_let_it(story: Story) -> None:
    begin(story, TIMED)
    (row,) = story.rows(Timer)
    act(story, timers.fire_now, Timer, row.id)
    assert story.steps() == {"then"}
    assert the(story, Fact.TIMER_FIRED_EARLY).facts["before"]["due"] == row.due_at.isoformat(timespec="microseconds")
    with pytest.raises(WrongState) as refused:
        act(story, timers.fire_now, Timer, row.id)
    assert refused.value.reason == "timer_over"
    story.later(hours=5)
    assert story.facts("timer:fired") == []


def test_a_cut_off_that_fires_now_names_the_missing(story: Story) -> None:
    order = story.until("carry_out")
    (ward,) = story.instances("locality", order_id=order, organization_id=story.world.ward_front)
    (cut_off,) = story.rows(Timer, instance_id=ward.id, kind="cutoff")
    act(story, timers.fire_now, Timer, cut_off.id)
    assert ("consolidate_locality", "Cẩm Thịnh") in story.open_steps(order)
    assert len(data(story, ward.id)["missing"]) == 3


@pytest.mark.parametrize("verb", [timers.reschedule, timers.fire_now])
def test_only_an_operator_with_a_reason_touches_a_timer(story: Story, verb: Callable[..., Any]) -> None:
    begin(story, TIMED)
    (row,) = story.rows(Timer)
    given = {"due_at": row.due_at.replace(year=2019)} if verb is timers.reschedule else {}
    with pytest.raises(NotAllowed):
        act(story, verb, Timer, row.id, login="phunu", **given)
    with pytest.raises(Invalid):
        act(story, verb, Timer, row.id, reason="", **given)
    assert (story.rows(Timer)[0].due_at, story.steps()) == (row.due_at, set())


def test_a_timer_goes_into_the_future_and_never_fires_for_what_stands_still(story: Story) -> None:
    found = begin(story, TIMED)
    (row,) = story.rows(Timer)
    for due in (story.clock.at, story.clock.at.replace(year=2017)):
        with pytest.raises(Invalid):
            act(story, timers.reschedule, Timer, row.id, due_at=due)
    on(story, suspensions.suspend, found)
    with pytest.raises(Rejected) as refused:
        act(story, timers.fire_now, Timer, row.id)
    assert refused.value.reason == "instance_suspended"
    act(story, timers.reschedule, Timer, row.id, due_at=row.due_at.replace(year=2019))

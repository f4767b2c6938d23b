"""Timers and messages follow an instance to its new version."""

from engine import timers
from engine.audit import Fact
from models.messages import Subscription
from models.timers import Timer
from tests.engine.diagrams import (
    bundle,
    chain,
    end,
    process,
    start,
    user,
)
from tests.engine.migrated import heard, pending, say, sound, timed
from tests.engine.migrating import deploy, migrate
from tests.engine.operating import act, begin, state, the
from tests.play import Story


def test_timers_follow_and_fire(story: Story) -> None:
    found = begin(story, timed("PT4H"))
    story.later(hours=1)
    deploy(story, timed("PT4H", "too_late"))
    migrate(story, found, late="too_late")
    assert pending(story) == [("too_late", 4.0)]
    deploy(story, timed("PT8H", "too_late"))
    migrate(story, found)
    # Another duration is another timer: it begins when it is there, so that none rings by the migration itself.
    assert pending(story) == [("too_late", 9.0)]
    sound(story)
    story.later(hours=9)
    assert (story.steps(), pending(story)) == ({"after"}, [])
    story.answer("thietke", "after")
    assert state(story, found) == "finished"
    sound(story)


def test_a_timer_that_was_rescheduled_keeps_its_instant(story: Story) -> None:
    found = begin(story, timed("PT4H"))
    (row,) = story.rows(Timer)
    act(story, timers.reschedule, Timer, row.id, due_at=story.clock.at.replace(year=2030))
    deploy(story, timed("PT4H", "too_late"))
    migrate(story, found, late="too_late")
    assert story.get(Timer, row.id).due_at.year == 2030


def test_a_timer_that_is_added_begins_and_one_that_is_dropped_is_cancelled(story: Story) -> None:
    plain = bundle(process(start(), user("one"), user("two"), end(), chain("start", "one", "two", "end")))
    found = begin(story, plain)
    story.later(hours=2)
    deploy(story, timed("PT4H"))
    migrate(story, found)
    assert pending(story) == [("late", 6.0)]
    assert the(story, Fact.INSTANCE_MIGRATED).facts["began"] == ["late"]
    sound(story)
    other = begin(story, timed("PT4H"))
    deploy(story, plain | {"note.form.json": b'{"components": []}'})
    migrate(story, other)
    assert pending(story) == [("late", 6.0)]
    sound(story)


def test_messages_follow_and_are_delivered(story: Story) -> None:
    found = begin(story, heard("go"))
    deploy(story, heard("go", "listen"))
    migrate(story, found, wait="listen")
    assert [(one.element, one.name) for one in story.rows(Subscription)] == [("listen", "go")]
    sound(story)
    say(story, "go", found)
    assert story.steps() == {"then"}


def test_what_had_come_early_is_handed_over_when_the_new_version_waits_for_it(story: Story) -> None:
    found = begin(story, heard("go"))
    say(story, "come", found)
    assert story.messages("come")[0].state == "kept"
    deploy(story, heard("come"))
    migrate(story, found)
    assert (story.messages("come")[0].state, story.steps()) == ("delivered", {"then"})
    sound(story)

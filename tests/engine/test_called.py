"""A process that calls another: the steps of both are people's work, and each element is known by its own diagram."""

from engine import definitions, uses
from models.instances import Instance
from models.timers import Timer
from tests.engine.diagrams import boundary, bundle, chain, element, end, process, signal, start, throw, timer, user
from tests.engine.operating import begin, state
from tests.play import Story
from webapp.definitions.steps import steps_of
from webapp.tasks.route import next_steps

CALLING = bundle(
    process(
        start(), element("callActivity", "call", calledElement="q", name="Xin ý kiến"), user("after"), end(),
        chain("start", "call", "after", "end"),
    ),
    process(
        start("s"), user("asked"),
        boundary("late", "asked", timer("PT4H"), interrupting=False), user("hurry"), end("hurried"),
        throw("told", signal("xong")), end("e"),
        chain("s", "asked", "told", "e", prefix="q"), chain("late", "hurry", "hurried", prefix="h"), id="q",
    ),
    signals=("xong",),
)  # fmt: skip


def test_the_steps_of_a_called_process_are_done_and_the_caller_goes_on(story: Story) -> None:
    found = begin(story, CALLING)
    assert story.steps() == {"asked"}
    (waits,) = story.rows(Timer, instance_id=found)
    assert waits.element == "late"
    story.later(hours=5)
    assert story.steps() == {"asked", "hurry"}
    story.answer("thietke", "asked")
    story.answer("thietke", "hurry")
    assert story.steps() == {"after"}
    story.answer("thietke", "after")
    assert state(story, found) == "finished"


def test_pages_know_what_is_called(story: Story) -> None:
    found = begin(story, CALLING)
    with story.doing() as session:
        compiled = definitions.bundle_of(session, session.get_one(Instance, found).definition_id)
        assert [step.id for step in steps_of(compiled, "p")] == ["call", "after", "asked", "hurry"]
        (onward,) = next_steps(compiled, story.task("asked"), giver="", levels={})
    assert onward.step == "told"


def test_a_process_without_a_drawn_start_is_started_by_a_person(story: Story) -> None:
    begin(story, bundle(process(user("only"), end(), chain("only", "end"), id="bare")))
    with story.doing() as session:
        assert uses.active(session, "bare").startable

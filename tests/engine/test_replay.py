"""What was so at any moment is rebuilt from the log alone: rebuilding to now gives what is so now."""

import pytest

from engine import definitions, instances, uses
from engine.audit import Fact
from tests.engine.diagrams import bundle, end, flows, process, script, start, user
from tests.engine.histories import begun, doubts
from tests.play import Story

pytestmark = pytest.mark.once

HISTORIES = 6  # script/torture tries 1,000


def test_the_log_of_an_order_that_came_to_its_end_tells_what_is_so(story: Story) -> None:
    order = story.until("nghiem_thu")
    assert doubts(story, order) == []


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_the_log_of_a_random_history_tells_what_is_so(story: Story, seed: int) -> None:
    history = begun(story, seed)
    history.go_on(45)
    assert history.doubts() == []


def test_a_plain_completion_says_itself_how_its_process_moved_and_one_that_got_stuck_does_not(story: Story) -> None:
    files = bundle(
        process(start(), user("first"), user("second"), script("count", "total = missing + 1"), end(),
                flows(("start", "first"), ("first", "second"), ("second", "count"), ("count", "end")))
    )  # fmt: skip
    with story.doing() as session:
        definitions.deploy(session, files, actor=story.actor("thietke"))
        id = instances.start(session, uses.active(session, "p"), actor=story.actor("thietke")).id
    for element in ("first", "second"):
        story.do("thietke", element, {})
    first, second = story.facts(Fact.TASK_COMPLETED, instance_id=id)
    assert first.facts["passed"] == ["first"]
    assert [one["element"] for one in first.facts["opened"]] == ["second"]
    assert "passed" not in second.facts
    assert len(story.facts(Fact.INSTANCE_STUCK, instance_id=id)) == 1
    assert len(story.facts(Fact.INSTANCE_MOVED, instance_id=id)) == 1, "the start"

"""What was so at any moment is rebuilt from the log alone: rebuilding to now gives what is so now."""

import os

import pytest

from engine import replay
from engine.clock import begin
from tests.engine.histories import History
from tests.play import Story

pytestmark = pytest.mark.once

# LIENTHONG_TEST_HISTORIES=1000 is what docs/audit.md speaks of; each takes about a second.
HISTORIES = int(os.environ.get("LIENTHONG_TEST_HISTORIES", "12"))


def doubts(story: Story, order: str) -> list[str]:
    with story.database.read() as reading:
        session = begin(reading, story.clock)
        told = replay.folded_to(replay.entries_until(session, order_id=order))
        return replay.differences(told, replay.present(session, order_id=order))


def test_the_log_of_an_order_that_came_to_its_end_tells_what_is_so(story: Story) -> None:
    order = story.until("nghiem_thu")
    assert doubts(story, order) == []


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_the_log_of_a_random_history_tells_what_is_so(story: Story, seed: int) -> None:
    history = History(story, seed)
    history.go_on(45)
    assert history.doubts() == []

"""What was so at any moment is rebuilt from the log alone: rebuilding to now gives what is so now."""

import pytest

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

"""A legal review is put into a shipped process: by keyboard alone, and by mouse until a lead does it at work."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.drawing import drawn_by_mouse
from tests.browser.outlining import outlined_with_the_keyboard
from tests.browser.watched import Watched
from tests.served import Demo, serving_copy

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def demo(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of its own: what is published here changes how everybody works."""
    with serving_copy(demo_home, tmp_path_factory.mktemp("designing")) as served:
        yield served


def test_a_legal_review_is_put_in_with_the_keyboard_alone_and_by_mouse_until_a_lead_does_it(
    browser: Browser, demo: Demo
) -> None:
    """One test: what the mouse publishes is what the keyboard would add."""
    story = Watched(browser, demo)
    designer = story.sign_in("thietke")
    outlined_with_the_keyboard(designer)
    drawn_by_mouse(story, designer)
    story.leave()

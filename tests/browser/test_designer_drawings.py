"""Drawings that are brought in are saved as they were, and large ones open soon."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.designs import roundtrip
from tests.browser.designer import Place, draw, large
from tests.browser.person import Person
from webapp.founding import PROCESSES

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


def test_every_shipped_process_is_saved_as_it_was(designer: Person, place: Place) -> None:
    changed = [process for process in PROCESSES if is_changed(designer, place, place.open(process))]
    assert changed == []


def test_references_that_the_library_cannot_resolve_are_kept(designer: Person, place: Place) -> None:
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>names</bpmn:loopDataInputRef>"
        '<bpmn:loopDataOutputRef>answers</bpmn:loopDataOutputRef><bpmn:inputDataItem id="name" />'
        '<bpmn:outputDataItem id="answer" /></bpmn:multiInstanceLoopCharacteristics>'
    )
    alone = b'<bpmn:manualTask id="step_0" name="B\xc6\xb0\xe1\xbb\x9bc step_0" />'
    several = alone.replace(b" />", b">") + loop.encode() + b"</bpmn:manualTask>"
    drawing = large(3)
    assert alone in drawing
    assert not is_changed(designer, place, place.bring({"several.bpmn": drawing.replace(alone, several)}))


def is_changed(person: Person, place: Place, at: str) -> bool:
    """Tell whether what the editor would save says anything else than what it read."""
    page = draw(person, at)
    page.locator("#designer-export summary").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="BPMN", exact=True).click()
    after = Path(download.value.path()).read_bytes()
    return bool(roundtrip.canonical(after) != roundtrip.canonical(place.saved(at)))


def test_a_drawing_of_four_hundred_steps_opens_in_three_seconds(designer: Person, place: Place) -> None:
    at = place.bring({"large.bpmn": large(400)})
    page = draw(designer, at)  # what is compiled once is not what opening costs
    taken = [opening(page, at) for _ in range(2)]
    assert min(taken) < 3
    expect(page.locator("[data-element-id=step_200]").first).to_be_attached()


def opening(page: Page, at: str) -> float:
    """Return the seconds from the end of the page's answer until it can be worked with."""
    page.goto(at)
    page.wait_for_selector("#designer[data-ready=yes]")
    taken = "() => performance.now() - performance.getEntriesByType('navigation')[0].responseEnd"
    return float(page.evaluate(taken)) / 1000

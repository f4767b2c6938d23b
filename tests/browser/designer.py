"""The designer over a world of its own, and what one does in it again and again."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, expect

from engine import designs, uses
from models.designs import Design
from tests.browser.axe import CANVASES, examined
from tests.browser.person import Person
from tests.play import Story
from tests.served import Demo

FIRST = "[data-element-id=first_task] .djs-hit"


class Place:
    """The application over a world of its own, and the designs begun in it."""

    def __init__(self, story: Story, demo: Demo) -> None:
        self.story, self.demo = story, demo
        self.is_down = False  # then nothing is saved

    def begin(self, name: str) -> str:
        with self.story.doing() as session:
            return f"/designs/{designs.create(session, name, actor=self.story.actor('thietke')).id}"

    def open(self, process: str) -> str:
        with self.story.doing() as session:
            version = uses.active(session, process)
            return f"/designs/{designs.open_definition(session, version, actor=self.story.actor('thietke')).id}"

    def bring(self, files: dict[str, bytes]) -> str:
        with self.story.doing() as session:
            actor = self.story.actor("thietke")
            return f"/designs/{designs.import_files(session, files, actor=actor, name='Mang vào').id}"

    def add(self, at: str, name: str, content: bytes) -> None:
        """Save a file as another tab would."""
        with self.story.doing() as session:
            design = session.get_one(Design, at.rsplit("/", 1)[1])
            actor = self.story.actor("thietke")
            designs.save_file(session, design, name, content, revision=design.revision, actor=actor)

    def saved(self, at: str) -> bytes:
        """Return the drawing of a design as the server has it."""
        with self.story.database.read() as session:
            files = designs.files_of(session, at.rsplit("/", 1)[1])
            return next(content for name, content in files.items() if name.endswith(".bpmn"))


def draw(person: Person, at: str) -> Page:
    """Open the editor and wait until it can be worked with."""
    person.page.goto(at)
    is_open(person.page)
    return person.page


def is_open(page: Page) -> None:
    expect(page.locator("#designer")).to_have_attribute("data-ready", "yes", timeout=15_000)


def is_saved(page: Page) -> None:
    expect(page.locator("[data-designer-saved]")).to_have_text(re.compile(r"^Đã lưu lúc \d\d:\d\d$"), timeout=15_000)


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def type_and_leave(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).fill(text)
    page.keyboard.press("Tab")


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until what is wanted has the focus."""
    wanted.wait_for()
    for _ in range(600):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{wanted} is not reached by keyboard")


def press(page: Page, selector: str) -> None:
    """Reach a button and press it."""
    reach(page, page.locator(selector))
    page.keyboard.press("Enter")


def looked_at(person: Person) -> list[str]:
    """Read the page, and return what axe finds on it beside the canvases."""
    person.look()
    return examined(person, but=CANVASES)


def large(count: int) -> bytes:
    """Draw a process of so many tasks, twenty in a row."""
    nodes = [f"step_{number}" for number in range(count)]
    tasks = "".join(f'<bpmn:manualTask id="{one}" name="Bước {one}" />' for one in nodes)
    pairs = list(pairwise(nodes))
    flows = "".join(f'<bpmn:sequenceFlow id="f_{a}" sourceRef="{a}" targetRef="{b}" />' for a, b in pairs)
    spots = {one: (160 * (at % 20), 120 * (at // 20)) for at, one in enumerate(nodes)}
    shapes = "".join(
        f'<bpmndi:BPMNShape id="{one}_shape" bpmnElement="{one}"><dc:Bounds x="{x}" y="{y}" width="100" height="80" />'
        "</bpmndi:BPMNShape>"
        for one, (x, y) in spots.items()
    )
    edges = "".join(
        f'<bpmndi:BPMNEdge id="f_{a}_edge" bpmnElement="f_{a}"><di:waypoint x="{spots[a][0] + 100}" '
        f'y="{spots[a][1] + 40}" /><di:waypoint x="{spots[b][0]}" y="{spots[b][1] + 40}" /></bpmndi:BPMNEdge>'
        for a, b in pairs
    )
    return (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
        'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="d" targetNamespace="urn:large">'
        f'<bpmn:process id="large" name="Lớn" isExecutable="true">{tasks}{flows}</bpmn:process>'
        f'<bpmndi:BPMNDiagram id="i"><bpmndi:BPMNPlane id="p" bpmnElement="large">{shapes}{edges}</bpmndi:BPMNPlane>'
        "</bpmndi:BPMNDiagram></bpmn:definitions>"
    ).encode()

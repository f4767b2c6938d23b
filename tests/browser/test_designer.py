"""The designer in a browser: drawn by mouse, told by keyboard, saved by itself, checked as one draws, nothing lost."""

import re
import threading
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from engine import definitions, designs
from engine.bpmn import read
from engine.clock import ManualClock
from engine.designs import roundtrip
from models.designs import Design, DesignFile
from tests.browser.person import Person, Window, nothing_wrong, sign_in
from tests.browser.test_pages import AXE, RULES
from tests.play import Story
from tests.served import Demo
from tests.stock import Stock
from tests.world import NOW, PASSWORD
from webapp import create_app
from webapp.config import Settings
from webapp.demo import PROCESSES

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

# The canvases of the libraries are outside; what stands in a drawing is told by the outline, which is inside.
RUN_AXE = """async rules => {
  const found = await axe.run(
    {exclude: [['.djs-container'], ['#form-editor'], ['#decision-editor']]},
    {runOnly: rules, resultTypes: ['violations']});
  return found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target} ${node.failureSummary}`));
}"""
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
            version = definitions.active(session, process)
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


@pytest.fixture(scope="module")
def place(stock: Stock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    database = stock.copy("story")
    assert stock.world is not None
    clock = ManualClock(at=NOW)
    home = tmp_path_factory.mktemp("designer")
    app = create_app(
        Settings(home=home, secret_key="k" * 32, secure=False, testing=True), database=database, clock=clock
    )
    served: list[Place] = []

    def or_down(environ: Any, start: Any) -> Iterable[bytes]:
        if served[0].is_down and environ["REQUEST_METHOD"] == "PUT":
            start("503 Service Unavailable", [("Content-Length", "0")])
            return []
        return app(environ, start)

    server = make_server("127.0.0.1", 0, or_down, threaded=True)
    demo = Demo(f"http://127.0.0.1:{server.server_port}", PASSWORD, home)
    served.append(Place(Story(database, clock, stock.world), demo))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield served[0]
    server.shutdown()
    thread.join()
    server.server_close()
    stock.discard(database)


@pytest.fixture
def designer(browser: Browser, place: Place) -> Iterator[Person]:
    """Let somebody who may design sign in; fail with whatever the browser complained about."""
    person = sign_in(browser, place.demo, "thietke", Window(1280))
    person.complaints.clear()
    yield person
    person.context.close()
    nothing_wrong(person.complaints)


def draw(person: Person, at: str) -> Page:
    """Open the editor and wait until it can be worked with."""
    person.page.goto(at)
    expect(person.page.locator("#designer")).to_have_attribute("data-ready", "yes", timeout=15_000)
    return person.page


def is_saved(page: Page) -> None:
    expect(page.locator("[data-designer-saved]")).to_have_text(re.compile(r"^Đã lưu lúc \d\d:\d\d$"), timeout=15_000)


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def type_and_leave(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).fill(text)
    page.keyboard.press("Tab")


def test_a_step_is_drawn_assigned_and_saved_by_itself(designer: Person, place: Place) -> None:
    at = place.begin("Vẽ bằng chuột")
    page = draw(designer, at)
    page.locator(FIRST).first.click()
    page.get_by_label("Ai làm (vai trò)").select_option("bloc_head")
    page.get_by_label("Cấp", exact=True).select_option("above")
    page.get_by_label("Chức danh cùng nhận trong tổ chức").select_option("head")
    page.get_by_label("Chức danh cùng nhận trong tổ chức").select_option("bloc_officer")
    page.get_by_role("button", name="Bỏ Người đứng đầu tổ chức").click()
    page.get_by_label("Cách giao").select_option("round_robin")
    page.get_by_label("Quyền xem").select_option("organization")
    type_and_leave(page, "Hạn (số ngày làm việc)", "3")
    page.get_by_role("button", name="Việc của người", exact=True).press("Enter")
    type_and_leave(page, "Tên", "Thẩm định pháp lý")
    is_saved(page)
    process = read("drawing", place.saved(at)).processes[0]
    first = process.nodes["first_task"]
    asked = {"role": "bloc_head", "level": "above", "posts": "bloc_officer", "assign": "round_robin",
             "seenBy": "organization"}  # fmt: skip
    assert first.ext == {**asked, "workingDays": "3"}
    (added,) = [node for node in process.nodes.values() if node.name == "Thẩm định pháp lý"]
    assert added.type == "userTask"
    assert {flow.source for flow in process.incoming(added.id)} == {"first_task"}
    assert {flow.target for flow in process.outgoing(added.id)} == {"done"}
    page.get_by_role("button", name="Hoàn tác", exact=True).click()
    expect(page.get_by_role("button", name="Làm lại", exact=True)).to_be_enabled()
    is_saved(page)
    place.add(at, "made_elsewhere.form.json", b'{"type": "default", "id": "made_elsewhere", "components": []}')
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".designer-files").get_by_role("link", name="made_elsewhere.form.json")).to_be_visible()


def test_a_mistake_is_told_on_the_element_and_mended_by_its_remedy(designer: Person, place: Place) -> None:
    at = place.begin("Sửa giúp")
    page = draw(designer, at)
    page.locator(FIRST).first.click()
    page.get_by_role("button", name="Rẽ nhánh (chọn một)", exact=True).press("Enter")
    page.get_by_role("button", name="Kết thúc", exact=True).press("Enter")
    tab(page, "Dàn ý")
    page.locator("[id^=outline-flow-]", has_text="Kết thúc").first.click()
    page.get_by_role("button", name="Thêm điều kiện").click()
    tab(page, "Kiểm tra")
    mistake = page.locator(".finding:has(.finding-fix)").first
    expect(mistake).to_be_visible()
    assert mistake.locator(".finding-remedy").inner_text()
    rule = mistake.get_attribute("data-rule")
    tab(page, "Bản vẽ")
    tab(page, "Kiểm tra")
    mistake.locator(".finding-fix").click()
    expect(page.get_by_text("Đã sửa giúp.")).to_be_visible()
    expect(page.locator(f".finding[data-rule={rule}]:has(.finding-fix)")).to_have_count(0)
    is_saved(page)


def test_the_same_is_done_in_the_outline_with_the_keyboard_alone(designer: Person, place: Place) -> None:
    at = place.begin("Chỉ bàn phím")
    page = draw(designer, at)
    go_to(page, "tab-drawing")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Dàn ý")).to_be_focused()
    go_to(page, "outline-sum-first_task")
    page.keyboard.press("Enter")
    go_to(page, "outline-add-do-first_task")
    page.keyboard.press("Enter")
    expect(page.locator("[data-designer-told]")).to_have_text("Đã thêm «Việc của người».")
    page.keyboard.type("Thẩm định pháp lý")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.value") != "bloc_head":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    is_saved(page)
    process = read("drawing", place.saved(at)).processes[0]
    (added,) = [node for node in process.nodes.values() if node.name == "Thẩm định pháp lý"]
    assert (added.ext["role"], added.ext["workingDays"]) == ("bloc_head", "2")
    assert {flow.source for flow in process.incoming(added.id)} == {"first_task"}
    go_to(page, f"outline-sum-{added.id}")
    page.keyboard.press("Enter")
    go_to(page, f"outline-details-{added.id}")
    page.keyboard.press("Enter")
    go_to(page, "panel-assign")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.locator(f"[data-step={added.id}]")).to_contain_text("Cách giao: Trực tiếp")
    go_to(page, f"outline-sum-{added.id}")
    page.keyboard.press("Enter")
    go_to(page, f"outline-up-{added.id}")
    page.keyboard.press("Enter")
    is_saved(page)
    page.wait_for_timeout(1800)
    process = read("drawing", place.saved(at)).processes[0]
    assert {flow.target for flow in process.outgoing(added.id)} == {"first_task"}
    assert {flow.source for flow in process.incoming(added.id)} == {"begin"}


def go_to(page: Page, id: str) -> None:
    """Press Tab until what has the id has the focus."""
    for _ in range(150):
        if page.evaluate("document.activeElement.id") == id:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{id} is not reached by keyboard")


def test_what_was_not_saved_is_there_when_the_page_is_opened_again(designer: Person, place: Place) -> None:
    at = place.begin("Mất mạng")
    page = draw(designer, at)
    place.is_down = True
    page.locator(FIRST).first.click()
    type_and_leave(page, "Tên", "Viết khi mất mạng")
    expect(page.locator("[data-designer-saved]")).to_contain_text("Chưa lưu được", timeout=15_000)
    draw(designer, at)
    expect(page.get_by_text("Đã lấy lại phần chưa kịp lưu lần trước.")).to_be_visible()
    assert "Viết khi mất mạng".encode() not in place.saved(at)
    place.is_down = False
    is_saved(page)
    assert "Viết khi mất mạng".encode() in place.saved(at)
    designer.complaints.clear()  # the failed requests


def test_a_template_is_a_working_fragment(designer: Person, place: Place) -> None:
    at = place.begin("Dùng mẫu")
    page = draw(designer, at)
    page.locator("summary", has_text="Mẫu có sẵn").click()
    for number, template in enumerate(page.locator(".palette-fold").first.get_by_role("button").all()):
        if number:
            page.locator("[data-element-id=done] .djs-hit").first.click()
        page.locator(FIRST).first.click()
        template.click()
        page.get_by_role("button", name="Vừa khung").click()
    expect(page.locator("#part-findings")).to_have_attribute("data-outcome", "runnable", timeout=15_000)
    is_saved(page)
    page.wait_for_timeout(2500)
    with place.story.database.read() as session:
        report = definitions.lint.check(designs.files_of(session, at.rsplit("/", 1)[1]))
    assert [one.rule for one in report.findings if one.level != "note"] == []
    assert session.get(DesignFile, (at.rsplit("/", 1)[1], "phe_duyet.form.json")) is not None


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


@pytest.mark.parametrize("width", [1280, 375])
def test_the_designer_is_accessible_outside_its_canvas(browser: Browser, place: Place, width: int) -> None:
    person = sign_in(browser, place.demo, "thietke", Window(width, 1400))
    at = place.open("coordination")
    page = draw(person, at)
    found = []
    for name in ("Bản vẽ", "Dàn ý", "Biến", "Kiểm tra"):
        tab(page, name)
        found += [f"{name}: {one}" for one in looked_at(person)]
    for path in ("/publication", "/regulation", "/trial", "/scenarios"):
        page.goto(at + path)
        person.wait_until_loaded()
        found += [f"{path}: {one}" for one in looked_at(person)]
    person.context.close()
    nothing_wrong([*found, *person.complaints])


def looked_at(person: Person) -> list[str]:
    """Read the page, and return what axe finds on it."""
    person.look()
    return examined(person)


def examined(person: Person) -> list[str]:
    """Return what axe finds on the page."""
    person.page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = person.page.evaluate(RUN_AXE, list(RULES))
    return found


def test_a_form_is_edited_and_shown_as_the_server_shows_it(designer: Person, place: Place) -> None:
    at = place.open("coordination")
    page = designer.page
    page.goto(f"{at}/forms/report_part.form.json")
    expect(page.locator("#form-desk")).to_have_attribute("data-ready", "yes", timeout=15_000)
    expect(page.get_by_text("Dùng ở: Báo cáo phần việc phối hợp")).to_be_visible()
    assert page.locator("[data-preview]").count() == 2
    page.locator("#form-editor .fjs-palette-field", has_text="Một dòng chữ").press("Enter")
    is_saved(page)
    expect(page.locator("[data-preview]").first.get_by_text("Một dòng chữ")).to_be_visible()


def test_a_decision_table_offers_only_what_runs(designer: Person, place: Place) -> None:
    page = designer.page
    page.goto(f"{place.open('locality')}/decisions/commune_model.dmn")
    expect(page.locator("#decision-editor")).to_have_attribute("data-ready", "yes", timeout=15_000)
    page.locator("#decision-editor .hit-policy .dms-input, #decision-editor .hit-policy").first.click()
    offered = page.locator(
        "#decision-editor [role=option], #decision-editor .dms-select-options .option"
    ).all_inner_texts()
    assert set(offered) == {"Đúng một dòng", "Dòng đúng đầu tiên", "Gom mọi dòng đúng"}


def test_the_condition_of_an_event_is_built_from_fields_as_that_of_a_way(designer: Person, place: Place) -> None:
    drawing = place.saved(place.begin("Mẫu vẽ"))
    task = re.search(rb"<bpmn:userTask id=\"first_task\".*?</bpmn:userTask>", drawing, re.DOTALL)
    assert task is not None
    waits = re.sub(rb"userTask", b"intermediateCatchEvent", task[0]).replace(
        b"</bpmn:inter",
        b"<bpmn:conditionalEventDefinition><bpmn:condition/></bpmn:conditionalEventDefinition></bpmn:inter",
    )
    at = place.bring({"waits.bpmn": drawing.replace(task[0], waits)})
    page = draw(designer, at)
    page.locator(FIRST).first.click()
    page.locator("#panel-expert summary").click()
    page.get_by_role("textbox", name="Điều kiện").fill("total > 100")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Trường")).to_have_value("total")
    is_saved(page)
    (event,) = [
        node.event for node in read("p", place.saved(at)).processes[0].nodes.values() if node.id == "first_task"
    ]
    assert (event.kind, event.condition) == ("conditional", "total > 100")

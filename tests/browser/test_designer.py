"""The designer in a browser: drawn by mouse, told by keyboard, saved by itself, checked as one draws."""

import re

import pytest
from playwright.sync_api import Browser, expect

from engine import designs, lint
from engine.bpmn import read
from models.designs import DesignFile
from tests.browser.designer import FIRST, Place, draw, is_saved, looked_at, press, reach, tab, type_and_leave
from tests.browser.person import Person, Window, nothing_wrong, sign_in

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


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
    reach(page, page.locator("#tab-drawing"))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Dàn ý")).to_be_focused()
    press(page, "#outline-sum-first_task")
    press(page, "#outline-add-do-first_task")
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
    press(page, f"#outline-sum-{added.id}")
    press(page, f"#outline-details-{added.id}")
    reach(page, page.locator("#panel-assign"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.locator(f"[data-step={added.id}]")).to_contain_text("Cách giao: Trực tiếp")
    press(page, f"#outline-sum-{added.id}")
    press(page, f"#outline-up-{added.id}")
    is_saved(page)
    page.wait_for_timeout(1800)
    process = read("drawing", place.saved(at)).processes[0]
    assert {flow.target for flow in process.outgoing(added.id)} == {"first_task"}
    assert {flow.source for flow in process.incoming(added.id)} == {"begin"}


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
        report = lint.check(designs.files_of(session, at.rsplit("/", 1)[1]))
    assert [one.rule for one in report.findings if one.level != "note"] == []
    assert session.get(DesignFile, (at.rsplit("/", 1)[1], "phe_duyet.form.json")) is not None


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

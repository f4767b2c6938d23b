"""A legal review is put into a shipped process: by keyboard alone, and by mouse until a lead does it at work."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.person import Person, Window, nothing_wrong, sign_in
from tests.browser.test_designer import examined, is_saved, looked_at, tab, type_and_leave
from tests.served import Demo, serving_copy

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

DESK = Window(1440)
STEP, FORM, OPINION = "Thẩm định pháp lý", "tham_dinh", "Ý kiến thẩm định"
# A question that leads twice to the same step: the second way has no condition, and publication is refused.
REFUSED = ".finding[data-rule=condition-missing]"
MISTAKE = "chưa có điều kiện"
BROKEN = "Kế hoạch bị trả lại, địa bàn từ chối, kết quả bị trả lại"
ORDER = "Trồng cây xanh dịp cuối năm"
WHY = "Kế hoạch phải được thẩm định pháp lý trước khi trình"
CHANGES = (
    "Thêm «Thẩm định pháp lý» (Việc của người)",
    "Thời hạn của bước Thẩm định pháp lý: không có → 2 ngày làm việc",
    "Sau «Hoàn chỉnh và trình kế hoạch»: Trình kế hoạch → Thẩm định pháp lý",
    "Biểu mẫu của bước Thẩm định pháp lý: không có → tham_dinh",
)


@pytest.fixture(scope="module")
def demo(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of its own: what is published here changes how everybody works."""
    with serving_copy(demo_home, tmp_path_factory.mktemp("designing")) as served:
        yield served


class Watched:
    """People whose pages are read by axe where the story says so."""

    def __init__(self, browser: Browser, demo: Demo) -> None:
        self.browser, self.demo = browser, demo
        self.people: list[Person] = []
        self.found: list[str] = []

    def sign_in(self, login: str, *, post: str = "") -> Person:
        person = sign_in(self.browser, self.demo, login, DESK, post=post)
        self.people.append(person)
        return person

    def examine(self, person: Person) -> None:
        person.wait_until_loaded()
        self.found += [f"{person.page.url}: {one}" for one in looked_at(person)]

    def leave(self) -> None:
        for person in self.people:
            person.context.close()
        nothing_wrong([*self.found, *(said for person in self.people for said in person.complaints)])


def test_a_legal_review_is_put_in_with_the_keyboard_alone_and_by_mouse_until_a_lead_does_it(
    browser: Browser, demo: Demo
) -> None:
    """One test: what the mouse publishes is what the keyboard would add."""
    story = Watched(browser, demo)
    designer = story.sign_in("thietke")
    outlined_with_the_keyboard(designer)
    drawn_by_mouse(story, designer)
    story.leave()


def outlined_with_the_keyboard(designer: Person) -> None:
    """Change the process in the outline and submit it, without a mouse."""
    page = designer.page
    designer.go("/definitions")
    follow(designer, page.get_by_role("link", name="Chủ trì", exact=True))
    follow(designer, page.get_by_role("button", name="Sửa", exact=True))
    is_open(page)
    at = page.url
    outline_the_step(page)
    connect_twice(page)
    designer.go(f"{at}/publication")
    reach(page, page.get_by_label("Thay đổi gì, vì sao"))
    page.keyboard.type(WHY)
    follow(designer, page.get_by_role("button", name="Trình duyệt"))
    is_refused(designer)
    designer.go(at)
    mend_by_keyboard(page)
    outline_the_form(designer)
    designer.go(f"{at}/scenarios")
    keep_on(designer)
    designer.go(f"{at}/publication")
    reach(page, page.get_by_label("Thay đổi gì, vì sao"))
    page.keyboard.type(WHY)
    for sentence in CHANGES:
        expect(page.locator("main")).to_contain_text(sentence)
    follow(designer, page.get_by_role("button", name="Trình duyệt"))
    expect(page.locator("main")).to_contain_text("ai trình thì không tự duyệt")


def is_refused(designer: Person) -> None:
    """Read why what was submitted is not taken."""
    main = designer.page.locator("main")
    expect(main).to_contain_text("Chưa đủ điều kiện ban hành")
    expect(main).to_contain_text(MISTAKE)
    designer.complaints[:] = [one for one in designer.complaints if "422" not in one]  # it is meant to be refused


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until what is wanted has the focus."""
    wanted.wait_for()
    for _ in range(600):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{wanted} is not reached by keyboard")


def follow(person: Person, wanted: Locator) -> None:
    """Reach what leads to another page, and go there."""
    reach(person.page, wanted)
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
    person.look()


def press(page: Page, selector: str) -> None:
    """Reach a button and press it."""
    reach(page, page.locator(selector))
    page.keyboard.press("Enter")


def outline_the_step(page: Page) -> None:
    """Add the step in the outline, with its due and its form."""
    reach(page, page.locator("#tab-drawing"))
    page.keyboard.press("ArrowRight")
    press(page, "#outline-sum-submit_plan")
    press(page, "#outline-add-do-submit_plan")
    expect(page.locator("[data-designer-told]")).to_have_text("Đã thêm «Việc của người».")
    page.keyboard.type(STEP)
    step = str(page.evaluate("document.activeElement.id")).removeprefix("outline-name-")
    reach(page, page.locator(f"#outline-due-{step}"))
    page.keyboard.type("2")
    press(page, f"#outline-sum-{step}")
    press(page, f"#outline-details-{step}")
    reach(page, page.locator("#panel-newForm"))
    page.keyboard.type(FORM)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Sửa biểu mẫu")).to_be_visible()


def connect_twice(page: Page) -> None:
    """Connect a question to where it already leads, which leaves it undecided."""
    press(page, "#outline-sum-has_plan")
    reach(page, page.locator("#outline-connect-has_plan"))
    page.keyboard.type("L")
    press(page, "#outline-connect-do-has_plan")
    expect(page.locator("[data-designer-told]")).to_have_text("Đã nối tới «Lập kế hoạch thực hiện».")
    is_saved(page)


def mend_by_keyboard(page: Page) -> None:
    """Take the remedy the checker offers."""
    is_open(page)
    reach(page, page.locator("#tab-drawing"))
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    reach(page, page.locator(f"{REFUSED} .finding-fix"))
    page.keyboard.press("Enter")
    expect(page.locator("#part-findings")).to_contain_text("Không có gì phải sửa.", timeout=15_000)
    is_saved(page)


def outline_the_form(designer: Person) -> None:
    """Let the new form ask for an opinion instead of what it began with."""
    page = designer.page
    designer.go(f"{page.url}/forms/{FORM}.form.json")
    expect(page.locator("#form-desk")).to_have_attribute("data-ready", "yes", timeout=15_000)
    reach(page, page.locator("#tab-drawing"))
    page.keyboard.press("ArrowRight")
    press(page, "#field-add-do")
    page.keyboard.type(OPINION)
    page.keyboard.press("Tab")
    reach(page, page.get_by_role("button", name="Xóa: Ghi chú"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=f"Xóa: {OPINION}")).to_be_focused()
    expect(page.locator("[data-preview]").first).to_contain_text(OPINION, timeout=15_000)
    is_saved(page)


def keep_on(designer: Person) -> None:
    """Let the kept run that stops at the new step go on."""
    page = designer.page
    broken = page.locator("section").filter(has=page.get_by_role("heading", name=BROKEN))
    follow(designer, broken.get_by_role("link", name="Xem từng bước"))
    for _ in range(2):
        follow(designer, page.get_by_role("button", name="Làm xong bước này"))
    follow(designer, page.get_by_role("button", name="Lưu kịch bản"))
    expect(page.locator("main")).to_contain_text("Độ phủ: 100%")


def drawn_by_mouse(story: Watched, designer: Person) -> None:
    """Change the process in the drawing, publish it through somebody else, and let a lead work by it."""
    begin(designer, "Chủ trì")
    draw_the_step(designer.page)
    draw_a_flow_twice(designer.page)
    try_to_submit(designer)
    take_the_remedy(designer.page)
    word_the_form(story, designer)
    mend_the_scenario(story, designer)
    address = submit(story, designer)
    look_at_a_table(story, designer)
    approve(story, story.sign_in("quantri"), address)
    do_the_new_step(story.sign_in("phunu", post="Cán bộ phụ trách"), story.sign_in("thanhnien"))


def begin(designer: Person, process: str) -> None:
    """Open a process to change it."""
    designer.press(designer.page.get_by_role("link", name="Quy trình", exact=True))
    designer.press(designer.page.get_by_role("link", name=process, exact=True))
    designer.press(designer.page.get_by_role("button", name="Sửa", exact=True))
    is_open(designer.page)


def is_open(page: Page) -> None:
    expect(page.locator("#designer")).to_have_attribute("data-ready", "yes", timeout=15_000)


def middle(page: Page, element: str) -> tuple[float, float]:
    """Return where the mouse finds an element of the drawing."""
    box = page.locator(f"[data-element-id={element}] .djs-hit").first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def point_and_click(page: Page, element: str) -> None:
    x, y = middle(page, element)
    page.mouse.move(x - 3, y)
    page.mouse.move(x, y)
    page.mouse.click(x, y)


def draw_the_step(page: Page) -> None:
    """Let a step go on the flow between the plan and its submission, and say what it is."""
    page.locator(".bjs-drilldown").first.click()
    page.get_by_role("button", name="Vừa khung").click()
    page.get_by_role("button", name="Việc của người", exact=True).click()
    point_and_click(page, "submit_plan_to_send_plan")
    page.keyboard.type(STEP)
    page.get_by_label("Tên", exact=True).click()
    expect(page.get_by_label("Tên", exact=True)).to_have_value(STEP)
    type_and_leave(page, "Hạn (số ngày làm việc)", "2")
    type_and_leave(page, "Biểu mẫu mới, đặt tên", FORM)
    expect(page.get_by_role("link", name="Sửa biểu mẫu")).to_be_visible()


def draw_a_flow_twice(page: Page) -> None:
    point_and_click(page, "has_plan")
    page.locator(".djs-context-pad.open [data-action=connect]").click()
    point_and_click(page, "draft_plan")
    expect(page.locator("#part-findings")).to_have_attribute("data-outcome", "refused", timeout=15_000)
    is_saved(page)


def try_to_submit(designer: Person) -> None:
    """Submit the mistake, read that it is refused, and come back."""
    page = designer.page
    designer.press(page.get_by_role("link", name="Duyệt và ban hành"))
    page.get_by_label("Thay đổi gì, vì sao").fill(WHY)
    designer.press(page.get_by_role("button", name="Trình duyệt"))
    is_refused(designer)
    designer.press(page.locator(".crumbs").get_by_role("link", name="Chủ trì"))
    is_open(page)


def take_the_remedy(page: Page) -> None:
    tab(page, "Kiểm tra")
    mistake = page.locator(REFUSED)
    expect(mistake).to_contain_text(MISTAKE)
    mistake.get_by_role("button", name="Sửa giúp: Bỏ đường nối thừa").click()
    expect(page.locator("#part-findings")).to_contain_text("Không có gì phải sửa.", timeout=15_000)
    is_saved(page)


def word_the_form(story: Watched, designer: Person) -> None:
    page = designer.page
    tab(page, "Bản vẽ")
    page.locator(".bjs-drilldown").first.click()
    page.get_by_role("button", name="Vừa khung").click()
    page.locator(".djs-shape").filter(has_text=re.compile("^Thẩm định")).click()
    designer.press(page.get_by_role("link", name="Sửa biểu mẫu"))
    editor = page.locator("#form-editor")
    expect(page.locator("#form-desk")).to_have_attribute("data-ready", "yes", timeout=15_000)
    editor.locator(".fjs-editor-container .fjs-element", has_text="Ghi chú").last.click()
    editor.locator(".bio-properties-panel-group-header", has_text="Chung").click()
    editor.locator("#bio-properties-panel-label").fill(OPINION)
    expect(page.locator("[data-preview]").first).to_contain_text(OPINION, timeout=15_000)
    is_saved(page)
    story.examine(designer)
    designer.press(page.locator(".crumbs").get_by_role("link", name="Chủ trì"))


def mend_the_scenario(story: Watched, designer: Person) -> None:
    """Do the new step where a kept run stops at it, and keep the run so."""
    page = designer.page
    designer.press(page.get_by_role("link", name="Kịch bản"))
    broken = page.locator("section").filter(has=page.get_by_role("heading", name=BROKEN))
    expect(broken).to_contain_text(f"không có gì chờ ở «Lập kế hoạch thực hiện»; đang chờ: {STEP}.")
    designer.press(broken.get_by_role("link", name="Xem từng bước"))
    story.examine(designer)
    for opinion in ("Còn thiếu căn cứ", "Đủ căn cứ"):
        expect(page.locator("main [role=status]")).to_contain_text("các bước còn lại sẽ chạy tiếp")
        designer.fill(OPINION, opinion)
        designer.press(page.get_by_role("button", name="Làm xong bước này"))
    expect(page.locator("main [role=status]")).to_contain_text("Kết thúc ở: Hoàn thành chủ trì")
    designer.press(page.get_by_role("button", name="Lưu kịch bản"))
    expect(page.locator("main")).to_contain_text("Độ phủ: 100%")
    expect(page.get_by_text("Không đạt")).to_have_count(0)
    story.examine(designer)
    designer.press(page.locator(".crumbs").get_by_role("link", name="Chủ trì"))


def submit(story: Watched, designer: Person) -> str:
    page = designer.page
    designer.press(page.get_by_role("link", name="Duyệt và ban hành"))
    page.get_by_label("Thay đổi gì, vì sao").fill(WHY)
    story.examine(designer)
    designer.press(page.get_by_role("button", name="Trình duyệt"))
    expect(page.locator("main")).to_contain_text("ai trình thì không tự duyệt")
    return page.url


def look_at_a_table(story: Watched, designer: Person) -> None:
    """Open the decision table of another process."""
    begin(designer, "Điều phối đặt hàng")
    designer.page.locator(".designer-files").get_by_role("link", name="choose_lead").click()
    expect(designer.page.locator("#decision-editor")).to_have_attribute("data-ready", "yes", timeout=15_000)
    # Its cells hold codes, which are no words to read.
    story.found += examined(designer)


def approve(story: Watched, approver: Person, address: str) -> None:
    """Read what changes and what becomes of running work, publish, let the running work go on under it."""
    page = approver.page
    approver.go(address)
    for sentence in CHANGES:
        expect(page.locator("main")).to_contain_text(sentence)
    expect(page.locator("section", has_text="Việc đang chạy").first).to_contain_text("8 trên 8 quy trình chuyển được")
    page.get_by_label("Ý kiến duyệt").fill("Đồng ý")
    page.get_by_label(re.compile("^Chủ trì · Phiên bản 1")).check()
    story.examine(approver)
    approver.press(page.get_by_role("button", name="Duyệt, ban hành"))
    approver.press(page.get_by_role("link", name="Chủ trì · Phiên bản 2"))
    approver.press(page.locator("main").get_by_role("link", name=re.compile("So sánh")).first)
    expect(page.locator("main")).to_contain_text(CHANGES[0])
    story.examine(approver)


def do_the_new_step(lead: Person, partner: Person) -> None:
    """Take the order that was running before the change, plan it, and find the new step in the inbox."""
    lead.find(ORDER, "Tiếp nhận việc chủ trì")
    lead.choose("Nhận chủ trì")
    lead.send()
    lead.find(ORDER, "Lập kế hoạch thực hiện")
    lead.fill("Nội dung thực hiện", "Trồng cây ở các điểm công cộng")
    lead.fill("Các mốc", "Tháng 11 và tháng 12")
    lead.send()
    partner.find(ORDER, "Cho ý kiến và xác nhận phần việc phối hợp")
    partner.choose("Thống nhất")
    partner.fill("Phần việc đơn vị nhận", "Vận động đoàn viên tham gia")
    partner.send()
    lead.find(ORDER, "Hoàn chỉnh và trình kế hoạch")
    lead.send()
    lead.find(ORDER, STEP)
    lead.fill(OPINION, "Đủ căn cứ pháp lý")
    lead.send()

"""A legal review is put into a process by mouse, published by somebody else, and done by a lead at work."""

import re

from playwright.sync_api import Page, expect

from tests.browser.axe import CANVASES, examined
from tests.browser.designer import is_open, is_saved, tab, type_and_leave
from tests.browser.legal_review import BROKEN, CHANGES, FORM, MISTAKE, OPINION, ORDER, REFUSED, STEP, WHY, is_refused
from tests.browser.person import Person
from tests.browser.watched import Watched


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
    story.found += examined(designer, but=CANVASES)


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

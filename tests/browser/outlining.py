"""A legal review is put into a process with the keyboard alone."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.designer import is_open, is_saved, press, reach
from tests.browser.legal_review import BROKEN, CHANGES, FORM, OPINION, REFUSED, STEP, WHY, is_refused
from tests.browser.person import Person


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


def follow(person: Person, wanted: Locator) -> None:
    """Reach what leads to another page, and go there."""
    reach(person.page, wanted)
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
    person.look()


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

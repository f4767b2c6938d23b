"""The diagram shows where the work is, opens what is folded, and leaves the library's mark alone."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.front_end.site import Site
from tests.house.code import ROOT

pytestmark = pytest.mark.browser


def open_diagram(page: Page) -> None:
    page.locator("#folded summary").click()
    expect(page.locator(".diagram-tools")).to_be_visible()


def test_the_viewer_is_loaded_only_when_the_diagram_is_opened(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(300)
    assert not [url for url in asked if "viewer" in url]
    open_diagram(page)
    assert [url for url in asked if "viewer" in url]


def test_what_waits_inside_a_folded_sub_process_is_marked_on_it(page: Page) -> None:
    open_diagram(page)
    expect(page.locator("[data-element-id=carry].is-current")).to_be_visible()
    expect(page.locator("[data-element-id=accept].is-done")).to_be_visible()
    expect(page.locator(".token:visible")).to_have_text("1")
    expect(page.get_by_role("img", name="đang ở: Nhập kết quả tuần")).to_be_visible()


def test_a_sub_process_opens_and_the_way_back_is_free(page: Page) -> None:
    open_diagram(page)
    page.get_by_role("button", name="Mở Tổ chức thực hiện").click()
    expect(page.locator("[data-element-id=report].is-current")).to_be_visible()
    crumbs, task = (
        page.locator(".bjs-breadcrumbs").bounding_box(),
        page.locator("[data-element-id=report]").bounding_box(),
    )
    assert crumbs and task and crumbs["y"] + crumbs["height"] <= task["y"]
    page.get_by_role("link", name="Đơn vị chủ trì").click()
    expect(page.locator("[data-element-id=carry]")).to_be_visible()


def test_the_drawing_grows_inside_its_frame(page: Page) -> None:
    open_diagram(page)
    task = page.locator("[data-element-id=accept]")
    before = task.bounding_box()
    for _ in range(4):
        page.get_by_role("button", name="Phóng to").click()
    after = task.bounding_box()
    assert before and after and after["width"] > 2 * before["width"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [375, 1200])
def test_the_watermark_stays_uncovered(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    open_diagram(page)
    mark = page.locator(".bjs-powered-by")
    mark.scroll_into_view_if_needed()
    expect(mark).to_be_visible()
    assert mark.evaluate("""mark => {
        const box = mark.getBoundingClientRect();
        return mark.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
    }""")
    assert page.evaluate("""() => {
        const scroller = document.querySelector(".djs-container").getBoundingClientRect();
        return document.querySelector(".bjs-powered-by").getBoundingClientRect().top >= scroller.bottom;
    }""")


def test_a_diagram_that_cannot_be_had_says_so(page: Page) -> None:
    page.route("**/diagram", lambda route: route.fulfill(status=404))
    page.locator("#folded summary").click()
    expect(page.get_by_text("Không tải được sơ đồ")).to_be_visible()


def test_axe_finds_nothing(browser: Browser, site: Site) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 1400}, bypass_csp=True)
    page = context.new_page()
    page.goto(site.address)
    open_diagram(page)
    page.evaluate((ROOT / "webapp/designer/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then(result => result.violations.map(violation => violation.id))")
    context.close()
    assert found == []

"""The pages of trials and scenarios: read by axe, on a desk and on a phone; the diagram shows where one stands."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from engine.clock import ManualClock
from tests.browser.axe import examined, unfold
from tests.browser.person import Person, Window, nothing_wrong, sign_in
from tests.play import Story
from tests.served import Demo, answering
from tests.stock import Stock
from tests.webapp.designing import opened
from tests.webapp.doors import signed_in
from tests.world import NOW, PASSWORD
from webapp import create_app
from webapp.config import Settings

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def served(stock: Stock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Demo, str]]:
    """The application with a design of the process of the focal point; and its address."""
    database = stock.copy("story")
    assert stock.world is not None
    clock, home = ManualClock(at=NOW), tmp_path_factory.mktemp("trials")
    app = create_app(
        Settings(home=home, secret_key="k" * 32, secure=False, testing=True), database=database, clock=clock
    )
    at = opened(Story(database, clock, stock.world), signed_in(app, "thietke"), "bloc")
    with answering(app) as address:
        yield Demo(address, PASSWORD, home), at
    stock.discard(database)


def to_the_lead(designer: Person, at: str) -> None:
    """Try the design as far as the lead that has been asked."""
    main = designer.page.locator("main")
    designer.go(f"{at}/trial")
    designer.press(main.get_by_role("button", name="Gửi thông điệp này"))
    main.get_by_label("Tiếp nhận", exact=True).check()
    designer.press(main.get_by_role("button", name="Làm xong bước này"))
    main.get_by_label("Tổ chức chủ trì").select_option("organization_2")
    designer.press(main.get_by_role("button", name="Làm xong bước này"))


@pytest.mark.parametrize("width", [1200, 375])
def test_what_a_designer_tries_is_accessible_and_fits_the_screen(
    browser: Browser, served: tuple[Demo, str], width: int
) -> None:
    demo, at = served
    designer = sign_in(browser, demo, "thietke", Window(width))
    to_the_lead(designer, at)
    found = []
    trial = designer.page.url.removeprefix(demo.address)
    for path in (trial, f"{at}/scenarios", f"{at}/elements/approve_plan/trial"):
        designer.page.goto(path)
        unfold(designer)
        designer.look()
        found += [f"{path[:60]} {one}" for one in examined(designer)]
        designer.page.set_viewport_size({"width": width, "height": 900})
    designer.context.close()
    nothing_wrong([*found, *designer.complaints])


def test_a_trial_goes_without_scripts(browser: Browser, served: tuple[Demo, str]) -> None:
    demo, at = served
    designer = sign_in(browser, demo, "thietke", Window(375, scripts=False))
    to_the_lead(designer, at)
    assert "Các bước đã chạy (3)" in designer.page.locator("main").inner_text()
    nothing_wrong(designer.complaints)
    designer.context.close()


def test_the_diagram_shows_where_the_trial_stands(browser: Browser, served: tuple[Demo, str]) -> None:
    demo, at = served
    designer = sign_in(browser, demo, "thietke", Window(1200))
    to_the_lead(designer, at)
    designer.page.locator("[data-diagram]").scroll_into_view_if_needed()
    current = designer.page.locator(".djs-element.is-current")
    current.first.wait_for()
    # What waits lies in a collapsed sub-process: the box says how many tokens are inside.
    assert [one.get_attribute("data-element-id") for one in current.all()] == ["share_out_work"]
    assert designer.page.locator(".diagram .token").first.inner_text() == "2"
    assert designer.page.locator('.djs-connection.is-done[data-element-id="order_placed_to_accept_order"]').count() == 1
    designer.context.close()

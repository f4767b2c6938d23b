"""Takes the pictures in docs/screenshots: what people see on a desk and on a phone, from the demo world."""

import argparse
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.designer import is_saved, type_and_leave  # noqa: E402
from tests.browser.person import Person, Window, sign_in, visitor  # noqa: E402
from tests.chromium import launch  # noqa: E402
from tests.served import Demo, serving  # noqa: E402 - the folder has to be known first

FOLDER = ROOT / "docs" / "screenshots"
# A picture shows the page down to here: enough to see what it is about, and under 300 kB.
TALLEST = {1440: 1550, 375: 2400}
WINDOWS = (Window(1440, 900), Window(375, 812))
ENVIRONMENT = "vệ sinh môi trường Ngày thứ 7"


def main() -> None:
    """Build a demo world, or use the one in a folder, and take every picture at two widths."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="holds a demo world that is kept")
    home = parser.parse_args().home
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(home or Path(folder)) as demo,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        FOLDER.mkdir(parents=True, exist_ok=True)
        for window in WINDOWS:
            take_all(browser, demo, window)
        browser.close()


def take_all(browser: Browser, demo: Demo, window: Window) -> None:
    """Take the pictures at one width."""
    anybody = visitor(browser, demo, window)
    anybody.go("/sign-in")
    take(anybody, "sign-in", window)
    quarter = sign_in(browser, demo, "truong.khu", window, post="Trưởng khu")
    quarter.press(quarter.page.locator(".rows a.row-link").first)
    take(quarter, "task", window)
    lead = sign_in(browser, demo, "phunu", window, post="Cán bộ phụ trách")
    take(lead, "inbox", window)
    lead.go("/orders?state=all")
    lead.press(lead.page.get_by_role("link", name=ENVIRONMENT))
    take(lead, "order", window)
    lead.go("/figures")
    lead.press(lead.page.get_by_role("link", name=ENVIRONMENT))
    take(lead, "figures", window)
    lead.go("/organizations")
    take(lead, "organizations", window)
    designer = sign_in(browser, demo, "thietke", window)
    designer.go("/definitions")
    designer.press(designer.page.get_by_role("link", name="Chủ trì").first)
    designer.press(designer.page.get_by_role("button", name="Sửa").first)
    designer.page.wait_for_timeout(2000)  # the drawing is placed
    take(designer, "designer", window)
    if window is WINDOWS[0]:
        change(designer.page)
    design = urlsplit(designer.page.url).path
    for name in ("trial", "publication"):
        designer.go(f"{design}/{name}")
        take(designer, name, window)
    auditor = sign_in(browser, demo, "thanhtra", window)
    auditor.go("/audit")
    take(auditor, "audit", window)
    admin = sign_in(browser, demo, "quantri", window)
    for name, path in {"calendar": "/calendar?year=2018", "second-factor": "/account/second-factor"}.items():
        admin.go(path)
        take(admin, name, window)
    admin.go("/organizations?q=phu nu")
    body = admin.page.locator("main a[href^='/organizations/']", has_text="LHPN").first.get_attribute("href")
    admin.go(f"{body}/staff")
    take(admin, "staff", window)
    for person in (anybody, quarter, lead, designer, auditor, admin):
        person.context.close()


def change(page: Page) -> None:
    """Put a step after the first one of a design, so that there is something to publish."""
    page.locator("[data-element-id=accept_lead] .djs-hit").first.click()
    page.get_by_role("button", name="Việc của người", exact=True).press("Enter")
    type_and_leave(page, "Tên", "Thẩm định pháp lý")
    is_saved(page)


def take(person: Person, name: str, window: Window) -> None:
    """Take a page from its head, on a screen as tall as the page, so that nothing lies under the bar of a phone."""
    page = person.page
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": window.width, "height": min(max(height, window.height), TALLEST[window.width])})
    path = FOLDER / f"{name}-{window.width}.png"
    page.screenshot(path=path)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB", flush=True)
    page.set_viewport_size({"width": window.width, "height": window.height})


if __name__ == "__main__":
    main()

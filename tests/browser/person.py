"""One person at a browser: signs in, finds work in the inbox, fills in forms, and complains about what is wrong."""

import time
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, Response, expect

from tests.browser.words import READ, foreign
from tests.served import Demo

PATIENCE = 30.0  # seconds until somebody gives up looking for work that should have come
CROWDED = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What is cut off at the edge of a sheet makes no page wider; text that may be scrolled to is not cut off.
CUT_OFF = """() => {
  const cut = [], range = document.createRange();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (!node.data.trim() || !node.parentElement.checkVisibility()) continue;
    if (node.parentElement.closest('.overflow-x-auto, .scroll-x, .djs-container, svg, .visually-hidden')) continue;
    range.selectNodeContents(node);
    if (range.getBoundingClientRect().right > document.documentElement.clientWidth + 1) cut.push(node.data.trim());
  }
  return cut;
}"""


HEADINGS = "() => document.getElementsByTagName('h1').length"
LANGUAGE = "() => document.documentElement.lang"
SEEN = f"() => [{', '.join(f'({look})()' for look in (READ, CROWDED, CUT_OFF, HEADINGS, LANGUAGE))}]"


@dataclass(frozen=True)
class Window:
    """How a person looks at the pages."""

    width: int
    height: int = 900
    scripts: bool = True


@dataclass
class Person:
    """A signed-in person; `complaints` are what the browser and the reader had to say about the pages."""

    page: Page
    login: str
    complaints: list[str] = field(default_factory=list)
    under_way: set[Request] = field(default_factory=set)

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    def go(self, path: str) -> Response | None:
        """Open an address as from a bookmark."""
        answer = self.page.goto(path)
        self.look()
        return answer

    def press(self, what: Locator) -> None:
        """Click what leads to another page, and look at that."""
        with self.page.expect_navigation():
            what.click()
        self.look()

    def wait_until_loaded(self) -> None:
        """Wait for what a script asks for now (waiting for half a second of silence costs that on every page)."""
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        while self.under_way:
            self.page.wait_for_timeout(10)

    def look(self) -> None:
        """Read the page: no foreign word, nothing beside the screen, one heading, in Vietnamese."""
        place = f"{self.login} {self.page.url}"
        texts, beside, cut, headings, language = self.page.evaluate(SEEN)
        self.complaints += [f"{place}: {word}" for word in foreign(texts)]
        if beside > 0:
            self.complaints.append(f"{place}: {beside} px beside the screen")
        self.complaints += [f"{place}: cut off: {text[:60]}" for text in cut]
        if headings != 1:
            self.complaints.append(f"{place}: {headings} headings of the first rank")
        if language != "vi":
            self.complaints.append(f"{place}: not said to be Vietnamese")

    def find(self, text: str, title: str) -> None:
        """Wait for a task of an order in the inbox, as one does: search, look, search again; then open it."""
        until = time.monotonic() + PATIENCE
        self.go("/tasks")
        row = self.page.locator(".rows a.row-link").filter(has_text=title)
        while True:
            self.page.get_by_role("searchbox").fill(text)
            self.press(self.page.get_by_role("button", name="Tìm", exact=True))
            if row.count():
                break
            assert time.monotonic() < until, f"«{title}» of «{text}» has not come to {self.login}"
            time.sleep(0.4)
        self.press(row.first)
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)

    def fill(self, label: str, value: str) -> None:
        """Type into the field with a label, unfolding what hides it."""
        self._shown(self.page.locator("main form").get_by_label(label, exact=False).first).fill(value)

    def choose(self, label: str) -> None:
        """Tick the choice with a label."""
        self._shown(self.page.locator("main form").get_by_label(label, exact=True).first).check()

    def select(self, label: str, option: str) -> None:
        """Take an option of a list."""
        self._shown(self.page.locator("main form select").and_(self.page.get_by_label(label)).first).select_option(
            label=option
        )

    def send(self, button: str = "") -> None:
        """Send the form by its filled button, or by another with a name; nothing may be refused."""
        named = self.page.get_by_role("button", name=button, exact=True)
        self.press(named if button else self.page.locator("main form .btn-primary"))
        refused = self.page.locator(".errors")
        assert not refused.count(), f"{self.login}, {self.page.title()}: {refused.inner_text()}"

    def _shown(self, field: Locator) -> Locator:
        """Open the folds a field is in."""
        closed = field.locator("xpath=ancestor::details[not(@open)]")
        while closed.count():
            closed.first.locator("summary").first.click()
        return field


def nothing_wrong(said: list[str]) -> None:
    """Fail with every complaint, one a line."""
    if said:
        pytest.fail("\n".join(said), pytrace=False)


def visitor(browser: Browser, demo: Demo, window: Window, *, login: str = "") -> Person:
    """Return somebody who has not signed in, at a browser of its own."""
    context = browser.new_context(
        base_url=demo.address,
        viewport={"width": window.width, "height": window.height},
        java_script_enabled=window.scripts,
        locale="vi-VN",
        reduced_motion="reduce",
    )
    context.set_default_timeout(10_000)
    person = Person(context.new_page(), login)
    _listen(person)
    return person


def sign_in(browser: Browser, demo: Demo, login: str, window: Window, *, post: str = "") -> Person:
    """Let somebody sign in by the page and, if asked, choose a post; return the person at the browser."""
    person = visitor(browser, demo, window, login=login)
    person.go("/")  # the address that the server prints
    person.page.get_by_label("Tên đăng nhập").fill(login)
    person.page.get_by_label("Mật khẩu").fill(demo.password)
    person.press(person.page.get_by_role("button", name="Đăng nhập"))
    if "/post" in person.page.url:
        person.press(person.page.locator("button.choice").filter(has_text=post).first)
    return person


def _listen(person: Person) -> None:
    def said(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            person.complaints.append(f"{person.login} {person.page.url}: {message.text}")

    def answered(response: Any) -> None:
        if response.status >= 400:
            person.complaints.append(f"{person.login} {response.url}: answered {response.status}")

    person.page.on("request", lambda request: person.under_way.add(request))
    for end in ("requestfinished", "requestfailed"):
        person.page.on(end, lambda request: person.under_way.discard(request))
    person.page.on("console", said)
    person.page.on("pageerror", lambda error: person.complaints.append(f"{person.login}: {error}"))
    person.page.on("response", answered)

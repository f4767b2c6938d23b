"""Every page, as people with different rights see it: readable on two screens, by keyboard, without scripts."""

from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.browser.axe import RULES, examined, unfold
from tests.browser.pages import ELSEWHERE, SEVERAL, Place, application, follow, page_rules
from tests.browser.person import Person, Window, nothing_wrong, sign_in, visitor
from tests.served import Demo

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

# What a narrow screen can change: the text is the same.
ON_THE_PHONE = ("target-size", "color-contrast", "scrollable-region-focusable", "meta-viewport", "link-in-text-block")
# Who sees what nobody else does comes early; the later ones look only for what nobody has seen yet.
ACCOUNTS = {
    "vp.ubnd": "", "thanhtra": "", "quantri": "", "thietke": "", "truong.khoi": "Trưởng Cơ quan khối",
    "phunu": "Cán bộ phụ trách", "lanhdao.ubnd": "", "mttq.phuong": "", "truong.khu": "Trưởng khu",
}  # fmt: skip
DESK, PHONE = Window(1200), Window(375, 812)


class House:
    """All people signed in on one kind of screen."""

    def __init__(self, browser: Browser, demo: Demo, window: Window) -> None:
        self.browser, self.demo, self.window = browser, demo, window
        self.people: dict[str, Person] = {}

    def __getitem__(self, login: str) -> Person:
        """Return somebody; without a login somebody who did not sign in."""
        if not login and login not in self.people:
            self.people[login] = visitor(self.browser, self.demo, self.window)
        elif login not in self.people:
            self.people[login] = sign_in(self.browser, self.demo, login, self.window, post=ACCOUNTS[login])
        return self.people[login]

    def complaints(self) -> list[str]:
        """Return and forget what was wrong."""
        said = sorted({one for person in self.people.values() for one in person.complaints})
        for person in self.people.values():
            person.complaints.clear()
        return said

    def close(self) -> None:
        for person in self.people.values():
            person.context.close()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return application(tmp_path_factory.mktemp("application"))


@pytest.fixture(scope="module")
def desk(browser: Browser, demo: Demo) -> Iterator[House]:
    house = House(browser, demo, DESK)
    yield house
    house.close()


@pytest.fixture(scope="module")
def phone(browser: Browser, demo: Demo) -> Iterator[House]:
    house = House(browser, demo, PHONE)
    yield house
    house.close()


@pytest.fixture(scope="module")
def plain(browser: Browser, demo: Demo) -> Iterator[House]:
    house = House(browser, demo, Window(1200, scripts=False))
    yield house
    house.close()


@pytest.fixture(scope="module")
def places(app: Flask, desk: House) -> list[Place]:
    """The pages, found once."""
    wanted = {endpoint: SEVERAL.get(endpoint, 1) for endpoint in page_rules(app)}
    found: list[Place] = []
    for login in ACCOUNTS:
        if set(+Counter(wanted)) - {"auth.sign_in"}:
            found += follow(app, desk[login].context.request, login, wanted)
    return [Place("auth.sign_in", "", "/sign-in"), *found]


def test_somebody_sees_every_page(app: Flask, places: list[Place]) -> None:
    nothing_wrong(sorted(set(page_rules(app)) - {place.endpoint for place in places} - set(ELSEWHERE)))


def test_pages_are_accessible_on_the_desk(desk: House, places: list[Place]) -> None:
    examine(desk, places, RULES)


def test_pages_are_accessible_on_the_phone(phone: House, places: list[Place]) -> None:
    examine(phone, one_of_each(places), ON_THE_PHONE)


def one_of_each(places: list[Place]) -> list[Place]:
    """Return the first of every kind of page."""
    return list({place.endpoint: place for place in reversed(places)}.values())[::-1]


def examine(house: House, places: list[Place], rules: tuple[str, ...]) -> None:
    """Open every page with all its folds, on a screen as tall as the page, and let axe look at it."""
    found = []
    for place in places:
        page = house[place.login].page
        page.goto(place.path)
        unfold(house[place.login])
        house[place.login].look()
        found += [f"{place.login} {place.path} {one}" for one in examined(house[place.login], rules=rules)]
        page.set_viewport_size({"width": house.window.width, "height": house.window.height})
    nothing_wrong([*found, *house.complaints()])


def test_pages_say_the_same_without_scripts(plain: House, places: list[Place]) -> None:
    for place in one_of_each(places):
        answer = plain[place.login].go(place.path)
        assert answer is not None
        assert answer.status == 200
        assert plain[place.login].page.locator("main").inner_text().strip()
    nothing_wrong(plain.complaints())


@pytest.mark.parametrize("said", ["saved", "failed"])
def test_no_button_moves_under_the_finger_when_a_draft_is_saved_or_cannot_be(
    said: str, phone: House, places: list[Place]
) -> None:
    place = next(place for place in places if place.endpoint == "tasks.show")
    page = phone[place.login].page
    page.goto(place.path)
    if said == "failed":
        page.route("**/draft?*", lambda route: route.abort())
    form, status = page.locator("form[data-draft]"), page.locator("[data-draft-status]")
    before = form.evaluate("form => form.scrollHeight")
    field = form.locator("textarea:visible, input[type=text]:visible").first
    field.fill("Đang soạn")
    field.blur()
    expect(status).to_contain_text("Đã lưu nháp" if said == "saved" else "Chưa lưu được nháp")
    assert form.evaluate("form => form.scrollHeight") == before
    page.unroute_all()
    phone.complaints()


@pytest.mark.parametrize("screen", ["desk", "phone"])
def test_everything_is_reached_by_keyboard_and_seen_when_reached(
    screen: str, request: pytest.FixtureRequest, places: list[Place]
) -> None:
    house: House = request.getfixturevalue(screen)
    wrong = []
    for endpoint in ("auth.sign_in", "tasks.index", "tasks.show", "orders.show", "reports.show", "organizations.index"):
        place = next(place for place in places if place.endpoint == endpoint)
        house[place.login].go(place.path)
        wrong += [f"{place.path}: {one}" for one in walk(house[place.login])]
    nothing_wrong([*wrong, *house.complaints()])


FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const name = `${e.tagName} ${e.name || e.getAttribute('href') || e.textContent.trim().slice(0, 40)}`;
  const seen = e.matches('.file-in') ? e.nextElementSibling : e;
  const box = seen.getBoundingClientRect(), style = getComputedStyle(seen);
  const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 20), 1), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  return {
    name,
    hidden: box.width < 2 || box.height < 2 || box.bottom < 0 || box.top > innerHeight,
    covered: !!top && !seen.contains(top) && !top.contains(seen) && !top.closest('label')?.control,
    bare: style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2,
  };
}"""


def walk(person: Person) -> list[str]:
    """Go through a page by the tab key: the way past the head comes first, and what has the focus is seen."""
    page, wrong = person.page, []
    page.keyboard.press("Tab")
    first = page.evaluate(FOCUSED)
    if first is None or not first["name"].startswith("A #main") or first["hidden"]:
        wrong.append(f"the way past the head does not come first: {first}")
    page.keyboard.press("Enter")
    if page.evaluate("document.activeElement.id") != "main":
        wrong.append("the way past the head does not lead to the content")
    for _ in range(120):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break
        wrong += [f"{focused['name']} is {how}" for how in ("hidden", "covered", "bare") if focused[how]]
    return wrong

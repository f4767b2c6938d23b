"""A story whose people are read by axe where it says so."""

from playwright.sync_api import Browser

from tests.browser.designer import looked_at
from tests.browser.person import Person, Window, nothing_wrong, sign_in
from tests.served import Demo

DESK = Window(1440)


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

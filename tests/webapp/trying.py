"""Trials in tests: a browser that goes through one by its forms, as a person without scripts would."""

from typing import Any

from bs4 import BeautifulSoup, Tag
from werkzeug.test import TestResponse

from tests.webapp.browser import ORIGIN, Browser, soup, text_of, values_of


class Trying:
    """Somebody who tries a design."""

    def __init__(self, browser: Browser, at: str) -> None:
        self.browser, self.at = browser, at
        self.page = browser.read(f"{at}/trial")
        self.address = f"{at}/trial"

    @property
    def said(self) -> str:
        """What the page says."""
        return text_of(self.page)

    def do(self, what: str, named: str = "", **typed: Any) -> TestResponse:
        """Fill in a form of the page and go where it leads: what it does, and of several the name of what waits."""
        form = self.form(what, named)
        data = {**values_of(form), **{name.replace("__", "-"): value for name, value in typed.items()}}
        answer = self.browser.client.post(str(form["action"]), data=data, headers={"Origin": ORIGIN})
        if answer.status_code == 303:
            self.address = str(answer.headers["Location"])
            self.page = self.browser.read(self.address)
        else:
            self.page = soup(answer)
        return answer

    def form(self, what: str, named: str = "") -> Tag:
        """Return the form that does something."""
        for form in self.page.find_all("form"):
            values = values_of(form)
            if values.get("_do") == what and named in (values.get("_name"), ""):
                return form
        raise AssertionError(f"nothing does {what} {named}: {self.said}")

    def keep(self, name: str) -> TestResponse:
        """Keep the trial as a scenario."""
        return self.browser.submit(self.page, "/scenarios", name=name)


def listed(browser: Browser, at: str) -> BeautifulSoup:
    """Open the scenarios of a design."""
    return browser.read(f"{at}/scenarios")

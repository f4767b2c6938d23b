"""A browser for tests without scripts: it signs in, follows forms as they are written, and reads pages."""

import re
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.test import TestResponse

from tests.world import PASSWORD

ORIGIN = "http://localhost"


class Browser:
    """One person's browser."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def get(self, path: str, **more: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, **more)

    def read(self, path: str) -> BeautifulSoup:
        """Open a page that has to be there."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return soup(answer)

    def token(self, path: str = "/sign-in") -> str:
        """Return the token against forgery of a page."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(path).text)
        assert found is not None
        return found[1]

    def post(self, path: str, *, token: str | None = None, **said: Any) -> TestResponse:
        """Send a form by hand, with a valid token."""
        said = {name.replace("__", "-"): value for name, value in said.items()}
        data = {"csrf_token": token or self.token("/account"), **said}
        return self.client.post(path, data=data, headers={"Origin": ORIGIN})

    def submit(self, page: BeautifulSoup, action: str, *, button: str | None = None, **said: Any) -> TestResponse:
        """Fill in the form whose action ends so and press a button (by its `do`), as a browser would."""
        form = form_of(page, action)
        data: dict[str, Any] = values_of(form)
        data.update({name: value for name, value in said.items() if value is not None})
        target = str(form["action"])
        if button is not None:
            pressed = form.find("button", attrs={"name": "do", "value": button})
            assert isinstance(pressed, Tag), button
            data["do"] = button
            target = str(pressed.get("formaction") or target)
        return self.client.post(target, data=data, headers={"Origin": ORIGIN})

    def sign_in(self, login: str, password: str = PASSWORD, **more: str) -> TestResponse:
        """Sign in by the page."""
        data = {"csrf_token": self.token(), "login": login, "password": password, **more}
        return self.client.post("/sign-in", data=data, headers={"Origin": ORIGIN})


def soup(answer: TestResponse) -> BeautifulSoup:
    """Read an answer as a page."""
    return BeautifulSoup(answer.text, "lxml")


def form_of(page: BeautifulSoup, action: str) -> Tag:
    """Find the form that leads to an address ending so."""
    for form in page.find_all("form"):
        if str(form.get("action", "")).split("?")[0].endswith(action):
            return form
    raise AssertionError(f"no form leads to {action}")


def values_of(form: Tag) -> dict[str, Any]:
    """Return what a form holds before anything is typed."""
    values: dict[str, Any] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name, kind = str(field.get("name", "")), field.get("type")
        if not name or kind == "file" or (kind in ("checkbox", "radio") and not field.has_attr("checked")):
            continue
        if field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            values[name] = chosen.get("value", "") if chosen else ""
        else:
            values[name] = field.get("value", "") if field.name == "input" else field.text.removeprefix("\n")
    return values


def text_of(page: BeautifulSoup) -> str:
    """Return what a page says, with single spaces."""
    return " ".join(page.get_text(" ").split())

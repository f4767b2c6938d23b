"""Designs in tests: the editor of somebody, which speaks JSON, and designs that come as far as a test needs them."""

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from engine import settings, uses
from engine.designs import gates
from models.definitions import Definition
from models.designs import Design
from models.permissions import SYSTEM
from tests.play import Story
from tests.webapp.browser import ORIGIN, Browser
from tests.webapp.doors import signed_in

FIVE, THREE = 'lt:operator="plans.save" lt:workingDays="5"', 'lt:operator="plans.save" lt:workingDays="3"'


class Editor:
    """The editor of somebody."""

    def __init__(self, app: Flask, login: str) -> None:
        self.browser = signed_in(app, login)
        self.token = self.browser.token("/account")

    def ask(self, method: str, path: str, body: Any = None) -> TestResponse:
        """Send JSON to an address."""
        headers = {"Origin": ORIGIN, "X-CSRFToken": self.token}
        return self.browser.client.open(path, method=method, json={} if body is None else body, headers=headers)

    def save(self, at: str, name: str, text: str, revision: int, **more: Any) -> TestResponse:
        """Save a file that was read at a revision."""
        return self.ask("PUT", f"{at}/files/{name}", {"content": text, "revision": revision, **more})

    def text(self, at: str, name: str) -> str:
        """Read a file as it was last saved."""
        return self.browser.get(f"{at}/files/{name}").text

    def check(self, at: str, **files: str) -> Any:
        """Check a design with texts that are not saved."""
        answer = self.ask("POST", f"{at}/check", {"files": files})
        assert answer.status_code == 200, answer.text
        return answer.json


def begin(browser: Browser, **said: Any) -> str:
    """Begin a design; return its address."""
    answer = browser.post("/designs", **said)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def opened(story: Story, browser: Browser, process: str) -> str:
    """Open the version of a process in use; return the address of the design."""
    return begin(browser, definition_id=active(story, process).id)


def active(story: Story, process: str) -> Definition:
    """Return the version of a process in use."""
    with story.doing() as session:
        return uses.active(session, process)


def design(story: Story, at: str) -> Design:
    """Return the design at an address."""
    found: Design = story.get(Design, at.rsplit("/", 1)[1])
    return found


def ask_for_coverage(story: Story, percent: int) -> None:
    """Say how much of a diagram scenarios have to reach."""
    with story.doing() as session:
        settings.put(session, gates.COVERAGE, str(percent), actor=SYSTEM)


def shortened(app: Flask, story: Story) -> str:
    """Open the lead's process and give its planning three days instead of five; return the address of the design."""
    editor = Editor(app, "thietke")
    at = opened(story, editor.browser, "lead")
    assert editor.save(at, "lead.bpmn", editor.text(at, "lead.bpmn").replace(FIVE, THREE), 1).status_code == 200
    return at


def submitted(app: Flask, story: Story) -> str:
    """Let a designer submit the shortened process; return the address of the design."""
    ask_for_coverage(story, 0)
    at = shortened(app, story)
    browser = signed_in(app, "thietke")
    page = browser.read(f"{at}/publication")
    assert browser.submit(page, "/submission", note="Rút ngắn lập kế hoạch").status_code == 303
    return at

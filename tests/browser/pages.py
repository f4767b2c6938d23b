"""Which pages there are for whom: found by following the links of people with different rights."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from flask import Flask
from playwright.sync_api import APIRequestContext
from werkzeug.exceptions import HTTPException

from webapp import create_app
from webapp.config import Settings

# What answers GET and is no page: files, data, parts of pages, and what only leads on.
NO_PAGES = {
    "assets.serve": "files of the front end",
    "auth.home": "leads on to the door",
    "audit.case_bundle": "a case file as a file",
    "audit.case_report": "a case file as PDF",
    "audit.export": "the log as a file",
    "audit.export_list": "a list of the log as a file",
    "audit.moment_at": "leads on to a moment",
    "audit.export_progress": "a part of the page of exports",
    "attachments.download": "a file somebody handed in",
    "definitions.diagram": "XML for the viewer",
    "designs.choices": "data for the editor",
    "designs.comments": "data for the editor",
    "designs.export": "a bundle as a file",
    "designs.file": "a file of a design",
    "designs.regulation_file": "a regulation as a file",
    "definitions.file": "a file of a bundle",
    "definitions.regulation_file": "a regulation as a file",
    "health.live": "read by programs",
    "health.ready": "read by programs",
    "health.numbers": "read by programs",
    "tasks.news": "a part of the inbox",
    "tasks.onward": "leads on to a task",
}
# Pages that need what nobody has in the demo: looked at by test_operations.py, unless another test is named.
ELSEWHERE = {
    "audit.archive": "an archive: read by test_audit_archives.py",
    "audit.case_file": "an inspection: looked at by test_inspection.py",
    "definitions.ask_for_migration": "two versions of a process",
    "definitions.compare": "two versions of a process: read by test_publication.py",
    **dict.fromkeys(
        (
            "designs.show",
            "designs.edit_form",
            "designs.edit_decision",
            "designs.publication",
            "designs.receivers",
            "designs.regulation",
            "designs.trial",
            "designs.element_trial",
            "designs.scenarios",
        ),
        "a design: looked at by test_designer.py",
    ),
}
# Of some pages several are worth a look: another form, another state.
SEVERAL = {"tasks.show": 6, "orders.show": 3, "instances.show": 2, "organizations.show": 2}
# Each person opens its own lists and some of what is in them to find what they lead to, whoever was there before.
LISTS = ("tasks.index", "orders.index", "organizations.index", "audit.index")
OPENED = 6


@dataclass(frozen=True)
class Place:
    """A page and one who may see it; nobody's login for those anybody sees."""

    endpoint: str
    login: str
    path: str


def application(home: Path) -> Flask:
    """Return an application over nothing, for its map of addresses."""
    return create_app(Settings(home=home, secret_key="k" * 32, secure=False, testing=True))


def page_rules(app: Flask) -> dict[str, str]:
    """Return the rule of every page by its endpoint."""
    found = {
        rule.endpoint: rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.endpoint.startswith("api.") and rule.endpoint not in NO_PAGES
    }
    found.pop("static", None)
    return found


def follow(app: Flask, request: APIRequestContext, login: str, wanted: dict[str, int]) -> Iterator[Place]:
    """Visit what somebody can see, link by link, until every endpoint was seen as often as wanted; count down."""
    asked = [rule for rule in page_rules(app).values() if "<" not in rule]
    known = set(asked)
    titles: set[str] = set()
    opened: Counter[str] = Counter()
    while asked:
        path = asked.pop(0)
        endpoint = _endpoint(app, path)
        opened[endpoint] += 1
        leads_on = endpoint in (*LISTS, *SEVERAL) and opened[endpoint] <= OPENED and any(_unseen(wanted))
        if wanted.get(endpoint, 0) < 1 and not leads_on:
            continue
        answer = request.get(path, max_redirects=0)
        if answer.status != 200 or "text/html" not in answer.headers.get("content-type", ""):
            continue
        page = BeautifulSoup(answer.text(), "lxml")
        title = f"{endpoint}: {page.h1.get_text() if page.h1 else ''}"
        if title not in titles and wanted[endpoint] > 0:
            titles.add(title)
            wanted[endpoint] -= 1
            yield Place(endpoint, login, path)
        for link in _links(page, path):
            if link not in known:
                known.add(link)
                asked.append(link)


def _unseen(wanted: dict[str, int]) -> Iterator[bool]:
    return (count == SEVERAL.get(endpoint, 1) for endpoint, count in wanted.items() if endpoint != "auth.sign_in")


def _endpoint(app: Flask, path: str) -> str:
    try:
        return str(app.url_map.bind("localhost").match(urlsplit(path).path)[0])
    except HTTPException:
        return ""


def _links(page: BeautifulSoup, path: str) -> Iterator[str]:
    for link in page.select("main a[href]"):
        found = urlsplit(urljoin(path, str(link["href"])))
        if not found.netloc:
            yield found.path + (f"?{found.query}" if found.query else "")
    chosen = page.select_one('main input[type=checkbox][name="id"]')
    button = page.select_one('main button[formmethod="get"]')
    if chosen and button:
        yield f"{button['formaction']}?id={chosen['value']}"

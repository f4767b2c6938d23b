"""Changes come from our own forms only, once each; reading changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from models.orders import Order
from models.tasks import Attachment
from tests.security.asking import COOKIE, Question, Upload, ask, questions
from tests.security.frozen import frozen
from tests.security.scene import PNG, Person, Stage
from tests.webapp.browser import ORIGIN

pytestmark = pytest.mark.once

ELSEWHERE = {"Origin": "https://elsewhere.example"}


def forms(stage: Stage) -> list[Question]:
    """One question for each page that changes something, about what the lead may change where there is such a thing."""
    chosen: dict[str, Question] = {}
    for question in questions(stage.app, stage.scene):
        if question.method != "GET" and not question.is_for_programs:
            chosen.setdefault(question.endpoint, question)
            if question.about in ("lead's", "ours"):
                chosen[question.endpoint] = question
    return list(chosen.values())


def send(app: Flask, question: Question, who: Person, headers: dict[str, str], token: str | None) -> TestResponse:
    data: dict[str, Any] = {k: v for k, v in question.said.get("data", {}).items() if isinstance(v, str)}
    if token is not None:
        data["csrf_token"] = token
    client = app.test_client(use_cookies=False)
    dressed = {"Cookie": f"{COOKIE}={who.cookie}", **headers}
    return client.open(question.path, method=question.method, data=data, headers=dressed)


@pytest.mark.parametrize(
    "forged",
    [
        lambda people: ({"Origin": ORIGIN}, None),
        lambda people: ({"Origin": ORIGIN}, ""),
        lambda people: ({"Origin": ORIGIN}, people["coord"].form),
        lambda people: (ELSEWHERE, people["lead"].form),
        lambda people: ({"Origin": "null"}, people["lead"].form),
        lambda people: ({"Origin": ORIGIN + ".elsewhere.example"}, people["lead"].form),
        lambda people: ({"Sec-Fetch-Site": "cross-site"}, people["lead"].form),
        lambda people: ({"Sec-Fetch-Site": "same-site"}, people["lead"].form),
    ],
    ids=["no token", "empty token", "another person's token", "another origin", "an opaque origin", "a longer origin",
         "cross-site", "same-site"],
)  # fmt: skip
def test_no_form_of_another_site_changes_anything(stage: Stage, forged: Callable[[Any], Any]) -> None:
    headers, token = forged(stage.people)
    with frozen(stage.database) as written:
        for question in forms(stage):
            answer = send(stage.app, question, stage.people["lead"], headers, token)
            assert (answer.status_code, written.beside_the_log) == (403, set()), question.name


def test_a_right_form_is_not_refused_for_where_it_comes_from(stage: Stage) -> None:
    with frozen(stage.database):
        for headers in ({"Origin": ORIGIN}, {}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
            question = next(one for one in forms(stage) if one.endpoint == "notifications.mark_read")
            assert (
                send(stage.app, question, stage.people["lead"], headers, stage.people["lead"].form).status_code == 303
            )


def test_an_unchecked_form_would_be_seen(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(stage.app.config, "WTF_CSRF_CHECK_DEFAULT", False)
    question = next(one for one in forms(stage) if one.endpoint == "tasks.claim")
    with frozen(stage.database) as written:
        answer = send(stage.app, question, stage.people["lead"], {"Origin": ORIGIN}, None)
        assert (answer.status_code, "tasks" in written.tables) == (303, True)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_other_methods_do_not_exist(stage: Stage, method: str) -> None:
    order = stage.scene.keys["order"]["ours"]
    with frozen(stage.database) as written:
        for path in (f"/orders/{order}", "/tasks", f"/api/v1/orders/{order}"):
            asked = Question("", method, path, "", path)
            assert ask(stage.app, asked, stage.people["officer"]).status_code == 405, path
        assert written.tables == set()


def test_a_method_is_what_it_is(stage: Stage) -> None:
    task = stage.scene.keys["task"]["lead's"]
    client = stage.app.test_client(use_cookies=False)
    headers = {"Cookie": f"{COOKIE}={stage.people['lead'].cookie}", "X-HTTP-Method-Override": "POST"}
    with frozen(stage.database) as written:
        assert client.get(f"/tasks/{task}/claim?_method=POST", headers=headers).status_code in (404, 405)
        assert written.tables == set()


def test_a_cookie_opens_no_door_for_programs(stage: Stage) -> None:
    headers = {"Cookie": f"{COOKIE}={stage.people['officer'].cookie}"}
    assert stage.app.test_client(use_cookies=False).post("/api/v1/orders", headers=headers).status_code == 401


def order(stage: Stage, who: str, key: str, **more: str) -> TestResponse:
    said = {"data": {"idempotency_key": key, **more}}
    return ask(stage.app, Question("orders.create", "POST", "/orders", "-", "/orders", said), stage.people[who])


def count(stage: Stage, model: Any) -> int:
    with stage.database.read() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_form_sent_twice_is_done_once_and_its_key_is_good_for_nothing_else(
    broken_in: Callable[[], Stage],
) -> None:
    stage, once = broken_in(), "k" * 32
    before = count(stage, Order)
    first, again = order(stage, "officer", once), order(stage, "officer", once)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["Location"] == again.headers["Location"]
    assert order(stage, "officer", once, note="khác").status_code == 422
    assert count(stage, Order) == before + 1
    # The same key in another hand is another key.
    assert order(stage, "foreign", once).status_code == 403
    said = {"data": {"idempotency_key": once, "text": "Ghi chú"}}
    key = stage.scene.keys["task"]["lead's"]
    path = f"/tasks/{key}/comments"
    other = ask(stage.app, Question("", "POST", path, "", path, said), stage.people["lead"])
    assert (other.status_code, "#comments" in other.headers["Location"]) == (303, True)


def test_a_key_covers_the_files_of_its_form(broken_in: Callable[[], Stage]) -> None:
    stage = broken_in()
    key = stage.scene.keys["task"]["lead's"]
    path = f"/tasks/{key}/files"
    before = count(stage, Attachment)

    def sent(name: str) -> int:
        said = {"data": {"idempotency_key": "f" * 32, "file": Upload(name, PNG)}}
        return ask(stage.app, Question("", "POST", path, "", path, said), stage.people["lead"]).status_code

    assert [sent("một.png"), sent("một.png"), sent("hai.png")] == [303, 303, 422]
    assert count(stage, Attachment) == before + 1

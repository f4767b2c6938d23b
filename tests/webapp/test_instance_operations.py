"""An operator moves, skips, suspends and ends a process or a version on its page."""

import pytest
from flask import Flask

from engine.audit import Fact
from models.definitions import Definition
from models.instances import Instance
from tests.engine.diagrams import bundle, catch, chain, condition, end, message, process, start
from tests.engine.operating import REASON, SCRIPTED, begin, state, the
from tests.play import Story
from tests.webapp.browser import form_of, soup, text_of, values_of
from tests.webapp.designing import opened
from tests.webapp.doors import app, signed_in, story
from tests.webapp.operating import ASKS, follow, operator

pytestmark = pytest.mark.once

__all__ = ["app", "story"]


def test_a_token_is_moved_and_the_move_undone(app: Flask, story: Story) -> None:
    found = begin(story, SCRIPTED, size=1)
    browser = operator(app)
    page = browser.read(f"/instances/{found}")
    options = [str(one["value"]) for one in form_of(page, "/move").select("option")]
    assert options == ["compute", "two", "end"]
    page = follow(browser, browser.submit(page, "/move", element="two", reason=REASON))
    assert story.steps() == {"two"}
    assert "từ «One» sang «Two»" in text_of(page)
    page = follow(browser, browser.submit(page, "/undo", reason=REASON))
    assert story.steps() == {"one"}
    assert len(page.select('form[action$="/undo"]')) == 1  # what was undone is not offered again


def test_a_waiting_step_is_skipped_by_the_button_beside(app: Flask, story: Story) -> None:
    found = begin(story, SCRIPTED, size=1)
    browser = operator(app)
    page = browser.read(f"/instances/{found}")
    form = form_of(page, "/move")
    button = form.select_one("button[formaction]")
    assert button is not None
    data = values_of(form) | {"reason": REASON, "csrf_token": browser.token("/account")}
    follow(browser, browser.client.post(str(button["formaction"]), data=data, headers={"Origin": "http://localhost"}))
    assert story.steps() == {"two"}


def test_a_move_that_leads_nowhere_is_refused_in_words(app: Flask, story: Story) -> None:
    found = begin(story, SCRIPTED)
    browser = operator(app)
    page = browser.read(f"/instances/{found}")
    wrong = browser.submit(page, "/move", element="one", reason=REASON)
    assert (wrong.status_code, "Không chuyển sang bước này được" in text_of(soup(wrong))) == (422, True)
    there_too = browser.submit(page, "/move", element="compute", reason=REASON, idempotency_key="another")
    assert (there_too.status_code, "Chuyển sang đó cũng bị kẹt" in text_of(soup(there_too))) == (409, True)
    assert story.steps() == {"one"}


def test_what_waits_for_a_condition_is_shown_where_it_runs_and_where_it_is_tried_in_both_languages(
    app: Flask, story: Story
) -> None:
    waits = catch("news", condition("total > 100"), message("letter"))
    files = bundle(process(start(), waits, end(), chain("start", "news", "end")), messages=("letter",))
    browser, found = operator(app), begin(story, files, total=1)
    page = browser.read(f"/instances/{found}")
    assert "news đến khi đúng: total > 100" in text_of(page)
    places = [text_of(one) for one in page.select("[aria-labelledby=places] summary")]
    assert places == ["news: điều kiện", "news: letter"]
    designer = signed_in(app, "thietke")
    tried = f"{opened(story, designer, 'p')}/trial"
    assert "Chờ điều kiện news đến khi đúng: total > 100" in text_of(designer.read(tried))
    for reader in (browser, designer):
        reader.post("/language", language="en")
    assert "news until this is true: total > 100" in text_of(browser.read(f"/instances/{found}"))
    assert "Waits for a condition news until this is true: total > 100" in text_of(designer.read(tried))


def test_a_suspended_process_tells_its_people_why_and_keeps_what_they_type(app: Flask, story: Story) -> None:
    order = story.until("accept_lead")
    lead = next(one for one in story.rows(Instance, order_id=order) if one.process_id == "lead")
    browser = operator(app)
    page = follow(browser, browser.submit(browser.read(f"/instances/{lead.id}"), "/suspension", reason=REASON))
    assert f"Tạm dừng từ 12/10/2018, 08:07: {REASON}" in text_of(page)
    task = story.task("accept_lead", order=order)
    person = signed_in(app, "phunu")
    page = person.read(f"/tasks/{task.id}")
    assert REASON in text_of(page)
    refused = person.post(f"/tasks/{task.id}/completion", decision="accept")
    assert (refused.status_code, REASON in text_of(soup(refused))) == (409, True)
    assert person.post(f"/tasks/{task.id}/draft", decision="accept").status_code in (200, 204, 303)
    assert story.task("accept_lead", order=order).drafted
    follow(browser, browser.submit(browser.read(f"/instances/{lead.id}"), "/resumption", reason=REASON))
    assert "tạm dừng từ" not in text_of(person.read(f"/tasks/{task.id}"))
    assert person.post(f"/tasks/{task.id}/completion", decision="accept").status_code == 303


def test_a_cancelled_process_is_over_and_says_so(app: Flask, story: Story) -> None:
    found = begin(story, SCRIPTED)
    browser = operator(app)
    page = follow(browser, browser.submit(browser.read(f"/instances/{found}"), "/cancellation", reason=REASON))
    assert (state(story, found), the(story, Fact.INSTANCE_CANCELLED).facts["reason"]) == ("cancelled", REASON)
    assert not page.select('form[action$="/cancellation"]')
    assert "đang chạy" in text_of(page) and "đã hủy" in text_of(page)


def test_who_sees_an_instance_without_the_right_is_not_offered_anything(app: Flask, story: Story) -> None:
    found = begin(story, ASKS, size=9)
    inspector = signed_in(app, "thanhtra")
    page = inspector.read(f"/instances/{found}")
    assert not page.select('main form[method="post"]')
    assert "value-size" not in str(page)
    for act in ("data", "skip", "move", "cancellation", "suspension", "resumption", "undo"):
        assert inspector.post(f"/instances/{found}/{act}", reason=REASON).status_code == 403, act
    assert len(story.facts(Fact.ACCESS_REFUSED)) == 7


def test_a_version_is_suspended_with_its_work_and_resumed(app: Flask, story: Story) -> None:
    order = story.until("accept_lead")
    lead = story.rows(Definition, process_id="lead")[-1]
    browser = operator(app)
    page = browser.read(f"/definitions/{lead.id}")
    blank = browser.submit(page, "/suspension", reason=" ")
    assert (blank.status_code, "Cần điền ô này" in text_of(soup(blank))) == (422, True)
    page = follow(browser, browser.submit(page, "/suspension", reason=REASON))
    assert "1 quy trình đang chạy chờ cùng" in text_of(page)
    instance = next(one for one in story.rows(Instance, order_id=order) if one.process_id == "lead")
    shown = browser.read(f"/instances/{instance.id}")
    assert not shown.select('form[action$="/resumption"]')
    page = follow(browser, browser.submit(page, "/resumption", reason=REASON))
    assert state(story, instance.id) == "running"
    designer = signed_in(app, "thietke")
    assert not designer.read(f"/definitions/{lead.id}").select('form[action$="/suspension"]')
    assert designer.post(f"/definitions/{lead.id}/suspension", reason=REASON).status_code == 403

"""Operators at the doors: what is stuck, waits or failed, seen and acted on by pages and by programs, with a reason."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import event

from engine import backlog, definitions, instances, notifications
from engine.audit import Fact
from models.audit import AuditEntry
from models.definitions import Definition
from models.instances import Incident, Instance
from models.notifications import Mail
from models.timers import Timer
from models.users import Person
from tests.engine.diagrams import (
    bundle,
    catch,
    chain,
    end,
    flows,
    process,
    script,
    start,
    timer,
    user,
    xor,
)
from tests.play import Story
from tests.webapp.browser import Browser, form_of, soup, text_of, values_of
from tests.webapp.doors import Program, app, signed_in, story
from webapp.jobs import BACKLOG

pytestmark = pytest.mark.once

__all__ = ["app", "story"]
REASON = "Theo đề nghị của đơn vị"
PAGES = ("/incidents", "/timers", "/jobs")

ASKS = bundle(
    process(
        start(), user("ask"), xor("which"), user("big"), user("small"), end(), end("end2"),
        flows(("start", "ask"), ("ask", "which"), ("which", "big", "size > 5"), ("which", "small", "size <= 5"),
              ("big", "end"), ("small", "end2")),
        name="Hỏi số lượng",
    )
)  # fmt: skip
SCRIPTED = bundle(
    process(
        start(), user("one"), script("compute", "total = size * 2"), user("two"), end(),
        chain("start", "one", "compute", "two", "end"),
    )
)  # fmt: skip
NOBODY = bundle(
    process(start(), user("one", lt={"role": "bí_thư"}), user("two"), end(), chain("start", "one", "two", "end"))
)
TIMED = bundle(
    process(start(), catch("pause", timer("PT4H")), user("then"), end(), chain("start", "pause", "then", "end"))
)


def begin(story: Story, files: dict[str, bytes], **data: Any) -> str:
    with story.doing() as session:
        definition = definitions.deploy(session, files, actor=story.actor("thietke"))[0]
        return instances.start(session, definition, actor=story.actor("thietke"), data=data).id


def stuck(story: Story, **answers: Any) -> tuple[str, str]:
    """Begin a process that gets stuck at its decision; return it and the incident."""
    found = begin(story, ASKS)
    story.answer("thietke", "ask", **answers)
    return found, story.rows(Incident, instance_id=found)[-1].id


def state(story: Story, instance: str) -> str:
    return str(story.get(Instance, instance).state)


def operator(app: Flask) -> Browser:
    return signed_in(app, "quantri")


def follow(browser: Browser, answer: Any) -> BeautifulSoup:
    """Go where an act leads, and read what is said there."""
    assert answer.status_code == 303, soup(answer).get_text(" ")
    return browser.read(answer.headers["Location"])


def the(story: Story, fact: Fact) -> AuditEntry:
    (entry,) = story.facts(fact)
    return entry


# Who sees it


def test_the_way_to_operations_is_shown_to_operators_alone(app: Flask) -> None:
    assert operator(app).read("/tasks").select_one('nav a[href="/incidents"]')
    for login in ("phunu", "thietke", "thanhtra"):
        browser = signed_in(app, login)
        assert not browser.read("/tasks").select('nav a[href="/incidents"]')
        assert [browser.get(path).status_code for path in PAGES] == [403] * 3


def test_where_nothing_is_wrong_the_pages_say_so_in_both_languages(app: Flask) -> None:
    browser = operator(app)
    words = ("Không có sự cố nào", "Không có hẹn giờ nào ở đây", "Hàng đợi trống")
    assert [said in text_of(browser.read(path)) for path, said in zip(PAGES, words, strict=True)] == [True] * 3
    browser.post("/language", language="en")
    english = ("No incidents", "No timers here", "The queue is empty")
    assert [said in text_of(browser.read(path)) for path, said in zip(PAGES, english, strict=True)] == [True] * 3


@pytest.mark.parametrize("nasty", ["'", "%", "\\", "\ud83d", "1e999", "2018-10-12/x", "9" * 400, "1.", "~", "\x00"])
def test_no_parameter_breaks_a_page(app: Flask, story: Story, nasty: str) -> None:
    stuck(story)
    begin(story, TIMED)
    browser = operator(app)
    text = nasty.encode("utf-8", "replace").decode()
    said = dict.fromkeys(("after", "incident", "state", "kind", "process", "late"), text)
    assert [path for path in PAGES if browser.get(path, query_string=said).status_code >= 500] == []


# Incidents


def test_an_incident_is_told_in_words_with_the_step_as_drawn_and_the_data(app: Flask, story: Story) -> None:
    found, incident = stuck(story, note="Ghi chú")
    page = operator(app).read(f"/incidents?incident={incident}")
    said = text_of(page)
    assert "Không tính được điều kiện ở «which»: dữ liệu thiếu hoặc sai kiểu" in said
    assert "Hỏi số lượng" in said
    hidden = page.select_one("details pre")
    assert hidden is not None and "size" in hidden.get_text()
    values = values_of(form_of(page, f"/instances/{found}/data"))
    assert values["value-note"] == "Ghi chú"
    assert "value-order" not in values and "value-organization" not in values


def test_an_operator_gives_the_missing_value_and_tries_again(app: Flask, story: Story) -> None:
    found, incident = stuck(story, note="Ghi chú")
    browser = operator(app)
    page = browser.read(f"/incidents?incident={incident}")
    new = {"new_name": "size", "new_kind": "number", "new_value": "3", "reason": REASON}
    page = follow(browser, browser.submit(page, f"/instances/{found}/data", **new))
    entry = the(story, Fact.DATA_EDITED)
    assert (entry.facts["after"], entry.facts["reason"], entry.person_id) == (
        {"size": 3}, REASON, story.world.person("quantri"),
    )  # fmt: skip
    page = follow(browser, browser.submit(page, f"/incidents/{incident}/retry", reason=REASON))
    assert "Quy trình đã đi tiếp." in text_of(page)
    assert story.steps() == {"small"}


def test_every_kind_of_value_is_edited_as_what_it_is(app: Flask, story: Story) -> None:
    data = {"size": 9, "rate": 1.5, "done": True, "names": ["a", "b"], "deep": {"x": [1]}, "note": "dòng một\ndòng hai",
            "gone": None}  # fmt: skip
    found = begin(story, ASKS, **data)
    browser = operator(app)
    page = browser.read(f"/instances/{found}")
    untouched = browser.submit(page, "/data", reason=REASON)
    assert (untouched.status_code, "không thay đổi" in text_of(soup(untouched))) == (422, True)
    said = {"value-size": "7", "value-rate": "2,5", "value-done": "false", "value-names": "c\r\nd\r\n",
            "value-deep": '{"x": [2]}', "value-note": "dòng ba", "value-gone": "đã có"}  # fmt: skip
    follow(browser, browser.submit(page, "/data", reason=REASON, **said))
    with story.doing() as session:
        known = instances.data_of(session, session.get_one(Instance, found))
    assert {name: known[name] for name in data} == {
        "size": 7, "rate": 2.5, "done": False, "names": ["c", "d"], "deep": {"x": [2]}, "note": "dòng ba",
        "gone": "đã có",
    }  # fmt: skip


def test_a_value_of_the_wrong_kind_becomes_another_kind(app: Flask, story: Story) -> None:
    found, incident = stuck(story, size="7")
    browser = operator(app)
    page = browser.read(f"/incidents?incident={incident}")
    follow(browser, browser.submit(page, "/data", reason=REASON, **{"kind-size": "number"}))
    assert (the(story, Fact.DATA_EDITED).facts["before"], the(story, Fact.DATA_EDITED).facts["after"]) == (
        {"size": "7"}, {"size": 7},
    )  # fmt: skip
    follow(browser, browser.submit(browser.read(f"/instances/{found}"), f"/incidents/{incident}/retry", reason=REASON))
    assert story.steps() == {"big"}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"value-size": "bảy"}, "Ghi một số"),
        ({"value-size": "có lẽ", "kind-size": "truth"}, "Chọn có hoặc không"),
        ({"value-size": "x", "kind-size": "other"}, "Giá trị không có trong danh sách"),
        ({"value-deep": "{"}, "JSON"),
        ({"new_name": "quy mô", "new_value": "x"}, "Chữ cái không dấu|Tên gồm chữ cái không dấu"),
        ({"new_name": "order", "new_value": "x"}, "nên không đổi được"),
        ({"value-size": "7", "reason": "  "}, "Cần điền ô này"),
    ],
)
def test_what_is_typed_wrong_comes_back_with_words_and_is_kept(
    app: Flask, story: Story, typed: dict[str, str], words: str
) -> None:
    found = begin(story, ASKS, size=9, deep={"x": 1})
    browser = operator(app)
    answer = browser.submit(browser.read(f"/instances/{found}"), "/data", **{"reason": REASON, **typed})
    page = soup(answer)
    assert answer.status_code == 422
    assert any(one in text_of(page) for one in words.split("|"))
    again = values_of(form_of(page, "/data"))
    assert {name: again[name] for name in typed if name.startswith(("value", "new"))} == {
        name: value for name, value in typed.items() if name.startswith(("value", "new"))
    }
    assert story.facts(Fact.DATA_EDITED) == []


def test_a_form_that_is_too_old_changes_nothing(app: Flask, story: Story) -> None:
    found = begin(story, ASKS, size=9)
    browser = operator(app)
    old = browser.read(f"/instances/{found}")
    follow(browser, browser.submit(old, "/data", reason=REASON, **{"value-size": "8"}))
    for action, said in (("/data", {"value-size": "7"}), ("/suspension", {}), ("/cancellation", {})):
        answer = browser.submit(old, action, reason=REASON, idempotency_key=f"other{action}", **said)
        assert answer.status_code == 409
    assert (state(story, found), len(story.facts(Fact.DATA_EDITED))) == ("running", 1)


def test_a_form_sent_twice_acts_once(app: Flask, story: Story) -> None:
    found = begin(story, ASKS, size=9)
    browser = operator(app)
    page = browser.read(f"/instances/{found}")
    first, again = (browser.submit(page, "/suspension", reason=REASON) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    assert len(story.facts(Fact.INSTANCE_SUSPENDED)) == 1


def test_many_incidents_are_tried_again_with_one_reason(app: Flask, story: Story) -> None:
    first, second = stuck(story)[1], stuck(story)[1]
    browser = operator(app)
    page = browser.read("/incidents")
    assert "2 sự cố" in text_of(page)
    blank = browser.submit(page, "/incidents/retry", id=[first, second], reason=" ")
    assert (blank.status_code, "Cần điền ô này" in text_of(soup(blank))) == (422, True)
    assert len(soup(blank).select('input[name="id"][checked]')) == 2
    follow(browser, browser.submit(page, "/incidents/retry", id=[first, second], reason=REASON))
    resolved = story.facts(Fact.INCIDENT_RESOLVED)
    assert [entry.facts["reason"] for entry in resolved] == [REASON, REASON]


def test_an_incident_is_skipped_where_the_step_allows_it(app: Flask, story: Story) -> None:
    found = begin(story, NOBODY)
    (incident,) = story.rows(Incident)
    browser = operator(app)
    page = browser.read(f"/instances/{found}")
    assert "Không ai ở đơn vị này giữ vai trò «bí_thư»" in text_of(page)
    page = follow(browser, browser.submit(page, f"/incidents/{incident.id}/skip", reason=REASON))
    assert (story.steps(), the(story, Fact.STEP_SKIPPED).facts["step"]) == ({"two"}, "One")
    assert "bỏ qua bước «One»" in text_of(page)
    _, decision = stuck(story)
    page = browser.read(f"/incidents?incident={decision}")
    assert not page.select(f'form[action$="/incidents/{decision}/skip"]')
    assert browser.post(f"/incidents/{decision}/skip", reason=REASON).status_code == 409


def test_incidents_go_on_on_the_next_part(app: Flask, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.incidents.LENGTH", 2)
    for _ in range(3):
        stuck(story)
    browser = operator(app)
    page = browser.read("/incidents")
    assert len(page.select('input[name="id"]')) == 2
    more = next(str(link["href"]) for link in page.select("a[href]") if "after=" in str(link["href"]))
    assert len(browser.read(more).select('input[name="id"]')) == 1


def test_the_list_of_incidents_asks_no_more_for_more(app: Flask, story: Story) -> None:
    def asked() -> int:
        said: list[str] = []
        hear = lambda c, cursor, statement, *rest: said.append(statement)  # noqa: E731
        event.listen(story.database.reader, "before_cursor_execute", hear)
        browser.read("/incidents")
        event.remove(story.database.reader, "before_cursor_execute", hear)
        return len(said)

    stuck(story)
    browser = operator(app)
    browser.read("/incidents")
    few = asked()
    for _ in range(4):
        stuck(story)
    browser.read("/incidents")
    assert asked() == few


# One instance


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


# Definitions


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


# Timers


def test_a_timer_shows_its_step_and_gets_another_time(app: Flask, story: Story) -> None:
    begin(story, TIMED)
    (row,) = story.rows(Timer)
    browser = operator(app)
    page = browser.read("/timers")
    assert all(said in text_of(page) for said in ("12/10/2018, 12:07", "pause", "Hẹn giờ trong sơ đồ"))
    action = f"/timers/{row.id}/schedule"
    for said, words in (
        ({"day": "mai"}, "Ngày không đọc được"), ({"time": "25:00"}, "Giờ không đọc được"),
        ({"day": "01/10/2018"}, "phải ở tương lai"), ({"reason": " "}, "Cần điền ô này"),
    ):  # fmt: skip
        answer = browser.submit(page, action, **{"reason": REASON, **said})
        assert (answer.status_code, words in text_of(soup(answer))) == (422, True), said
    follow(browser, browser.submit(page, action, reason=REASON, day="15/10/2018", time="09:30"))
    entry = the(story, Fact.TIMER_RESCHEDULED)
    assert entry.facts["after"]["due"] == "2018-10-15T02:30:00.000000+00:00"
    late = browser.submit(page, action, reason=REASON, day="16/10/2018", idempotency_key="another")
    assert late.status_code == 409  # the page showed another time
    assert "15/10/2018, 09:30" in text_of(browser.read("/timers"))


def test_a_timer_fires_now(app: Flask, story: Story) -> None:
    found = begin(story, TIMED)
    (row,) = story.rows(Timer)
    browser = operator(app)
    page = follow(browser, browser.submit(browser.read("/timers"), f"/timers/{row.id}/firing", reason=REASON))
    assert story.steps() == {"then"}
    assert "cho hẹn giờ chạy ngay" in text_of(page)
    assert browser.read(f"/instances/{found}")


def test_timers_are_narrowed_and_go_on_on_the_next_part(
    app: Flask, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.timers.LENGTH", 2)
    begin(story, TIMED)
    for _ in range(2):
        begin(story, TIMED)
    browser = operator(app)
    page = browser.read("/timers?kind=event")
    more = next(str(link["href"]) for link in page.select("a[href]") if "after=" in str(link["href"]))
    seen = [
        str(form["action"]) for part in (page, browser.read(more)) for form in part.select('form[action$="/firing"]')
    ]
    assert len(set(seen)) == len(seen) == 3
    assert "Không có hẹn giờ nào ở đây" in text_of(browser.read("/timers?kind=cutoff"))
    assert "Không có hẹn giờ nào ở đây" in text_of(browser.read("/timers?late=1"))
    assert "Không có hẹn giờ nào ở đây" in text_of(browser.read("/timers?process=lead"))


def test_the_timer_of_what_stands_still_says_so_and_does_not_fire(app: Flask, story: Story) -> None:
    found = begin(story, TIMED)
    (row,) = story.rows(Timer)
    browser = operator(app)
    follow(browser, browser.submit(browser.read(f"/instances/{found}"), "/suspension", reason=REASON))
    page = browser.read("/timers")
    assert "Tạm dừng" in text_of(page)
    assert not page.select('form[action$="/firing"]')
    assert browser.post(f"/timers/{row.id}/firing", reason=REASON).status_code == 409


# The work behind


def test_every_queue_of_the_sweep_has_a_word(story: Story) -> None:
    with story.doing() as session:
        assert set(backlog.queues(session)) == set(BACKLOG)


def test_a_letter_nobody_took_is_shown_with_its_error_and_sent_again(app: Flask, story: Story) -> None:
    with story.doing() as session:
        session.get_one(Person, story.world.person("phunu")).email = "phunu@vi-du.example"
        notifications.notify(session, "task:opened", person_id=story.world.person("phunu"), title="Nhập kết quả")
        session.flush()
        notifications.write_mails(session)
        session.flush()
        (mail,) = session.query(Mail)
        notifications.record_failure(session, mail.id, "ConnectionRefusedError: đóng cửa")
        mail.tries = 19
    browser = operator(app)
    page = browser.read("/jobs")
    assert all(said in text_of(page) for said in ("Nhập kết quả", "ConnectionRefusedError", "Thư chưa gửi 1"))
    action = f"/jobs/letters/{story.rows(Mail)[0].id}/retry"
    blank = browser.submit(page, action, reason=" ")
    assert (blank.status_code, "Cần điền ô này" in text_of(soup(blank))) == (422, True)
    follow(browser, browser.submit(page, action, reason=REASON))
    assert (story.rows(Mail)[0].tries, the(story, Fact.LETTER_RETRIED).facts["reason"]) == (0, REASON)


# Programs


def test_a_program_finds_what_is_stuck_mends_the_data_and_tries_again(app: Flask, story: Story) -> None:
    found, incident = stuck(story, note="Ghi chú")
    program = Program(app, story, "quantri")
    assert [one["id"] for one in program.get("/incidents").json["items"]] == [incident]
    whole = program.get(f"/incidents/{incident}").json
    assert (whole["element"], whole["data"]["note"], whole["can_skip"]) == ("which", "Ghi chú", False)
    act = {"reason": REASON, "version": whole["version"]}
    edited = program.post(f"/instances/{found}/data", {**act, "data": {"size": 8}})
    assert (edited.status_code, edited.json["version"] > whole["version"]) == (200, True)
    late = program.post(f"/incidents/{incident}/retry", act)
    assert (late.status_code, late.json["reason"]) == (409, "changed_meanwhile")
    done = program.post(f"/incidents/{incident}/retry", {"reason": REASON, "version": edited.json["version"]})
    assert (done.json["state"], [task["element"] for task in done.json["tasks"]]) == ("running", ["big"])
    again = program.post(f"/incidents/{incident}/retry", {"reason": REASON})
    assert (again.status_code, again.content_type, again.json["reason"]) == (
        409, "application/problem+json", "incident_resolved",
    )  # fmt: skip
    assert the(story, Fact.INCIDENT_RESOLVED).channel == "api"


def test_a_program_skips_moves_stops_and_ends_an_instance(app: Flask, story: Story) -> None:
    found = begin(story, SCRIPTED, size=1)
    program = Program(app, story, "quantri")
    (place,) = program.get(f"/instances/{found}").json["places"]
    moved = program.post(f"/instances/{found}/move", {"key": place["key"], "element": "two", "reason": REASON})
    assert [one["element"] for one in moved.json["places"]] == ["two"]
    stopped = program.post(f"/instances/{found}/suspension", {"reason": REASON})
    assert stopped.json["state"] == "suspended"
    key = moved.json["places"][0]["key"]
    refused = program.post(f"/instances/{found}/skip", {"key": key, "reason": REASON})
    assert (refused.status_code, refused.json["reason"]) == (409, "instance_suspended")
    assert REASON in refused.json["detail"]
    assert program.post(f"/instances/{found}/resumption", {"reason": REASON}).json["state"] == "running"
    assert program.post(f"/instances/{found}/skip", {"key": key, "reason": REASON}).json["state"] == "finished"
    other = begin(story, SCRIPTED)
    once = [program.post(f"/instances/{other}/cancellation", {"reason": REASON}, key="cancel-it") for _ in range(2)]
    assert [answer.json["state"] for answer in once] == ["cancelled", "cancelled"]
    assert len(story.facts(Fact.INSTANCE_CANCELLED)) == 1


@pytest.mark.parametrize("reason", [None, "", "   "])
def test_a_program_gives_a_reason_too(app: Flask, story: Story, reason: str | None) -> None:
    found = begin(story, SCRIPTED)
    body = {} if reason is None else {"reason": reason}
    answer = Program(app, story, "quantri").post(f"/instances/{found}/suspension", body)
    assert (answer.status_code, list(answer.json["fields"])) == (422, ["reason"])
    assert state(story, found) == "running"


def test_a_program_stops_and_resumes_a_version(app: Flask, story: Story) -> None:
    work = story.rows(Definition, process_id="work")[-1].id
    program = Program(app, story, "quantri")
    assert program.post(f"/definitions/{work}/suspension", {"reason": REASON}).json["suspended_at"] is not None
    refused = program.post("/instances", {"process": "work"})
    assert (refused.status_code, refused.json["reason"]) == (409, "definition_suspended")
    assert program.post(f"/definitions/{work}/resumption", {"reason": REASON}).json["suspended_at"] is None
    assert program.post("/instances", {"process": "work"}).status_code == 201


def test_a_program_reschedules_and_fires_timers(app: Flask, story: Story) -> None:
    found = begin(story, TIMED)
    program = Program(app, story, "quantri")
    (row,) = program.get("/timers", instance=found).json["items"]
    assert program.get("/timers", due_before="2018-10-12T00:00:00Z").json["items"] == []
    naive = program.post(f"/timers/{row['id']}/reschedule", {"due_at": "2018-10-20T08:00:00", "reason": REASON})
    assert naive.status_code == 422  # a time without its offset
    later = {"due_at": "2018-10-20T08:00:00+07:00", "reason": REASON, "seen": row["due_at"]}
    moved = program.post(f"/timers/{row['id']}/reschedule", later)
    assert moved.json["due_at"] == "2018-10-20T01:00:00Z"
    assert program.post(f"/timers/{row['id']}/fire", {"reason": REASON, "seen": row["due_at"]}).status_code == 409
    assert program.post(f"/timers/{row['id']}/fire", {"reason": REASON}).json["state"] == "running"
    assert story.steps() == {"then"}


def test_only_operators_programs_may(app: Flask, story: Story) -> None:
    found, incident = stuck(story)
    begin(story, TIMED)
    row = story.rows(Timer)[0].id
    auditor, stranger = Program(app, story, "thanhtra"), Program(app, story, "phunu")
    for path in ("/incidents", f"/incidents/{incident}", "/timers", "/jobs"):
        assert auditor.get(path).status_code == 403, path
    why = {"reason": REASON}
    acts: dict[str, dict[str, Any]] = {
        f"/incidents/{incident}/retry": why, f"/incidents/{incident}/skip": why, f"/timers/{row}/fire": why,
        f"/instances/{found}/suspension": why, f"/instances/{found}/data": {**why, "data": {"size": 1}},
    }  # fmt: skip
    for path, body in acts.items():
        assert auditor.post(path, body).status_code == 403, path
        assert stranger.post(path, body).status_code == 404, path
    assert stranger.get(f"/incidents/{incident}").status_code == 404
    assert auditor.get(f"/instances/{found}").json["places"] == []
    assert state(story, found) == "incident"


def test_a_program_sees_the_queue_before_anything_was_queued(app: Flask, story: Story) -> None:
    program = Program(app, story, "quantri")
    assert program.get("/jobs", state="failed").json == {"items": [], "next": None}
    missing = program.post(f"/jobs/{'0' * 32}/retry", {"reason": REASON})
    assert (missing.status_code, missing.content_type) == (404, "application/problem+json")

"""What is stuck is told in words, with its data, and an operator gets it going again."""

import pytest
from flask import Flask
from sqlalchemy import event

from engine import instances
from engine.audit import Fact
from models.instances import Incident, Instance
from tests.engine.diagrams import (
    bundle,
    chain,
    end,
    process,
    start,
    user,
)
from tests.engine.operating import REASON, begin, state, the
from tests.play import Story
from tests.webapp.browser import form_of, soup, text_of, values_of
from tests.webapp.doors import app, story
from tests.webapp.operating import ASKS, follow, operator, stuck

pytestmark = pytest.mark.once

__all__ = ["app", "story"]

NOBODY = bundle(
    process(start(), user("one", lt={"role": "bí_thư"}), user("two"), end(), chain("start", "one", "two", "end"))
)


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

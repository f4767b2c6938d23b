"""Trying designs in the browser: step by step without scripts, kept as scenarios, which are run, edited, removed."""

import json
import zlib
from base64 import urlsafe_b64encode
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.audit import AuditEntry
from models.instances import Instance
from models.tasks import Submission, Task
from tests.play import Story
from tests.webapp.browser import Browser, soup, text_of
from tests.webapp.designing import Editor, design, opened
from tests.webapp.doors import app, signed_in, story
from tests.webapp.trying import Trying, listed

pytestmark = pytest.mark.once

__all__ = ["app", "story"]

# A megabyte in a thousand characters.
BOMB = (
    urlsafe_b64encode(zlib.compress(b" " * 1_000_000 + b'{"name":"?","process":"bloc","steps":[]}', 9))
    .decode()
    .rstrip("=")
)
RETURN = {"decision": "return", "reason": "1. Thiếu mốc"}


@pytest.fixture
def tester(app: Flask, story: Story) -> Trying:
    """Somebody who tries the process of the focal point."""
    browser = signed_in(app, "thietke")
    return Trying(browser, opened(story, browser, "bloc"))


def rows(story: Story) -> dict[str, int]:
    """Count what is written down, but for sessions and keys."""
    with story.doing() as session:
        tables = (AuditEntry, Instance, Task, Submission)
        return {one.__name__: session.scalar(select(func.count()).select_from(one)) or 0 for one in tables}


def to_the_plan(tester: Trying) -> None:
    """Go as far as the plan that waits to be approved."""
    tester.do("message", "order.placed")
    tester.do("complete", decision="accept")
    tester.do("complete", lead="organization_2")
    tester.do("message", "lead.accepted")
    tester.do("message", "plan.submitted")


def test_a_whole_trial_goes_by_forms_and_writes_nothing(tester: Trying, story: Story) -> None:
    assert "Nhận đặt hàng" in tester.said
    before = rows(story)
    to_the_plan(tester)
    assert "Duyệt kế hoạch" in text_of(tester.form("complete"))
    tester.do("complete", **RETURN)
    assert "Chủ trì trình kế hoạch" in tester.said
    tester.do("message", "plan.submitted")
    tester.do("complete", decision="approve")
    tester.do("message", "lead.reported")
    tester.do("complete", decision="approve")
    tester.do("message", "order.closed")
    assert "Quy trình đã kết thúc." in tester.said
    assert rows(story) == before


def test_the_address_holds_the_whole_trial_for_whoever_may_see_the_design(tester: Trying, app: Flask) -> None:
    to_the_plan(tester)
    other = signed_in(app, "quantri")
    assert "Các bước đã chạy (5)" in text_of(other.read(tester.address))


def test_a_form_is_checked_as_when_the_task_is_real(tester: Trying) -> None:
    to_the_plan(tester)
    answer = tester.do("complete", decision="return")
    assert answer.status_code == 422
    assert "Chưa gửi được: còn 1 chỗ cần xem lại" in tester.said
    checked = tester.page.find("input", attrs={"name": "decision", "value": "return"})
    assert checked is not None and checked.has_attr("checked")
    assert "Các bước đã chạy (5)" in tester.said


def test_data_is_shown_before_and_after_each_step_with_what_changed(tester: Trying) -> None:
    tester.do("message", "order.placed")
    tester.do("complete", decision="accept")
    last = tester.page.find_all("table", class_="diff")[-1]
    changed = {row.th.text: (row.find("del").text, row.find("ins").text) for row in last.select("tr:has(ins)")}
    assert changed["decision"] == ("–", '"accept"')
    assert not {"today", "order"} & changed.keys()


def test_one_may_go_back_to_any_step(tester: Trying) -> None:
    to_the_plan(tester)
    back = [link["href"] for link in tester.page.find_all("a") if "Quay lại sau bước này" in link.text]
    assert len(back) == 5
    tester.page = tester.browser.read(str(back[1]))
    assert "Các bước đã chạy (1)" in tester.said
    assert "Tiếp nhận đặt hàng" in text_of(tester.form("complete"))


def test_the_diagram_gets_the_place_and_the_way(tester: Trying) -> None:
    tester.do("message", "order.placed")
    drawn = tester.page.find(attrs={"data-diagram": True})
    assert drawn is not None
    assert drawn["data-current"] == "accept_order"
    assert {"order_placed", "order_placed_to_accept_order"} <= set(str(drawn["data-done"]).split(","))


def test_time_passes_and_a_deadline_comes(app: Flask, story: Story) -> None:
    browser = signed_in(app, "thietke")
    tester = Trying(browser, opened(story, browser, "conflict"))
    tester.do("advance", _name="P30D")
    assert tester.page.find("input", attrs={"name": "_element", "value": "decide_above"}) is not None
    assert "Quá 5 ngày làm việc: xong" in tester.said


def test_what_the_system_would_find_may_be_chosen(app: Flask, story: Story) -> None:
    browser = signed_in(app, "thietke")
    tester = Trying(browser, opened(story, browser, "order"))
    texts = ("ro_nguoi", "ro_viec", "ro_thoi_gian", "ro_trach_nhiem", "ro_tham_quyen", "ro_san_pham", "title")
    draft = {**dict.fromkeys(texts, "…"), "topic_code": "environment", "due_on": "30/01/2026"}
    tester.do("complete", **draft)
    tester.do("complete", _operator='{"overlaps": 2}')
    assert "Xử lý chồng chéo" in text_of(tester.form("complete"))


def test_a_step_from_a_person_to_itself_may_be_let_pass(app: Flask, story: Story) -> None:
    browser = signed_in(app, "thietke")
    tester = Trying(browser, opened(story, browser, "locality"))
    tester.do("begin", _data='{"locality_code": "qn-2018-mong-cai"}')
    tester.do("message", "locality.assigned")
    tester.do("complete", decision="accept")
    tester.do("complete")
    tester.do("message", "locality.reported")
    tester.do("complete", decision="return_localities", returned="organization_2", reason="1. Thiếu")
    tester.do("message", "locality.reported")
    tester.do("complete", decision="ok", nothing="1")
    tester.do("skip")
    assert "Bỏ qua «Ký gửi»: cùng một người" in tester.said
    assert tester.form("message", "order.closed") is not None


@pytest.mark.parametrize("course", ["x", "eJw", "A" * 7000, "eJyrVkrOT0lVslIyMjYBAA9_AoA", BOMB])
def test_an_address_that_was_changed_is_refused_clearly(tester: Trying, course: str) -> None:
    answer = tester.browser.get(f"{tester.at}/trial?course={course}")
    assert answer.status_code == 422
    assert "chạy thử" in answer.text.casefold()


def test_another_organization_sees_nothing_of_a_trial(tester: Trying, app: Flask) -> None:
    other = signed_in(app, "phunu")
    number = tester.at
    for path in (f"{number}/trial", f"{number}/scenarios", f"{number}/elements/accept_order/trial"):
        assert other.get(path).status_code == 404


def kept(tester: Trying) -> str:
    """Keep a trial as a scenario; return the name of its file."""
    tester.do("message", "order.placed")
    tester.do("complete", decision="refuse", refusal_reason="khac", reason="Không đủ người")
    assert "Quy trình đã kết thúc." in tester.said
    assert tester.keep("Từ chối ngay").status_code == 303
    return "scenarios/tu-choi-ngay.json"


def test_a_trial_is_kept_as_a_scenario_that_expects_what_it_reached(tester: Trying, story: Story) -> None:
    file = kept(tester)
    said = json.loads(tester.browser.get(f"{tester.at}/files/{file}").text)
    assert said["expect"]["outcome"] == "finished"
    assert said["expect"]["ended_at"] == ["refuse_order"]
    assert said["expect"]["data"]["decision"] == "refuse"
    assert design(story, tester.at).revision == 2
    (entry,) = story.facts("design:saved")
    assert entry.facts["file"] == file
    assert "Từ chối ngay" in text_of(listed(tester.browser, tester.at))


def test_a_changed_drawing_makes_its_scenario_fail_and_the_page_says_why(tester: Trying, app: Flask) -> None:
    kept(tester)
    page = listed(tester.browser, tester.at)
    assert "Độ phủ: 100%" in text_of(page)
    assert "Không đạt" not in text_of(page)
    editor = Editor(app, "thietke")
    old = editor.text(tester.at, "bloc.bpmn")
    assert (
        editor.save(tester.at, "bloc.bpmn", old.replace("decision == 'refuse'", "decision == 'no'"), 2).status_code
        == 200
    )
    said = text_of(listed(tester.browser, tester.at))
    assert "Không đạt" in said
    assert "Kết quả là đang chờ, cần đã kết thúc" in said
    assert "Tiếp nhận đặt hàng? → Từ chối tiếp nhận" in said


def test_a_scenario_is_edited_as_text_and_a_wrong_one_names_its_step(tester: Trying) -> None:
    file = kept(tester)
    at = f"{tester.at}/{file}"
    page = listed(tester.browser, tester.at)
    wrong = '{"name": "x", "process": "bloc", "steps": [{"message": "order.placed"}, {"advance": "five days"}]}'
    answer = tester.browser.submit(page, at, content=wrong)
    assert answer.status_code == 422
    assert "tu-choi-ngay.json, bước 2: «five days»" in answer.text
    assert "five days" in answer.text.split("<textarea", 1)[1]
    assert "five days" not in tester.browser.get(f"{tester.at}/files/{file}").text
    good = wrong.replace("five days", "P5D")
    assert tester.browser.submit(page, at, content=good).status_code == 303
    assert json.loads(tester.browser.get(f"{tester.at}/files/{file}").text)["steps"][1] == {"advance": "P5D"}
    assert tester.browser.post(at, content=wrong.replace("five days", "P6D"), revision="2").status_code == 409


def test_a_scenario_is_removed(tester: Trying) -> None:
    file = kept(tester)
    answer = tester.browser.post(f"{tester.at}/{file}/removal", revision="2")
    assert answer.status_code == 303
    assert tester.browser.get(f"{tester.at}/files/{file}").status_code == 404


def test_a_scenario_opens_as_a_trial_step_by_step(tester: Trying) -> None:
    kept(tester)
    link = next(a for a in listed(tester.browser, tester.at).find_all("a") if "Từ chối ngay" in a.text)
    page = text_of(tester.browser.read(str(link["href"])))
    assert "Các bước đã chạy (2)" in page and "Quy trình đã kết thúc." in page


def test_a_trial_too_long_for_an_address_is_refused_and_kept(tester: Trying) -> None:
    tester.do("message", "order.placed")
    noise = " ".join(str(number * 7919) for number in range(1500))
    answer = tester.do("complete", decision="refuse", refusal_reason="khac", reason=noise)
    assert answer.status_code == 422
    assert "Lượt chạy thử quá dài" in tester.said
    assert "Các bước đã chạy (1)" in tester.said


def test_a_finished_process_becomes_a_scenario_without_its_peoples_words(app: Flask, story: Story) -> None:
    order = story.until("accept_order")
    story.answer("truong.khoi", "accept_order", order, decision="refuse", refusal_reason="khac", reason="Bí mật nội bộ")
    designer = signed_in(app, "thietke")
    at = opened(story, designer, "bloc")
    page = listed(designer, at)
    answer = designer.submit(page, "/scenarios/recording", name="Như đã làm")
    assert answer.status_code == 303, answer.text
    text = designer.get(f"{at}/files/scenarios/nhu-da-lam.json").text
    said = json.loads(text)
    assert "Bí mật" not in text and "refuse" in text
    assert said["expect"]["ended_at"] == ["refuse_order"]
    assert "Không đạt" not in text_of(listed(designer, at))


def test_what_runs_or_is_of_another_process_is_not_recorded(tester: Trying, story: Story) -> None:
    order = story.until("accept_order")
    with story.doing() as session:
        running = session.scalars(select(Instance.id).where(Instance.order_id == order)).all()
    for id in [*running, "nobody"]:
        answer = tester.browser.post(f"{tester.at}/scenarios/recording", instance=id, name="x")
        assert answer.status_code == 409
    assert design(story, tester.at).revision == 1


def element(browser: Browser, at: str, id: str, **said: str) -> str:
    """Try one element; return what the page says."""
    answer = browser.post(f"{at}/elements/{id}/trial", **said)
    assert answer.status_code == 200, answer.text
    return text_of(soup(answer))


def test_one_element_is_tried_alone(tester: Trying) -> None:
    way = element(tester.browser, tester.at, "is_plan_good", _data='{"decision": "return"}')
    assert "Đi tiếp đến: Trả lại kế hoạch (Trả lại)" in way
    table = element(tester.browser, tester.at, "choose_lead", _data='{"topic_code": "environment"}')
    assert "proposed_lead" in table and "phu_nu" in table
    stuck = element(tester.browser, tester.at, "is_plan_good")
    assert "Không qua được" in stuck and "decision" in stuck


def test_data_are_given_in_rows_with_one_more_when_asked(tester: Trying) -> None:
    typed = {"_data_name": ["locality_code", "size"], "_data_kind": ["text", "number"], "_data_value": ["x", "2,5"]}
    tester.do("begin", **typed, _more="beginning", _data='{"places": [1]}')
    again = tester.form("begin")
    assert [one["value"] for one in again.select("[name=_data_name]")] == ["locality_code", "size", ""]
    chosen = [one["value"] for one in again.select("[name=_data_kind] [selected]")]
    assert chosen == ["text", "number", "text"]
    typed = {name: [*values, more] for (name, values), more in zip(typed.items(), ("is_new", "yes", ""), strict=True)}
    tester.do("begin", **typed, _data='{"places": [1]}')
    begun = text_of(tester.page.select(".timeline li")[0])
    for said in ('locality_code "x" "x"', "size 2.5 2.5", "is_new true true", "places [1] [1]"):
        assert said in begun
    shown = tester.form("begin")
    names = {str(one["value"]) for one in shown.select("[name=_data_name]")}
    assert (names, shown.textarea and shown.textarea.text) == (
        {"is_new", "locality_code", "size", ""},
        '{"places": [1]}',
    )
    refused = tester.do("begin", _data_name=["size"], _data_kind=["number"], _data_value=["nhiều"])
    assert refused.status_code == 422
    assert "«size» được ghi là số, nhưng giá trị không phải là số" in tester.said


def test_an_element_is_asked_as_its_form_asks_and_needs_readable_data(tester: Trying) -> None:
    at = f"{tester.at}/elements/approve_plan/trial"
    refused = tester.browser.post(at, decision="return")
    assert refused.status_code == 422
    unreadable = tester.browser.post(at, _data="[1]", decision="approve")
    assert unreadable.status_code == 422 and "JSON" in unreadable.text
    went = text_of(soup(tester.browser.post(at, decision="approve")))
    assert 'decision "approve"' in went
    assert "Đi tiếp đến: Kế hoạch được duyệt?" in went
    assert tester.browser.get(f"{tester.at}/elements/nothing/trial").status_code == 404


def test_a_course_is_as_long_as_it_must_be(tester: Trying) -> None:
    """Twenty ordinary steps fit well into an address."""
    to_the_plan(tester)
    course = parse_qs(urlsplit(tester.address).query)["course"][0]
    assert len(course) < 600

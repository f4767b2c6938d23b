"""What is typed into a task is sent once, kept as a draft, and never lost."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from engine.clock import ManualClock
from models.database import Database
from models.tasks import Attachment, Draft, Submission
from tests.webapp.browser import form_of, text_of
from tests.webapp.played import ORDER
from tests.webapp.task_pages import Enter, Find, database, enter, facts_of, find, photo, row

__all__ = ["database", "enter", "find"]

pytestmark = pytest.mark.once


def report(**more: Any) -> dict[str, Any]:
    """Return a valid report of a quarter, as the form names its fields."""
    return {
        "records-0": "1",
        "records-0-held_on": "07/10/2018",
        "records-0-figures-green_turns": "58",
        "records-0-figures-green_roads": "2",
        "records-0-figures-green_waste_t": "0,8",
        **more,
    }


def test_a_report_is_sent_and_the_list_goes_on(enter: Enter, find: Find, database: Database) -> None:
    task, browser = find("truong.khu", "carry_out"), enter("truong.khu")
    answer = browser.submit(browser.read(f"/tasks/{task}"), "/completion", button="send", **report())
    assert (answer.status_code, answer.headers["Location"]) == (303, "/tasks")
    assert "Đã hoàn thành «Thực hiện, nhập số liệu và ảnh minh chứng»." in text_of(browser.read("/tasks"))
    assert row(database, task).state == "completed"
    assert facts_of(database, task) == ["task:completed"]
    done = text_of(browser.read(f"/tasks/{task}"))
    assert "Nội dung đã gửi" in done and "58" in done and "0,8 tấn" in done


def test_the_next_task_of_the_same_list_opens(enter: Enter, find: Find) -> None:
    task, office = find("vp.ubnd", "draft_order"), enter("vp.ubnd")
    assert office.post("/orders").status_code == 303  # a second draft
    page = office.read(f"/tasks/{task}?sort=newest")
    answer = office.submit(page, "/completion", button="send", **ORDER)
    assert answer.status_code == 303
    assert re.fullmatch(r"/tasks/[0-9a-f]{32}\?sort=newest", answer.headers["Location"])
    assert task not in answer.headers["Location"]


def test_nothing_to_report_is_a_report_in_one_tap(enter: Enter, find: Find, database: Database) -> None:
    task, browser = find("truong.khu2", "carry_out"), enter("truong.khu2")
    answer = browser.submit(browser.read(f"/tasks/{task}"), "/completion", button="nothing")
    assert answer.status_code == 303
    assert row(database, task).state == "completed"


def test_what_is_wrong_brings_the_page_back_with_what_was_typed(enter: Enter, find: Find, database: Database) -> None:
    task, browser = find("truong.khu", "carry_out"), enter("truong.khu")
    typed = report(**{"records-0-figures-green_waste_t": "198.6", "records-0-held_on": "", "note": "Mưa to"})
    answer = browser.submit(browser.read(f"/tasks/{task}"), "/completion", button="send", **typed)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "lxml")
    summary = page.select_one(".errors[role=alert]")
    assert summary is not None and "còn 2 chỗ cần xem lại" in summary.text
    for link in summary.select("a"):
        assert page.find(id=str(link["href"]).removeprefix("#")) is not None
    said = answer.text
    assert 'value="58"' in said and 'value="198.6"' in said and "Mưa to" in said
    assert "198,6 tấn" in said and "1.986 tấn" in said
    assert row(database, task).state == "open" and facts_of(database, task) == []
    first = form_of(page, "/completion")
    assert page.text.index(summary.text.strip()[:20]) < page.text.index(first.text.strip()[:20])


def test_photos_are_kept_when_something_else_is_wrong(enter: Enter, find: Find, database: Database) -> None:
    task, browser = find("truong.khu", "carry_out"), enter("truong.khu")
    typed = report(**{"records-0-held_on": ""}) | {"photos": (photo(), "tuyến đường.jpg")}
    answer = browser.submit(browser.read(f"/tasks/{task}"), "/completion", button="send", **typed)
    assert answer.status_code == 422 and "tuyến đường.jpg" in answer.text
    again = browser.submit(BeautifulSoup(answer.text, "lxml"), "/completion", button="send", **report())
    assert again.status_code == 303
    with database.read() as session:
        kept = session.scalars(select(Attachment).where(Attachment.task_id == task)).all()
    assert [(one.name, one.field, one.media_type) for one in kept] == [("tuyến đường.jpg", "photos", "image/jpeg")]


def test_a_kind_of_file_that_is_not_taken_is_told_beside_its_field(
    enter: Enter, find: Find, database: Database
) -> None:
    task, browser = find("truong.khu", "carry_out"), enter("truong.khu")
    typed = report() | {"photos": (io.BytesIO(b"<html><script>alert(1)</script>"), "ảnh.jpg")}
    answer = browser.submit(browser.read(f"/tasks/{task}"), "/completion", button="send", **typed)
    assert answer.status_code == 422 and "Loại tệp này không nhận" in answer.text
    assert row(database, task).files == 0


def test_rows_are_added_and_removed_without_scripts(enter: Enter, find: Find) -> None:
    task, browser = find("truong.khu", "carry_out"), enter("truong.khu")
    page = browser.read(f"/tasks/{task}")
    more = browser.submit(page, "/completion", **report(**{"add-records": "1"}))
    assert more.status_code == 200 and "records-1-held_on" in more.text and 'value="58"' in more.text
    fewer = browser.submit(BeautifulSoup(more.text, "lxml"), "/completion", **{"remove-records-1": "1"})
    assert fewer.status_code == 200 and "records-1-held_on" not in fewer.text and 'value="58"' in fewer.text


def test_a_draft_is_kept_privately_and_shown_again(enter: Enter, find: Find, database: Database) -> None:
    task, browser = find("mttq.xa", "accept_locality"), enter("mttq.xa")
    page = browser.read(f"/tasks/{task}")
    saved = browser.submit(page, "/completion", button="draft", decision="refuse", reason="Chưa đủ người")
    assert saved.status_code == 303 and saved.headers["Location"] == f"/tasks/{task}"
    again = browser.read(f"/tasks/{task}")
    assert "Đang sửa bản nháp đã lưu." in text_of(again) and "Chưa đủ người" in str(again)
    assert "có bản nháp" in str(browser.read("/tasks"))
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Draft)) == 1
    assert facts_of(database, task) == []


def test_the_page_saves_by_itself_without_an_answer_to_show(enter: Enter, find: Find) -> None:
    task, browser = find("mttq.xa", "accept_locality"), enter("mttq.xa")
    form = form_of(browser.read(f"/tasks/{task}"), "/completion")
    answer = browser.post(str(form["data-draft"]), decision="refuse", reason="Chưa đủ người")
    assert (answer.status_code, answer.data) == (204, b"")
    assert "Chưa đủ người" in str(browser.read(f"/tasks/{task}"))


def test_who_comes_second_reads_who_was_first_and_when(
    enter: Enter, find: Find, database: Database, clock: ManualClock
) -> None:
    task = find("mttq.xa", "accept_locality")
    first, second = enter("mttq.xa"), enter("mttq.xa")
    page = second.read(f"/tasks/{task}")
    first.submit(first.read(f"/tasks/{task}"), "/completion", button="send", decision="accept")
    clock.at += timedelta(minutes=3)
    lost = second.submit(page, "/completion", button="send", decision="refuse", reason="Chưa đủ người")
    assert lost.status_code == 409
    said = text_of(BeautifulSoup(lost.text, "lxml"))
    assert "Việc này đã hoàn thành" in said
    assert "đã được Chủ tịch Ủy ban MTTQ, Ủy ban MTTQ xã Cộng Hòa hoàn thành lúc 08:07" in said
    assert "Phần quý vị đã nhập" in said and "Chưa đủ người" in said
    assert "Mở việc tiếp theo" in said
    assert facts_of(database, task).count("task:completed") == 1


def test_a_double_click_is_carried_out_once(enter: Enter, find: Find, database: Database) -> None:
    task, browser = find("truong.khu", "carry_out"), enter("truong.khu")
    page = browser.read(f"/tasks/{task}")
    answers = [browser.submit(page, "/completion", button="send", **report()) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Submission).where(Submission.task_id == task)) == 1
    assert facts_of(database, task) == ["task:completed"]


def test_the_same_key_with_other_answers_is_refused(enter: Enter, find: Find) -> None:
    task, browser = find("truong.khu", "carry_out"), enter("truong.khu")
    page = browser.read(f"/tasks/{task}")
    browser.submit(page, "/completion", button="send", **report())
    answer = browser.submit(page, "/completion", button="send", **report(note="khác"))
    assert answer.status_code == 422 and "Khóa chống gửi hai lần" in answer.text

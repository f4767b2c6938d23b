"""The page of one task and its verbs, as somebody without scripts uses them."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from PIL import Image
from sqlalchemy import event, func, select

from engine.clock import ManualClock
from models.audit import AuditEntry
from models.database import Database
from models.permissions import Actor
from models.tasks import Attachment, Comment, Draft, Submission, Task
from tests.webapp.browser import Browser, form_of, text_of
from tests.webapp.played import ORDER
from tests.world import World

pytestmark = pytest.mark.once

Find = Callable[..., str]
Enter = Callable[[str], Browser]


@pytest.fixture
def database(played: Flask) -> Database:
    found: Database = played.extensions["lienthong"].database
    return found


@pytest.fixture
def enter(played: Flask) -> Enter:
    """Give a browser in which somebody is signed in."""

    def signed_in(login: str) -> Browser:
        browser = Browser(played)
        assert browser.sign_in(login).status_code == 303
        return browser

    return signed_in


@pytest.fixture
def find(database: Database, world: World) -> Find:
    """Find the open task of a step for somebody: `find("truong.khu", "carry_out")`."""

    def task_of(login: str, element: str) -> str:
        actor: Actor = world.actor(login)
        with database.read() as session:
            query = select(Task.id).where(Task.element == element, Task.state == "open", Task.offered_to(actor))
            return session.scalars(query.order_by(Task.id)).first() or ""

    return task_of


def row(database: Database, task: str) -> Task:
    with database.read() as session:
        return session.get_one(Task, task)


def facts_of(database: Database, task: str) -> list[str]:
    with database.read() as session:
        return [entry.fact for entry in session.scalars(AuditEntry.of(task))]


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


def photo() -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(made, "JPEG")
    made.seek(0)
    return made


def test_the_page_says_what_it_is_in_what_state_who_holds_it_and_what_can_be_done(enter: Enter, find: Find) -> None:
    page = enter("truong.khu").read(f"/tasks/{find('truong.khu', 'carry_out')}")
    said = text_of(page)
    assert page.h1 is not None and page.h1.text == "Thực hiện, nhập số liệu và ảnh minh chứng"
    for words in (
        "Khu 1", "ĐH-2018-01", "Chưa ai nhận", "Hạn 17:00 ngày", "Giao bởi Ủy ban MTTQ phường Cẩm Thịnh",
        "Số lượt người tham gia Ngày chủ nhật xanh", "Dọn vệ sinh, khơi thông suối ở các phường, xã",
    ):  # fmt: skip
        assert words in said, words
    buttons = [" ".join(button.text.split()) for button in page.select(".actions button")]
    assert buttons == ["Gửi báo cáo", "Không phát sinh", "Lưu nháp"]


def test_it_says_why_the_work_is_here_and_who_gets_it_next(enter: Enter, find: Find) -> None:
    said = text_of(enter("truong.khu").read(f"/tasks/{find('truong.khu', 'carry_out')}"))
    assert "giao cho vai trò Trưởng thôn, khu. Ủy ban MTTQ phường Cẩm Thịnh giao phần địa bàn." in said
    assert "Chức danh của quý vị, Trưởng khu, Khu 1, phường Cẩm Thịnh, có vai trò này." in said
    assert "Gửi báo cáo – Ủy ban MTTQ phường Cẩm Thịnh" in said


def test_a_reviewer_reads_what_was_sent_on_the_same_page(enter: Enter, find: Find) -> None:
    office, leader = enter("vp.ubnd"), enter("lanhdao.ubnd")
    order = ORDER | {"title": "Tuyến đường văn minh", "topic_code": "civilized_roads"}
    office.submit(office.read(f"/tasks/{find('vp.ubnd', 'draft_order')}"), "/completion", button="send", **order)
    section = leader.read(f"/tasks/{find('lanhdao.ubnd', 'sign_order')}").find(
        "section", {"aria-labelledby": "dossier"}
    )
    assert section is not None
    said = " ".join(section.get_text(" ").split())
    assert "Soạn phiếu đặt hàng (6 rõ) Chuyên viên Văn phòng UBND" in said
    assert "Chuyên đề đặt hàng Tuyến đường văn minh" in said
    assert "Rõ việc Dọn vệ sinh, khơi thông suối ở các phường, xã" in said
    assert "Số lượt người tham gia Ngày chủ nhật xanh" in said


def test_what_others_sent_is_read_by_who_has_the_task_only(enter: Enter, find: Find) -> None:
    task = find("nongdan", "report_part")
    ours, theirs = enter("nongdan").read(f"/tasks/{task}"), enter("phunu").read(f"/tasks/{task}")
    assert "Vận động hội viên" in text_of(ours) and "Vận động hội viên" not in text_of(theirs)


def test_the_diagram_has_a_list_of_steps_for_who_has_no_scripts(enter: Enter, find: Find) -> None:
    page = enter("truong.khu").read(f"/tasks/{find('truong.khu', 'carry_out')}")
    frame = page.select_one("[data-diagram]")
    assert frame is not None and frame["data-current"] == "carry_out"
    steps = [step.get_text(" ") for step in page.select("section[aria-labelledby=process] ol.timeline > li")]
    assert sum("Đang ở đây" in step for step in steps) == 1 and len(steps) > 3


def test_what_one_may_not_see_is_not_there(enter: Enter, find: Find) -> None:
    task = find("truong.khu", "carry_out")
    stranger = enter("chqs")
    for path in (f"/tasks/{task}", f"/tasks/{task}/transfer", "/tasks/" + "0" * 32):
        assert stranger.get(path).status_code == 404, path
    for verb in ("claim", "release", "completion", "draft", "delegation", "transfer", "return", "comments", "files"):
        assert stranger.post(f"/tasks/{task}/{verb}").status_code == 404, verb


def test_who_sees_a_task_of_others_can_read_it_and_not_do_it(enter: Enter, find: Find, database: Database) -> None:
    task, browser = find("truong.khu", "carry_out"), enter("phunu")
    page = browser.read(f"/tasks/{task}")
    assert "Việc này chờ Trưởng thôn, khu; quý vị xem được nhưng không làm được." in text_of(page)
    assert [form for form in page.find_all("form") if str(form["action"]).endswith("/completion")] == []
    before = row(database, task).version
    assert browser.post(f"/tasks/{task}/completion", do="nothing").status_code == 403
    assert row(database, task).version == before
    assert facts_of(database, task) == ["access:refused"]


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


def test_one_claims_and_releases(enter: Enter, find: Find, database: Database, world: World) -> None:
    task, browser = find("mttq.xa", "accept_locality"), enter("mttq.xa")
    claimed = browser.submit(browser.read(f"/tasks/{task}"), "/claim")
    assert claimed.headers["Location"] == f"/tasks/{task}"
    page = browser.read(f"/tasks/{task}")
    assert "Chủ tịch Ủy ban MTTQ, Ủy ban MTTQ xã Cộng Hòa giữ từ 12/10/2018" in text_of(page)
    assert row(database, task).holder_id == world.person("mttq.xa")
    assert browser.submit(page, "/release").headers["Location"] == "/tasks"
    assert row(database, task).holder_id is None
    assert facts_of(database, task) == ["task:claimed", "task:released"]


def test_one_asks_for_help_and_gets_it_back(enter: Enter, find: Find, database: Database, world: World) -> None:
    task, holder, helper = find("nongdan", "report_part"), enter("phunu"), enter("phunu.2")
    with database.write() as session:  # the women have a report of their own in this test
        session.execute(Task.__table__.update().where(Task.id == task).values(organization_id=world.women))
        session.commit()
    holder.submit(holder.read(f"/tasks/{task}"), "/claim")
    ask = holder.read(f"/tasks/{task}/delegation")
    wrong = holder.submit(ask, "/delegation", to=world.person("phunu.2"), due="32/13/2018")
    assert wrong.status_code == 422 and "Ngày không đọc được" in wrong.text
    asked = holder.submit(ask, "/delegation", to=world.person("phunu.2"), due="16/10/2018", note="Xin điền giúp")
    assert asked.status_code == 303
    said = text_of(holder.read(f"/tasks/{task}"))
    assert "Đang nhờ Cán bộ, Hội LHPN thành phố Cẩm Phả xử lý. Hẹn 16/10/2018." in said
    page = helper.read(f"/tasks/{task}")
    assert "nhờ quý vị xử lý" in text_of(page)
    helped = helper.submit(
        page, "/completion", button=None, summary="Đã vận động 120 hội viên", resolution_note="Đã điền xong"
    )
    assert helped.status_code in (403, 409, 422)  # whoever helps does not send
    given = helper.post(f"/tasks/{task}/resolution", summary="Đã vận động 120 hội viên", resolution_note="Đã điền xong")
    assert given.status_code == 303
    back = holder.read(f"/tasks/{task}")
    assert "Đã vận động 120 hội viên" in str(back)
    assert "trả kết quả nhờ: Đã điền xong" in text_of(back)


def test_one_hands_a_task_over_with_a_reason(enter: Enter, find: Find, database: Database, world: World) -> None:
    task, browser = find("nongdan", "report_part"), enter("phunu")
    with database.write() as session:
        session.execute(Task.__table__.update().where(Task.id == task).values(organization_id=world.women))
        session.commit()
    ask = browser.read(f"/tasks/{task}/transfer")
    people = [option.text for option in ask.select("#to option")]
    assert people == ["Chọn người", "Cán bộ"]
    silent = browser.submit(ask, "/transfer", to=world.person("phunu.2"), reason="  ")
    assert silent.status_code == 422 and "Cần điền ô này" in silent.text
    handed = browser.submit(ask, "/transfer", to=world.person("phunu.2"), reason="Đi công tác", keep="no")
    assert handed.status_code == 303
    assert row(database, task).holder_id == world.person("phunu.2")
    assert "chuyển việc cho Cán bộ, Hội LHPN thành phố Cẩm Phả: Đi công tác" in text_of(browser.read(f"/tasks/{task}"))


def test_a_review_is_returned_with_remarks(enter: Enter, find: Find, database: Database) -> None:
    office, leader = enter("vp.ubnd"), enter("lanhdao.ubnd")
    office.submit(office.read(f"/tasks/{find('vp.ubnd', 'draft_order')}"), "/completion", button="send",
                  **ORDER | {"title": "Tuyến đường văn minh", "topic_code": "civilized_roads"})  # fmt: skip
    task = find("lanhdao.ubnd", "sign_order")
    page = leader.read(f"/tasks/{task}")
    assert "Trả lại" in text_of(page)
    silent = leader.submit(leader.read(f"/tasks/{task}/return"), "/return", remarks=" ")
    assert silent.status_code == 422
    answer = leader.submit(leader.read(f"/tasks/{task}/return"), "/return", remarks="1. Ghi rõ địa bàn")
    assert answer.status_code == 303
    assert row(database, task).state == "completed"
    assert find("vp.ubnd", "draft_order")


def test_remarks_go_to_all_parties_or_stay_inside(enter: Enter, find: Find, database: Database) -> None:
    task = find("truong.khu", "carry_out")
    quarter, women = enter("truong.khu"), enter("phunu")
    page = quarter.read(f"/tasks/{task}")
    quarter.submit(page, "/comments", text="Mưa, xin lùi một ngày")
    quarter.submit(quarter.read(f"/tasks/{task}"), "/comments", text="Nhắc tổ 3", scope="organization")
    ours, theirs = text_of(quarter.read(f"/tasks/{task}")), text_of(women.read(f"/tasks/{task}"))
    assert "Mưa, xin lùi một ngày" in ours and "Nhắc tổ 3" in ours and "nội bộ đơn vị" in ours
    assert "Mưa, xin lùi một ngày" in theirs and "Nhắc tổ 3" not in theirs
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Comment)) == 2


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{7*7}}", '"><img src=x onerror=alert(1)>'])
def test_what_people_write_stays_text(enter: Enter, find: Find, text: str) -> None:
    task, browser = find("truong.khu", "carry_out"), enter("truong.khu")
    browser.submit(browser.read(f"/tasks/{task}"), "/comments", text=text)
    page = browser.read(f"/tasks/{task}")
    assert text in page.get_text() and page.find("img") is None
    assert [script for script in page.find_all("script") if not script.get("src")] == []


def test_a_file_is_given_out_as_something_to_keep(enter: Enter, find: Find, world: World) -> None:
    task, browser = find("truong.khu", "carry_out"), enter("truong.khu")
    sent = browser.submit(browser.read(f"/tasks/{task}"), f"/tasks/{task}/files", file=(photo(), "Ảnh tuyến đường.jpg"))
    assert sent.status_code == 303
    page = browser.read(f"/tasks/{task}")
    link = page.find("a", string="Ảnh tuyến đường.jpg")
    assert link is not None
    answer = browser.get(str(link["href"]))  # type: ignore[index]
    assert answer.status_code == 200 and answer.mimetype == "image/jpeg"
    headers = answer.headers
    assert headers["Content-Disposition"].startswith("attachment;")
    assert "filename*=UTF-8''%E1%BA%A2nh%20" in headers["Content-Disposition"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("sandbox") and headers["Cache-Control"] == "no-store"
    answer.close()
    assert enter("chqs").get(str(link["href"])).status_code == 404  # type: ignore[index]
    removed = browser.submit(page, "/removal")
    assert removed.status_code == 303
    assert browser.get(str(link["href"])).status_code == 404  # type: ignore[index]


def test_the_page_asks_little_of_the_database(enter: Enter, find: Find, database: Database) -> None:
    task, browser = find("mttq.xa", "accept_locality"), enter("mttq.xa")
    browser.get(f"/tasks/{task}")
    said: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        said.append(statement)

    event.listen(database.reader, "before_cursor_execute", note)
    answer = browser.get(f"/tasks/{task}")
    event.remove(database.reader, "before_cursor_execute", note)
    selects = [one for one in said if one.startswith(("SELECT", "WITH"))]
    assert len(selects) <= 4 + 6, selects  # who asks and its notices, and the page
    assert len(answer.data) <= 40_000


def test_in_english_nothing_of_ours_is_vietnamese(enter: Enter, find: Find) -> None:
    task, browser = find("truong.khu", "carry_out"), enter("truong.khu")
    browser.post("/language", language="en")
    said = text_of(browser.read(f"/tasks/{task}"))
    for words in ("Send the report", "Nothing to report", "Why is this with me?", "Held by", "Process diagram"):
        assert words in said, words
    for words in ("Gửi báo cáo", "Lưu nháp", "Vì sao", "Đang giữ", "Lịch sử"):
        assert words not in said.replace("Gửi báo cáo –", ""), words

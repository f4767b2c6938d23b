"""The page of a task says what it is, why it is here and what can be done, to who may see it."""

import pytest
from sqlalchemy import event

from models.database import Database
from tests.webapp.browser import text_of
from tests.webapp.played import ORDER
from tests.webapp.task_pages import Enter, Find, database, enter, facts_of, find, photo, row
from tests.world import World

__all__ = ["database", "enter", "find"]

pytestmark = pytest.mark.once


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

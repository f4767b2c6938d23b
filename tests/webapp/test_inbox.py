"""The inbox: which tasks are in which list, how they are found, counted, walked through, and kept as a list."""

import re
from typing import Any

import pytest
from sqlalchemy import event, select

from models.base import new_id
from models.database import Database
from models.tasks import SavedView, Task
from tests.webapp import task_rows
from tests.webapp.browser import text_of
from tests.webapp.inbox import DAY, Browse, Committing, Tasks, counts, given, groups, statements, titles
from tests.world import NOW, World

__all__ = ["given"]


def test_each_list_holds_what_its_name_says(browse: Browse, given: Tasks, world: World) -> None:
    me, colleague = world.person("phunu"), world.person("phunu.2")
    given.add("của tôi", holder_id=me, holder_title="Cán bộ phụ trách, Hội LHPN")
    given.add("của đồng nghiệp", holder_id=colleague, holder_title="Cán bộ, Hội LHPN")
    given.add("chưa ai nhận")
    given.add("nhờ tôi", holder_id=colleague, helper_id=me)
    given.add("nhờ tôi, khi tôi còn ở đó", organization_id=world.farmers, helper_id=me)
    given.add("đích danh tôi", offered_to_id=me, role=None)
    given.add("đích danh đồng nghiệp", offered_to_id=colleague, role=None)
    given.add("vai trò khác", role="issuer_leader")
    given.add("phối hợp", part="coordinating", role="coordinator")
    given.add("đã giao", organization_id=world.ward_front, role="locality_focal", assigner_id=world.women)
    given.add("xong rồi", holder_id=me, state="completed", closed_at=NOW)
    given.add("của đơn vị khác", organization_id=world.farmers)
    browser = browse("phunu")
    assert sorted(titles(browser.read("/tasks?view=mine"))) == ["của tôi", "nhờ tôi", "đích danh tôi"]
    todo = ["chưa ai nhận", "của tôi", "của đồng nghiệp", "nhờ tôi", "phối hợp", "đích danh tôi"]
    assert sorted(titles(browser.read("/tasks"))) == todo
    assert titles(browser.read("/tasks?view=coordinating")) == ["phối hợp"]
    assert titles(browser.read("/tasks?view=given")) == ["đã giao"]
    assert titles(browser.read("/tasks?view=done")) == ["xong rồi"]
    assert counts(browser.read("/tasks")) == {
        "Việc của tôi": "3", "Việc cần xử lý": "6", "Việc đã giao": "1", "Việc phối hợp": "1", "Việc theo dõi": "0",
        "Đã xong": "1",
    }  # fmt: skip


def test_lines_are_grouped_by_deadline_with_the_most_urgent_first(browse: Browse, given: Tasks) -> None:
    given.add("không hạn")
    given.add("trong hạn", due=NOW + 10 * DAY)
    given.add("sắp đến hạn", due=NOW + 4 * DAY)  # Friday to Tuesday: two working days
    given.add("hôm nay", due=NOW.replace(hour=10, minute=0))
    given.add("quá hạn", due=NOW - DAY)
    given.add("quá hạn lâu", due=NOW - 8 * DAY)
    page = browse("phunu").read("/tasks")
    assert titles(page) == ["quá hạn lâu", "quá hạn", "hôm nay", "sắp đến hạn", "trong hạn", "không hạn"]
    assert groups(page) == [
        "Quá hạn 2 việc", "Đến hạn hôm nay 1 việc", "Sắp đến hạn 1 việc", "Trong hạn 1 việc", "Không hạn 1 việc",
    ]  # fmt: skip
    chips = [" ".join(chip.get_text(" ").split()) for chip in page.select("td .chip")]
    assert chips[1:4] == ["Quá hạn, chậm 1 ngày", "Hôm nay, 17:00", "Sắp đến hạn: 16/10, còn 2 ngày"]
    assert "2 việc quá hạn" in text_of(page) and "1 việc đến hạn hôm nay" in text_of(page)


@pytest.mark.parametrize("due", ["late", "today", "soon", "intime", "none"])
def test_a_deadline_filter_shows_exactly_what_its_chip_counts(browse: Browse, given: Tasks, due: str) -> None:
    for days in (-8, -1, 0.3, 1, 3, 4, 5, 6, 7, 20):
        given.add(f"hạn {days}", due=NOW + days * DAY)
    given.add("không hạn")
    browser = browse("phunu")
    page = browser.read(f"/tasks?due={due}")
    styles = {str(chip["class"][1]) for chip in page.select("td .chip")}
    assert styles == {due}
    whole = browser.read("/tasks")
    assert len(titles(page)) == len(whole.select(f"td .chip.{due}"))


@pytest.mark.parametrize("typed", ["quang hanh", "Quang Hanh", "QUẢNG  HẠNH", "tuan 40", "dh-2018"])
def test_search_needs_no_diacritics(browse: Browse, given: Tasks, typed: str) -> None:
    given.add("Nhập kết quả tuần 40", place="Phường Quang Hanh", order_number="ĐH-2018-02")
    given.add("Việc khác", place="Xã Cộng Hòa")
    assert titles(browse("phunu").read(f"/tasks?q={typed}")) == ["Nhập kết quả tuần 40"]


def test_search_takes_signs_of_the_database_as_letters(browse: Browse, given: Tasks) -> None:
    given.add("Nhập kết quả")
    assert titles(browse("phunu").read("/tasks?q=%25zz_")) == []


def test_a_long_list_is_walked_without_losing_or_doubling_a_line(browse: Browse, given: Tasks, world: World) -> None:
    with given.committing() as session:
        for number in range(120):
            due = NOW + (number % 7) * DAY if number % 5 else None
            values = {"organization_id": world.women, "role": "lead", "title": f"việc {number}", "due": due}
            task_rows.add(session, given.instance, **values)
    browser, seen, path = browse("phunu"), [], "/tasks"
    for _ in range(3):
        page = browser.read(path)
        seen += titles(page)
        onward = page.find("a", string="Các việc tiếp theo")
        path = str(onward["href"]) if onward else ""  # type: ignore[index]
    assert path == "" and len(seen) == 120 and len(set(seen)) == 120
    assert "Hiển thị 50 trên 120 việc." in text_of(browser.read("/tasks"))


def test_counts_are_exact_to_999(browse: Browse, given: Tasks, world: World, committing: Committing) -> None:
    def add(count: int) -> None:
        with committing() as session:
            values = {"organization_id": world.women, "role": "lead"}
            rows = [task_rows.row(given.instance, new_id(), **values) for _ in range(count)]
            session.execute(Task.__table__.insert(), [{"state": "open", "version": 1} | one for one in rows])

    browser = browse("phunu")
    add(999)
    assert counts(browser.read("/tasks"))["Việc cần xử lý"] == "999"
    add(1)
    assert counts(browser.read("/tasks"))["Việc cần xử lý"] == "999+"


def test_a_list_is_read_by_three_statements_besides_who_asks(browse: Browse, given: Tasks, database: Database) -> None:
    for number in range(60):
        given.add(f"việc {number}", due=NOW + number * DAY)
    browser = browse("phunu")
    browser.get("/tasks")
    said = statements(database, lambda: browser.get("/tasks"))
    about_tasks = [one for one in said if "tasks" in one or "saved_views" in one]
    assert len(about_tasks) == 3, about_tasks
    assert len(said) <= 3 + 4, said  # who asks and its notices


@pytest.mark.parametrize("view", ["mine", "todo", "given", "coordinating", "done"])
def test_every_list_is_answered_by_an_index(browse: Browse, given: Tasks, database: Database, view: str) -> None:
    if not database.is_sqlite:
        pytest.skip("the plan of SQLite is what is asked for")
    plans: list[str] = []

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: object) -> None:
        if "FROM tasks" in statement:
            cursor.execute("EXPLAIN QUERY PLAN " + statement, parameters)
            plans.extend(str(step[3]) for step in cursor.fetchall())

    browser = browse("phunu")
    event.listen(database.reader, "before_cursor_execute", explain)
    browser.get(f"/tasks?view={view}")
    event.remove(database.reader, "before_cursor_execute", explain)
    assert any("ix_tasks_" in step for step in plans)
    assert [step for step in plans if re.match(r"SCAN tasks\b", step)] == []


def test_a_list_that_is_empty_says_why_and_what_next(browse: Browse, given: Tasks) -> None:
    browser = browse("phunu")
    for view in ("mine", "todo", "given", "coordinating", "watched", "done"):
        empty = browser.read(f"/tasks?view={view}").select_one(".empty")
        assert empty is not None and empty.select_one("a.btn-primary") is not None, view
    given.add("Nhập kết quả")
    assert "Không có việc nào khớp điều kiện" in text_of(browser.read("/tasks?q=khong+co"))


def test_a_filter_that_is_not_understood_is_named(browse: Browse, given: Tasks) -> None:
    given.add("Nhập kết quả")
    page = browse("phunu").read("/tasks?due=someday&order=x")
    assert "Không hiểu điều kiện lọc «due»" in text_of(page)
    assert titles(page) == ["Nhập kết quả"]


def test_a_list_is_saved_shown_with_its_count_and_removed(browse: Browse, given: Tasks, database: Database) -> None:
    given.add("Quang Hanh chậm báo cáo", due=NOW - DAY)
    given.add("Việc khác")
    browser = browse("phunu")
    saved = browser.submit(browser.read("/tasks?q=quang+hanh&due=late"), "/saved-views", name="Quang Hanh chậm")
    assert saved.status_code == 303
    assert counts(browser.read("/tasks"))["Quang Hanh chậm"] == "1"
    page = browser.read(saved.headers["Location"])
    assert page.find("h1", string="Quang Hanh chậm") is not None
    assert browser.submit(page, "/removal").status_code == 303
    assert "Quang Hanh chậm" not in counts(browser.read("/tasks"))
    with database.read() as session:
        assert session.scalar(select(SavedView.id)) is None


def test_a_saved_list_is_seen_by_its_owner_or_by_the_organization(browse: Browse, given: Tasks) -> None:
    head, colleague, other = browse("phunu"), browse("phunu.2"), browse("nongdan")
    head.submit(head.read("/tasks?due=late"), "/saved-views", name="của tôi")
    head.submit(head.read("/tasks?due=soon"), "/saved-views", name="của đơn vị", shared="1")
    refused = colleague.post("/saved-views", name="lén", list="due=late", shared="1")
    assert refused.status_code == 403
    assert "của tôi" not in counts(colleague.read("/tasks")) and "của đơn vị" in counts(colleague.read("/tasks"))
    assert "của đơn vị" not in counts(other.read("/tasks"))


def test_the_page_of_fifty_lines_is_light(browse: Browse, given: Tasks) -> None:
    for number in range(60):
        values = {"part": "lead", "order_number": "ĐH-2018-02", "due": NOW + number * DAY, "comments": number % 3 // 2}
        given.add(f"Xác nhận danh sách tuyến đường quý {number % 4}", **values)
    answer = browse("phunu").get("/tasks")
    assert len(answer.data) <= 50_000, len(answer.data)

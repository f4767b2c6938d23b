"""One claims, delegates, hands over, returns and remarks on the page of a task."""

import pytest
from sqlalchemy import func, select

from models.database import Database
from models.tasks import Comment, Task
from tests.webapp.browser import text_of
from tests.webapp.played import ORDER
from tests.webapp.task_pages import Enter, Find, database, enter, facts_of, find, row
from tests.world import World

__all__ = ["database", "enter", "find"]

pytestmark = pytest.mark.once


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

"""The pages of orders: who sees what, the document with its tree, the acts and their refusals."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import event, select

from models.assignments import Assignment
from models.audit import AuditEntry
from models.base import new_id
from models.orders import Extension, Order, Watch
from models.organizations import Area
from tests.play import Story, report
from tests.webapp.browser import soup, text_of
from tests.webapp.doors import app, signed_in, story

pytestmark = pytest.mark.once

__all__ = ["app", "story"]


def tree_of(page: BeautifulSoup) -> str:
    tree = page.select_one("ul.tree")
    assert tree is not None
    return " ".join(tree.get_text(" ").split())


def test_an_order_is_in_the_list_of_those_who_take_part_and_of_nobody_else(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    for login in ("vp.ubnd", "truong.khoi", "phunu", "thanhtra", "quantri"):
        assert "Vệ sinh môi trường" in text_of(signed_in(app, login).read("/orders")), login
    for login in ("nongdan", "mttq.phuong", "truong.khu"):
        browser = signed_in(app, login)
        assert "Không có đặt hàng nào" in text_of(browser.read("/orders")), login
        assert browser.get(f"/orders/{order}").status_code == 404, login


def test_a_draft_is_seen_by_its_issuer_only(app: Flask, story: Story) -> None:
    order = story.order()
    assert signed_in(app, "vp.ubnd").get(f"/orders/{order}").status_code == 200
    assert signed_in(app, "truong.khoi").get(f"/orders/{order}").status_code == 404


def test_the_list_is_searched_without_diacritics_and_filtered(app: Flask, story: Story) -> None:
    story.until("draft_plan")
    browser = signed_in(app, "phunu")
    for query in ("q=ve sinh moi", "q=Vệ sinh", "q=đh-2018-01", "state=all", "kind=order"):
        assert "ĐH-2018-01" in text_of(browser.read(f"/orders?{query}")), query
    for query in ("q=duong van minh", "state=done", "kind=work", "due=overdue"):
        assert "Không có đặt hàng nào" in text_of(browser.read(f"/orders?{query}")), query


def test_a_new_order_goes_on_to_its_draft_and_is_not_made_twice(app: Flask, story: Story) -> None:
    browser = signed_in(app, "vp.ubnd")
    page = browser.read("/orders")
    first, again = browser.submit(page, "/orders"), browser.submit(page, "/orders")
    draft = story.task("draft_order")
    assert first.headers["Location"] == again.headers["Location"] == f"/tasks/{draft.id}"
    assert len(story.rows(Order)) == 1


def test_only_the_office_drafts_orders(app: Flask, story: Story) -> None:
    browser = signed_in(app, "phunu")
    assert "Soạn đặt hàng mới" not in text_of(browser.read("/orders"))
    assert browser.post("/orders").status_code == 403
    assert story.rows(Order) == []
    assert [entry.refused for entry in story.rows(AuditEntry, fact="access:refused")] == [True]


def test_the_page_is_the_document_with_its_six_clarities(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    page = signed_in(app, "vp.ubnd").read(f"/orders/{order}")
    assert text_of(page).count("Rõ ") >= 6
    head = page.select_one(".doc-head")
    assert head is not None
    assert "ỦY BAN NHÂN DÂN THÀNH PHỐ CẨM PHẢ" in " ".join(head.get_text(" ").split())
    assert "ngày 12 tháng 10 năm 2018" in head.get_text()


def test_the_tree_shows_part_progress_deadline_and_who_holds_the_ball(app: Flask, story: Story) -> None:
    order = story.until("accept_locality")
    page = signed_in(app, "phunu").read(f"/orders/{order}")
    tree = tree_of(page)
    for said in ("Hội LHPN thành phố Cẩm Phả chủ trì", "Thành đoàn Cẩm Phả phối hợp", "Phường Cẩm Thịnh địa bàn"):
        assert said in tree
    holding = [node.get_text(" ") for node in page.select(".node.holds")]
    for name in ("Cẩm Thịnh", "Cộng Hòa", "Thành đoàn", "Ban CHQS"):
        assert any(name in node for node in holding), name
    assert not any("Hội LHPN" in text for text in holding)


def test_what_lies_below_a_commune_is_opened_when_asked_for(app: Flask, story: Story) -> None:
    order = story.until("carry_out")
    browser = signed_in(app, "phunu")
    page = browser.read(f"/orders/{order}")
    ward = story.share(order, "ward_front")
    assert "3 địa bàn cấp dưới" in tree_of(page)
    assert "3 đơn vị đang giữ việc" in tree_of(page)
    assert "Khu 1" not in tree_of(page)
    link = f"/orders/{order}/assignments/{ward.id}"
    assert any(str(a["href"]) == link for a in page.select("ul.tree a[href]"))
    assert all(name in tree_of(browser.read(link)) for name in ("Khu 1", "Khu 2", "Khu 3"))
    part = browser.get(link, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "Khu 2" in part


def test_a_branch_of_another_order_is_not_there(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    other = story.until("carry_out", draft_order={"topic_code": "other"})
    ward = story.share(other, "ward_front")
    assert signed_in(app, "phunu").get(f"/orders/{order}/assignments/{ward.id}").status_code == 404


def test_results_stand_beside_their_targets_and_missing_is_never_zero(app: Flask, story: Story) -> None:
    order = story.until("carry_out")
    story.do("truong.khu", "carry_out", report("07/10/2018", green_turns="gần 58"), order=order)
    story.fold()
    page = signed_in(app, "vp.ubnd").read(f"/orders/{order}")
    lines = [" ".join(line.get_text(" ").split()) for line in page.select(".target")]
    turns = next(line for line in lines if "gần 58" in line)
    assert "58,0% của 100 lượt người" in turns
    assert any("chưa có số liệu" in line and "không ghi là 0" in line for line in lines)
    assert "Chưa gửi không được tính là 0" in text_of(page)


def test_the_story_tells_hand_overs_and_one_line_for_many(app: Flask, story: Story) -> None:
    order = story.until("approve_plan")
    story.clock.at += timedelta(hours=3)
    story.play(order, frm="approve_plan", to="roll_out")
    story.clock.at += timedelta(hours=3)
    story.play(order, frm="roll_out", to="carry_out")
    page = signed_in(app, "vp.ubnd").read(f"/orders/{order}")
    told = [" ".join(line.get_text(" ").split()) for line in page.select(".timeline .hand p:first-of-type")]
    assert any("ký ban hành đặt hàng" in line for line in told)
    assert any("Hội LHPN thành phố Cẩm Phả giao 2 đơn vị phần địa bàn" in line for line in told)
    assert any("Trưởng Cơ quan khối" in line and "Duyệt kế hoạch" in line for line in told)
    assert not any("Khu 1" in line for line in told)


def test_the_office_withdraws_with_a_reason(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    browser = signed_in(app, "vp.ubnd")
    page = browser.read(f"/orders/{order}")
    refused = browser.submit(page, "/withdrawal", reason="  ")
    assert refused.status_code == 422
    assert "Cần điền ô này" in text_of(soup(refused))
    assert story.get(Order, order).closed_at is None
    assert browser.submit(page, "/withdrawal", reason="Trùng nội dung").status_code == 303
    assert "Trùng nội dung" in text_of(browser.read(f"/orders/{order}"))
    assert story.open_steps(order) == []


def test_the_leader_amends_content_and_deadline_and_the_lead_confirms(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    before = story.get(Order, order)
    browser = signed_in(app, "lanhdao.ubnd")
    page = browser.read(f"/orders/{order}")
    wrong = browser.submit(page, "/amendment", ro_viec="Thêm tuyến suối", due="mai", reason="Bổ sung")
    assert wrong.status_code == 422
    assert "Thêm tuyến suối" in wrong.text and "Ngày không đọc được" in wrong.text
    assert browser.submit(page, "/amendment", reason="Không đổi gì").status_code == 422
    said = {"ro_viec": "Thêm tuyến suối", "due": "20/12/2018", "reason": "Bổ sung"}
    assert browser.submit(page, "/amendment", **said).status_code == 303
    after = story.get(Order, order)
    assert (after.ro_viec, after.title, f"{after.due_at:%d/%m/%Y}") == ("Thêm tuyến suối", before.title, "20/12/2018")
    assert story.task("confirm_amendment", order=order).organization_id == story.world.women
    shown = text_of(browser.read(f"/orders/{order}"))
    assert "điều chỉnh đặt hàng" in shown and "Bổ sung" in shown


def test_nobody_else_amends(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    browser = signed_in(app, "vp.ubnd")
    assert "Điều chỉnh nội dung" not in text_of(browser.read(f"/orders/{order}"))
    assert browser.post(f"/orders/{order}/amendment", ro_viec="Khác", reason="Thử").status_code == 403
    assert story.rows(AuditEntry, fact="order:amended") == []


def test_nobody_else_withdraws(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    browser = signed_in(app, "phunu")
    assert "Thu hồi đặt hàng" not in text_of(browser.read(f"/orders/{order}"))
    assert browser.post(f"/orders/{order}/withdrawal", reason="Thôi").status_code == 403
    assert story.get(Order, order).closed_at is None


def test_the_lead_asks_for_more_time_and_what_was_typed_stays(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    browser = signed_in(app, "phunu")
    page = browser.read(f"/orders/{order}")
    wrong = browser.submit(page, "/extensions", due="mai", reason="Mưa bão kéo dài")
    assert wrong.status_code == 422
    assert "Mưa bão kéo dài" in wrong.text
    assert browser.submit(page, "/extensions", due="20/12/2018", reason="Mưa bão kéo dài").status_code == 303
    assert [one.reason for one in story.rows(Extension)] == ["Mưa bão kéo dài"]


def test_who_is_late_is_urged_once_a_day_by_somebody_above(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    story.clock.at += timedelta(days=90)
    browser = signed_in(app, "truong.khoi")
    page = browser.read(f"/orders/{order}")
    lead = story.share(order, "women")
    assert browser.submit(page, "/urgings", assignment=lead.id, note="Đề nghị khẩn trương").status_code == 303
    again = browser.post(f"/orders/{order}/urgings", assignment=lead.id)
    assert again.status_code == 409
    assert story.get(Assignment, lead.id).urged_at is not None
    assert signed_in(app, "phunu").post(f"/orders/{order}/urgings", assignment=lead.id).status_code == 403


def test_the_head_of_the_bloc_changes_the_lead_with_a_reason(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    browser = signed_in(app, "truong.khoi")
    page = browser.read(f"/orders/{order}")
    assert browser.submit(page, "/lead", organization=story.world.farmers, reason="").status_code == 422
    assert browser.submit(page, "/lead", organization=story.world.farmers, reason="Thiếu người").status_code == 303
    assert story.share(order, "farmers").part == "lead"
    assert story.share(order, "women").replaced_by_id == story.share(order, "farmers").id
    assert signed_in(app, "phunu").post(f"/orders/{order}/lead", organization=story.world.youth).status_code in (
        403,
        422,
    )


def test_anybody_who_sees_an_order_may_follow_it_and_stop(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    browser = signed_in(app, "thanhtra")
    assert browser.submit(browser.read(f"/orders/{order}"), "/watch").status_code == 303
    assert watchers(story) == [story.world.person("thanhtra")]
    assert browser.submit(browser.read(f"/orders/{order}"), "/watch/end").status_code == 303
    assert watchers(story) == []


def watchers(story: Story) -> list[str]:
    with story.database.read() as session:
        return list(session.scalars(select(Watch.person_id)))


def test_the_print_carries_the_code_of_the_log(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    assert "Mã kiểm tra nhật ký" in text_of(signed_in(app, "vp.ubnd").read(f"/orders/{order}/print"))


def test_a_province_wide_order_costs_no_more_statements_than_a_small_one(app: Flask, story: Story) -> None:
    order = story.until("carry_out")
    browser = signed_in(app, "phunu")
    statements: list[str] = []
    event.listen(story.database.reader, "before_cursor_execute", lambda *said: statements.append(said[2]))
    browser.read(f"/orders/{order}")
    small = len(statements)
    widen(story, order, communes=54, quarters=27)
    statements.clear()
    page = browser.get(f"/orders/{order}")
    assert page.status_code == 200
    assert len(statements) <= small
    assert len(page.data) < 120_000


def widen(story: Story, order: str, *, communes: int, quarters: int) -> None:
    """Give an order as many shares as a province has, without processes behind them."""
    lead, ward = story.share(order, "women"), story.share(order, "ward_front")
    with story.doing() as session:
        for number in range(communes):
            areas = [_area(f"Xã {number}", "xa", "xã", story.world.city)]
            areas += [_area(f"Khu {n}", "thon", "khu", areas[0].id) for n in range(quarters)]
            session.add_all(areas)
            session.flush()
            top = _share(order, lead.id, ward, areas[0])
            session.add(top)
            session.flush()
            session.add_all(_share(order, top.id, ward, area) for area in areas[1:])


def _area(name: str, level: str, kind: str, parent: str) -> Area:
    area = Area(id=new_id(), level_code=level, kind=kind, parent_id=parent)
    area.rename(name)
    return area


def _share(order: str, parent: str, like: Assignment, area: Area) -> Assignment:
    return Assignment(
        id=new_id(), order_id=order, parent_id=parent, organization_id=like.organization_id, area_id=area.id,
        part="local", progress="dang_thuc_hien", due_at=like.due_at, created_at=like.created_at,
    )  # fmt: skip

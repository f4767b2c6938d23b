"""The pages of process definitions, instances, incidents, notices, the log and tokens."""

import io

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from engine import definitions
from models.definitions import Definition
from models.instances import Incident, Instance
from models.notifications import NotificationRead
from models.orders import Order
from models.users import ApiToken
from tests.play import Story, bundle
from tests.webapp.browser import ORIGIN, Browser, soup, text_of
from tests.webapp.doors import Program, app, signed_in, story

pytestmark = pytest.mark.once

__all__ = ["app", "story"]

STUCK = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">
 <process id="fragile" name="Quy trinh mau" isExecutable="true">
  <startEvent id="begin"/><userTask id="ask" name="Hoi"/><exclusiveGateway id="which" name="Nao?"/>
  <endEvent id="end_a"/><endEvent id="end_b"/>
  <sequenceFlow id="f1" sourceRef="begin" targetRef="ask"/><sequenceFlow id="f2" sourceRef="ask" targetRef="which"/>
  <sequenceFlow id="f3" sourceRef="which" targetRef="end_a">
   <conditionExpression>size == 1</conditionExpression></sequenceFlow>
  <sequenceFlow id="f4" sourceRef="which" targetRef="end_b">
   <conditionExpression>size == 2</conditionExpression></sequenceFlow>
 </process>
</definitions>"""


def upload(browser: Browser, files: dict[str, bytes], note: str = "") -> TestResponse:
    data = {
        "csrf_token": browser.token("/account"),
        "note": note,
        "files": [(io.BytesIO(content), name) for name, content in files.items()],
    }
    headers = {"Origin": ORIGIN}
    return browser.client.post("/definitions", data=data, headers=headers, content_type="multipart/form-data")


def definition(story: Story, process: str) -> Definition:
    found: Definition = story.rows(Definition, process_id=process)[-1]
    return found


def test_the_list_shows_the_version_of_each_process_in_use(app: Flask) -> None:
    said = text_of(signed_in(app, "phunu").read("/definitions"))
    for words in ("Đặt hàng", "lead.assigned", "locality.assigned"):
        assert words in said


def test_a_version_shows_its_steps_in_words_and_its_diagram(app: Flask, story: Story) -> None:
    lead = definition(story, "lead")
    browser = signed_in(app, "thietke")
    page = browser.read(f"/definitions/{lead.id}")
    frame = page.select_one("[data-diagram]")
    assert frame is not None
    drawing = browser.get(str(frame["data-diagram"]))
    assert (drawing.mimetype, b'id="lead"' in drawing.data) == ("application/xml", True)
    assert "ngày làm việc" in text_of(page)
    assert "Tổ chức chủ trì" in text_of(page)


def test_a_file_comes_back_byte_for_byte_and_never_runs(app: Flask, story: Story) -> None:
    lead = definition(story, "lead")
    answer = signed_in(app, "thietke").get(f"/definitions/{lead.id}/files/lead.bpmn")
    assert answer.data == bundle("lead")["lead.bpmn"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert signed_in(app, "thietke").get(f"/definitions/{lead.id}/files/../secret").status_code == 404


def test_who_keeps_the_installation_deploys_a_bundle_and_others_may_not(app: Flask, story: Story) -> None:
    for login in ("phunu", "thietke"):
        assert upload(signed_in(app, login), bundle("work")).status_code == 403
    drawn = bundle("work")["work.bpmn"]
    changed = bundle("work") | {"work.bpmn": drawn.rstrip() + b"<!-- v2 -->"}
    before = definition(story, "work").version
    answer = upload(signed_in(app, "quantri"), changed, "Ghi rõ hạn")
    assert answer.status_code == 303
    assert (definition(story, "work").version, definition(story, "work").note) == (before + 1, "Ghi rõ hạn")


def test_findings_are_shown_in_words_and_nothing_changes(app: Flask, story: Story) -> None:
    before = len(story.rows(Definition))
    answer = upload(signed_in(app, "quantri"), {"broken.bpmn": b"<definitions/>"})
    assert answer.status_code == 422
    said = text_of(soup(answer))
    assert "Phải sửa:" in said
    assert "broken.bpmn" in said
    assert len(story.rows(Definition)) == before


def test_a_process_is_started_by_hand_once_per_form(app: Flask, story: Story) -> None:
    browser = signed_in(app, "quantri")
    page = browser.read(f"/definitions/{definition(story, 'work').id}")
    first, again = browser.submit(page, "/instances"), browser.submit(page, "/instances")
    assert first.headers["Location"] == again.headers["Location"]
    assert len(story.rows(Instance, process_id="work")) == 1


def test_who_may_not_start_is_not_offered_it(app: Flask, story: Story) -> None:
    browser = signed_in(app, "truong.khu")
    work = definition(story, "work")
    assert "Bắt đầu quy trình" not in text_of(browser.read(f"/definitions/{work.id}"))
    assert browser.post(f"/definitions/{work.id}/instances").status_code == 403


def test_an_instance_shows_where_it_is_and_what_it_waits_for(app: Flask, story: Story) -> None:
    order = story.until("answer_coordination")
    lead = next(one for one in story.rows(Instance, order_id=order) if one.process_id == "lead")
    page = signed_in(app, "phunu").read(f"/instances/{lead.id}")
    assert "coordination.answered" in text_of(page)
    frame = page.select_one("[data-diagram]")
    assert frame is not None
    assert "draft_plan" in str(frame["data-done"])
    assert signed_in(app, "nongdan").get(f"/instances/{lead.id}").status_code == 404


def test_an_administrator_stops_an_instance_and_lets_it_go_on(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    lead = next(one for one in story.rows(Instance, order_id=order) if one.process_id == "lead")
    browser = signed_in(app, "quantri")
    page = browser.read(f"/instances/{lead.id}")
    assert browser.submit(page, "/suspension", reason="Kiểm tra").status_code == 303
    assert story.get(Instance, lead.id).state == "suspended"
    page = browser.read(f"/instances/{lead.id}")
    assert browser.submit(page, "/resumption", reason="Đã kiểm tra xong").status_code == 303
    assert story.get(Instance, lead.id).state == "running"
    assert signed_in(app, "phunu").post(f"/instances/{lead.id}/suspension", reason="x").status_code == 403


def test_a_stuck_process_is_an_incident_whose_input_is_kept(app: Flask, story: Story) -> None:
    browser = signed_in(app, "quantri")
    assert "Không có sự cố nào" in text_of(browser.read("/incidents"))
    with story.doing() as session:
        definitions.deploy(session, {"fragile.bpmn": STUCK}, actor=story.actor("thietke"))
    program = Program(app, story, "quantri")
    started = program.post("/instances", {"process": "fragile"})
    task = started.json["tasks"][0]["id"]
    program.post(f"/tasks/{task}/completion", {"answers": {}})
    (incident,) = story.rows(Incident)
    page = browser.read("/incidents")
    assert "Không tính được điều kiện ở «Nao?»" in text_of(page)
    assert browser.submit(page, "/incidents/retry", id=incident.id, reason="Thử lại").status_code == 303
    assert "1 sự cố" in text_of(browser.read("/incidents"))
    assert signed_in(app, "phunu").get("/incidents").status_code == 403


def test_notices_say_of_which_order_and_are_read_until_now_when_marked(app: Flask, story: Story) -> None:
    (order,) = story.rows(Order, id=story.until("accept_lead"))
    browser = signed_in(app, "phunu")
    page = browser.read("/notifications")
    (notice,) = [one for one in page.select(".timeline > li") if "Việc mới" in text_of(one)]
    assert text_of(notice.select("p.meta")[0]) == f"{order.number}: {order.title}"
    assert browser.submit(page, "/notifications/read").status_code == 303
    assert "0 thông báo mới" in text_of(browser.read("/notifications"))
    with story.database.read() as session:
        assert session.get(NotificationRead, story.world.person("phunu")) is not None


def test_the_outbox_is_there_only_without_a_mail_server(app: Flask) -> None:
    assert signed_in(app, "phunu").get("/outbox").status_code == 200


def test_parties_read_the_log_of_their_order_and_the_inspector_all_of_it(app: Flask, story: Story) -> None:
    order = story.until("accept_lead")
    assert "ký ban hành" in text_of(signed_in(app, "phunu").read(f"/audit?subject={order}"))
    assert signed_in(app, "nongdan").get(f"/audit?subject={order}").status_code == 404
    assert signed_in(app, "phunu").get("/audit").status_code == 403
    inspector = signed_in(app, "thanhtra")
    assert "Nhật ký còn nguyên vẹn" in text_of(inspector.read("/audit?verify=1"))


def test_refusals_are_for_the_inspector_only(app: Flask, story: Story) -> None:
    order = story.until("accept_lead")
    signed_in(app, "phunu").post(f"/orders/{order}/withdrawal", reason="Thôi")
    assert "Bị từ chối:" in text_of(signed_in(app, "thanhtra").read(f"/audit?subject={order}&refused=1"))
    assert "Bị từ chối:" not in text_of(signed_in(app, "vp.ubnd").read(f"/audit?subject={order}&refused=1"))


def test_a_token_is_shown_once_works_and_can_be_revoked(app: Flask, story: Story) -> None:
    browser = signed_in(app, "phunu")
    page = soup(browser.submit(browser.read("/tokens"), "/tokens", label="Báo cáo tuần", days="30"))
    shown = page.select_one("code.user-select-all")
    assert shown is not None
    token = shown.get_text()
    assert token not in browser.get("/tokens").text
    headers = {"Authorization": f"Bearer {token}"}
    assert app.test_client().get("/api/v1/tasks", headers=headers).status_code == 200
    row = story.rows(ApiToken)[0]
    assert browser.submit(browser.read("/tokens"), f"/tokens/{row.id}/revocation").status_code == 303
    assert app.test_client().get("/api/v1/tasks", headers=headers).status_code == 401


def test_the_token_of_somebody_else_is_not_there(app: Flask, story: Story) -> None:
    Program(app, story, "phunu")
    row = story.rows(ApiToken)[0]
    assert signed_in(app, "nongdan").post(f"/tokens/{row.id}/revocation").status_code == 404

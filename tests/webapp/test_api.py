"""The REST API: the same commands with the same refusals, tokens only, once per key, described exactly."""

import io
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from models.audit import AuditEntry
from models.orders import Order
from models.tasks import Task
from tests.play import CLARITIES, DRAFT, Story, bundle, report
from tests.webapp.doors import Program, app, signed_in, story

__all__ = ["app", "story"]
DRAWN = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:test">
  <process id="drawn" name="Drawn elsewhere" isExecutable="true">
    <startEvent id="start"/><userTask id="work" name="Work"/><endEvent id="end"/>
    <sequenceFlow id="begin" sourceRef="start" targetRef="work"/>
    <sequenceFlow id="finish" sourceRef="work" targetRef="end"/>
  </process>
</definitions>"""
PATHS = {
    ("get", "/tasks"), ("get", "/tasks/{id}"), ("post", "/tasks/{id}/claim"), ("post", "/tasks/{id}/release"),
    ("post", "/tasks/{id}/completion"), ("post", "/tasks/{id}/delegation"), ("post", "/tasks/{id}/return"),
    ("post", "/tasks/{id}/comments"), ("get", "/orders"), ("post", "/orders"), ("get", "/orders/{id}"),
    ("post", "/orders/{id}/withdrawal"), ("post", "/orders/{id}/extension"), ("get", "/definitions"),
    ("post", "/definitions"), ("get", "/instances"), ("post", "/instances"), ("get", "/instances/{id}"),
    ("get", "/instances/{id}/history"), ("get", "/organizations"), ("get", "/figures"), ("get", "/audit"),
    ("get", "/incidents"), ("get", "/incidents/{id}"), ("post", "/incidents/{id}/retry"),
    ("post", "/incidents/{id}/skip"), ("post", "/instances/{id}/data"), ("post", "/instances/{id}/skip"),
    ("post", "/instances/{id}/move"), ("post", "/instances/{id}/cancellation"),
    ("post", "/instances/{id}/suspension"), ("post", "/instances/{id}/resumption"),
    ("post", "/definitions/{id}/suspension"), ("post", "/definitions/{id}/resumption"),
    ("post", "/definitions/{id}/migration"), ("get", "/timers"),
    ("post", "/timers/{id}/reschedule"), ("post", "/timers/{id}/fire"), ("get", "/jobs"),
    ("post", "/jobs/{id}/retry"), ("post", "/instances/{id}/undo"), ("get", "/audit/checkpoints"),
    ("get", "/audit/checkpoints/latest"), ("get", "/audit/proofs/{seq}"), ("get", "/audit/consistency"),
    ("post", "/audit/cosignatures"),
    ("post", "/audit/erasures"),
}  # fmt: skip


def test_it_serves_every_operation_of_the_agreement(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    assert document["openapi"] == "3.1.0"
    assert {(method, path) for path, item in document["paths"].items() for method in item} == PATHS


def test_without_a_token_everything_but_its_description_is_refused(app: Flask) -> None:
    client = app.test_client()
    for method, path in sorted(PATHS):
        answer = client.open(f"/api/v1{path.replace('{id}', '0' * 32).replace('{seq}', '1')}", method=method.upper())
        assert (answer.status_code, answer.content_type) == (401, "application/problem+json"), path


def test_a_cookie_is_no_token(app: Flask, story: Story) -> None:
    assert signed_in(app, "phunu").get("/api/v1/tasks").status_code == 401


def test_an_order_is_drafted_and_signed_by_programs(app: Flask, story: Story) -> None:
    office, leader = Program(app, story, "vp.ubnd"), Program(app, story, "lanhdao.ubnd")
    drafted = office.post("/orders")
    assert drafted.status_code == 201
    task = office.get(f"/tasks/{drafted.json['task']}").json
    assert {"title", "due_on", *CLARITIES} <= {field["key"] for field in task["fields"]}
    assert office.post(f"/tasks/{task['id']}/completion", {"answers": DRAFT}).json["state"] == "completed"
    waiting = leader.get("/tasks", state="open", order=drafted.json["id"]).json["items"]
    assert [one["element"] for one in waiting] == ["sign_order"]
    leader.post(f"/tasks/{waiting[0]['id']}/completion", {"answers": {"decision": "sign"}})
    assert office.get(drafted.headers["Location"].removeprefix("/api/v1")).json["signed_at"] is not None


def test_wrong_answers_are_named_by_field_and_change_nothing(app: Flask, story: Story) -> None:
    order = story.order()
    task = story.task("draft_order", order=order)
    answer = Program(app, story, "vp.ubnd").post(f"/tasks/{task.id}/completion", {"answers": {"title": "Vệ sinh"}})
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert set(CLARITIES) <= set(answer.json["fields"])
    assert story.task("draft_order", order=order).state == "open"


def test_a_repeat_under_its_key_gives_the_first_answer_and_does_nothing(app: Flask, story: Story) -> None:
    office = Program(app, story, "vp.ubnd")
    first, second = (office.post("/orders", key="one-order-please") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert (first.json, first.headers["Location"]) == (second.json, second.headers["Location"])
    assert len(story.rows(Order)) == 1


def test_a_key_is_not_good_for_another_request(app: Flask, story: Story) -> None:
    order = story.until("sign_order")
    task = story.task("sign_order", order=order)
    leader = Program(app, story, "lanhdao.ubnd")
    leader.post(f"/tasks/{task.id}/comments", {"text": "Đã đọc"}, key="remark-number-1")
    other = leader.post(f"/tasks/{task.id}/comments", {"text": "Chưa đọc"}, key="remark-number-1")
    assert (other.status_code, other.json["reason"]) == (422, "key_reused")


def test_files_sent_again_are_the_same_request(app: Flask, story: Story) -> None:
    admin = Program(app, story, "quantri")

    def sent(boundary: str) -> Any:
        files = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode()
            + content
            for name, content in bundle("work").items()
        ]
        body = b"\r\n".join([*files, f"--{boundary}--\r\n".encode()])
        kind = f"multipart/form-data; boundary={boundary}"
        return admin.post("/definitions", key="deploy-once-please", data=body, content_type=kind)

    first, second = sent("one"), sent("other")
    assert (first.status_code, second.status_code, first.json == second.json) == (201, 201, True), second.json


def test_what_is_wrong_is_told_in_the_language_of_the_reader(app: Flask, story: Story) -> None:
    task = story.task("draft_order", order=story.order())
    office = Program(app, story, "vp.ubnd")
    here = f"/tasks/{task.id}/completion"
    for method, path, body, fields in (
        ("post", f"/tasks/{task.id}/delegation", {"note": "Nhờ giúp"}, {"to": "Còn thiếu."}),
        ("post", here, {"answers": [], "x": 1}, {"answers": "Cần một đối tượng", "x": "Không có trường này"}),
        ("post", here, {"answers": {"title": "a\0b"}}, {"answers.title": "Không đúng dạng"}),
        ("get", "/figures", {"from": "hôm nay"}, {"from": "Không phải ngày; ghi như 2018-10-15"}),
        ("get", "/tasks", {"limit": "0"}, {"limit": "Số này không hợp lệ."}),
        ("get", "/tasks", {"màu": "đỏ"}, {"màu": "Không có trường này"}),
    ):
        answer = office.post(path, body) if method == "post" else office.get(path, **body)
        assert (answer.status_code, answer.json["fields"]) == (422, fields), answer.json


def test_numbers_and_instants_no_database_holds_are_refused(app: Flask, story: Story) -> None:
    admin = Program(app, story, "quantri")
    late, early = "9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+14:00"
    files = {"files": [(io.BytesIO(DRAWN), "drawn.bpmn")]}
    assert admin.post("/definitions", data=files, content_type="multipart/form-data").status_code == 201
    started = admin.post("/instances", {"process": "drawn", "data": {"a": 1}}).json["id"]
    task = admin.get(f"/instances/{started}").json["tasks"][0]["id"]
    for path, body in (
        ("/instances", {"process": "drawn", "data": {"a": 2**63}}),
        (f"/tasks/{task}/completion", {"answers": {"a": -(2**63) - 1}}),
    ):
        refused = admin.post(path, body)
        assert (refused.status_code, refused.json["fields"]) == (422, {"data": "Giá trị này không lưu được"}), path
    for instant in (late, early):
        assert set(admin.get("/timers", due_before=instant).json["fields"]) == {"due_before"}, instant
    inspector = signed_in(app, "thanhtra")
    for page in ("entries", "moments"):
        assert inspector.get(f"/audit/{page}/{10**20}").status_code == 404, page


def test_what_one_may_not_see_is_not_there(app: Flask, story: Story) -> None:
    order = story.until("sign_order")
    stranger = Program(app, story, "nongdan.phuong")
    task = story.task("sign_order", order=order)
    for path in (f"/orders/{order}", f"/tasks/{task.id}", f"/instances/{task.instance_id}"):
        assert stranger.get(path).status_code == 404, path
    assert stranger.post(f"/tasks/{task.id}/claim").status_code == 404
    assert stranger.get("/audit", subject=order).status_code == 404
    assert stranger.get("/tasks").json["items"] == stranger.get("/orders").json["items"] == []


def test_the_loser_of_a_claim_learns_who_won(app: Flask, story: Story) -> None:
    order = story.until("accept_lead")
    task = story.task("accept_lead", order=order)
    winner, loser = Program(app, story, "phunu"), Program(app, story, "phunu.2")
    assert winner.post(f"/tasks/{task.id}/claim").status_code == 200
    lost = loser.post(f"/tasks/{task.id}/claim")
    assert (lost.status_code, lost.json["reason"]) == (409, "task_claimed")
    assert "Cán bộ phụ trách" in lost.json["detail"]


def test_unknown_fields_and_parameters_are_refused(app: Flask, story: Story) -> None:
    program = Program(app, story, "quantri")
    assert program.get("/tasks", colour="red").status_code == 422
    assert program.post("/instances", {"process": "work", "data": {}, "owner": "me"}).status_code == 422
    assert program.post("/instances", data="{", content_type="application/json").status_code == 400
    assert program.post("/instances", data="process=work").status_code == 415
    assert program.client.put("/api/v1/tasks").status_code == 405


def test_a_started_process_shows_its_open_tasks_and_its_history(app: Flask, story: Story) -> None:
    program = Program(app, story, "quantri")
    started = program.post("/instances", {"process": "work", "data": {"title": "Rà soát danh sách"}})
    assert started.status_code == 201
    instance = program.get(f"/instances/{started.json['id']}").json
    assert [task["element"] for task in instance["tasks"]] == ["describe_work"]
    history = program.get(f"/instances/{instance['id']}/history").json["items"]
    assert "instance:started" in [entry["fact"] for entry in history]


def test_what_an_instance_knows_of_itself_cannot_be_given_to_it(app: Flask, story: Story) -> None:
    for name in ("organization", "order", "is_leaf"):
        answer = Program(app, story, "quantri").post(
            "/instances", {"process": "work", "data": {name: story.world.women}}
        )
        assert (answer.status_code, answer.json["fields"]) == (422, {f"data.{name}": "Tên này quy trình tự đặt"})


def test_only_a_message_starts_a_participant(app: Flask, story: Story) -> None:
    program = Program(app, story, "quantri")
    for process in ("lead", "locality", "extension"):
        assert program.post("/instances", {"process": process}).json["reason"] == "started_by_message"
    assert Program(app, story, "truong.khu").post("/instances", {"process": "work"}).status_code == 403


def test_a_bundle_is_deployed_as_files(app: Flask, story: Story) -> None:
    files = [(io.BytesIO(content), name) for name, content in bundle("work").items()]
    form: dict[str, Any] = {"data": {"files": files, "note": "Bản mới"}, "content_type": "multipart/form-data"}
    answer = Program(app, story, "quantri").post("/definitions", **form)
    assert (answer.status_code, [one["process"] for one in answer.json["items"]]) == (201, ["work"])
    assert Program(app, story, "phunu").post("/definitions", data=form["data"] | {"files": []}).status_code in (
        403,
        415,
        422,
    )


def test_a_bad_bundle_is_refused_with_its_place(app: Flask, story: Story) -> None:
    twice = {"files": [(io.BytesIO(DRAWN), "drawn.bpmn"), (io.BytesIO(DRAWN), "drawn.bpmn")]}
    refused = Program(app, story, "quantri").post("/definitions", data=twice, content_type="multipart/form-data")
    assert (refused.status_code, refused.json["fields"]) == (422, {"files": "Hai tệp cùng tên; chỉ gửi một"})
    form: dict[str, Any] = {"data": {"files": [(io.BytesIO(b"<no-bpmn/>"), "wrong.bpmn")]}}
    answer = Program(app, story, "quantri").post("/definitions", **form, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert any(place.startswith("wrong.bpmn") for place in answer.json["fields"])


def test_lists_come_in_parts_without_gap_or_repeat(app: Flask, story: Story) -> None:
    program, seen, cursor = Program(app, story, "quantri"), list[str](), None
    while True:
        part = program.get("/organizations", limit="7", **({"cursor": cursor} if cursor else {})).json
        seen += [item["id"] for item in part["items"]]
        cursor = part["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 20


def test_figures_are_found_by_indicator_area_and_day(app: Flask, story: Story) -> None:
    order = story.until("carry_out")
    story.do("truong.khu", "carry_out", report("07/10/2018", green_turns="58"), order=order)
    program = Program(app, story, "phunu")
    found = program.get("/figures", indicator="green_turns", **{"from": "2018-10-07", "to": "2018-10-07"}).json["items"]
    assert [(one["value"], one["unit"], one["area"]) for one in found] == [("58", "lượt người", story.world.quarter1)]
    assert program.get("/figures", **{"from": "2018-10-08"}).json["items"] == []


def test_an_order_shows_its_tree_and_its_totals(app: Flask, story: Story) -> None:
    order = story.until("carry_out")
    story.do("truong.khu", "carry_out", report(green_turns="58"), order=order)
    story.fold()
    read = Program(app, story, "phunu").get(f"/orders/{order}").json
    by_id = {share["id"]: share for share in read["assignments"]}
    quarter = next(share for share in by_id.values() if share["area"] == story.world.quarter1)
    assert by_id[by_id[quarter["parent"]]["parent"]]["part"] == "lead"
    assert [(one["indicator"], one["value"], one["target"]) for one in read["totals"] if one["target"]] == [
        ("green_turns", "58", "100")
    ]


def test_more_time_is_asked_for_once(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    lead = Program(app, story, "phunu")
    asked = lead.post(f"/orders/{order}/extension", {"due": "2018-12-20", "reason": "Mưa bão"})
    assert (asked.status_code, asked.json["decision"]) == (201, None)
    again = lead.post(f"/orders/{order}/extension", {"due": "2018-12-21", "reason": "Mưa bão"})
    assert (again.status_code, again.json["reason"]) == (409, "extension_waits")


def test_withdrawing_needs_the_issuer_and_a_reason(app: Flask, story: Story) -> None:
    order = story.until("accept_lead")
    assert Program(app, story, "phunu").post(f"/orders/{order}/withdrawal", {"reason": "Thôi"}).status_code == 403
    office = Program(app, story, "vp.ubnd")
    assert office.post(f"/orders/{order}/withdrawal", {"reason": "  "}).status_code == 422
    assert office.post(f"/orders/{order}/withdrawal", {"reason": "Trùng việc"}).json["progress"] == "huy"
    assert {task.state for task in story.rows(Task, order_id=order)} == {"completed", "cancelled"}


def test_the_whole_log_is_for_those_who_may_read_it(app: Flask, story: Story) -> None:
    assert Program(app, story, "phunu").get("/audit").status_code == 403
    first = Program(app, story, "thanhtra").get("/audit", limit="2").json
    assert [entry["seq"] for entry in first["items"]] == [1, 2]
    assert first["next"] == "2"


def test_acts_of_programs_are_recorded_as_theirs(app: Flask, story: Story) -> None:
    Program(app, story, "vp.ubnd").post("/orders")
    with story.database.read() as session:
        by_program = select(func.count()).select_from(AuditEntry).where(AuditEntry.channel == "api")
        assert session.scalar(by_program.where(AuditEntry.fact == "order:created")) == 1

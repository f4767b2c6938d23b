"""Everybody who may ask, signed in; and every question the application answers, made from its map of addresses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from engine import amendments
from tests.play import bundle
from tests.security.scene import NOBODY, PNG, ROLES, SCENARIO, Person, Scene
from tests.webapp.browser import ORIGIN
from webapp.policies import POLICIES

COOKIE = "lienthong"
NOWHERE = "0" * 32
# Tasks about which not every verb is asked: there are verbs enough.
FEW = ("issuer's", "bloc's")
ASKERS = (*ROLES, NOBODY)
# The file of a design that an address names, or the name of one of its scenarios.
PART = {
    "designs.file": "bloc.bpmn",
    "designs.save": "bloc.bpmn",
    "designs.remove": "bloc.bpmn",
    "designs.edit_form": "accept_order.form.json",
    "designs.edit_decision": "choose_lead.dmn",
    "designs.write_scenario": SCENARIO,
    "designs.remove_scenario": SCENARIO,
}


@dataclass(frozen=True)
class Question:
    """One method on one address about one subject; `about` names the subject, `keys` are what it says itself."""

    endpoint: str
    method: str
    rule: str
    about: str
    path: str
    said: Mapping[str, Any] = field(default_factory=dict)
    echoed: frozenset[str] = frozenset()

    @property
    def is_for_programs(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def is_for_scripts(self) -> bool:
        return "json" in self.said and not self.is_for_programs

    @property
    def name(self) -> str:
        return f"{self.method} {self.rule} [{self.about}]"


def ask(app: Flask, question: Question, who: Person) -> TestResponse:
    """Let somebody ask: a page with its cookie and form token, a program with its bearer token."""
    client = app.test_client(use_cookies=False)
    said = {name: _fresh(value) for name, value in question.said.items()}
    if question.is_for_programs:
        headers = {"Authorization": f"Bearer {who.bearer}"} if who.bearer else {}
        return client.open(question.path, method=question.method, headers=headers, **said)
    headers = {"Origin": ORIGIN} | ({"Cookie": f"{COOKIE}={who.cookie}"} if who.cookie else {})
    if question.is_for_scripts:
        headers["X-CSRFToken"] = who.form
    elif question.method != "GET":
        said = {"data": {"csrf_token": who.form, **said.get("data", {})}} | {
            k: v for k, v in said.items() if k != "data"
        }
    return client.open(question.path, method=question.method, headers=headers, **said)


def _fresh(value: Any) -> Any:
    """Make the streams of a body anew: a request reads them to their end."""
    if isinstance(value, dict):
        return {name: _fresh(one) for name, one in value.items()}
    if isinstance(value, Upload):
        return value.opened()
    if isinstance(value, list) and value and isinstance(value[0], Upload):
        return [one.opened() for one in value]
    return value


@dataclass(frozen=True)
class Upload:
    """A file of a body."""

    name: str
    content: bytes

    def opened(self) -> tuple[BytesIO, str]:
        return BytesIO(self.content), self.name


def questions(app: Flask, scene: Scene) -> Iterator[Question]:
    """Give every question, in the order of the addresses."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ())))
    for rule in rules:
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            for about, values in _subjects(app, rule, scene):
                with app.test_request_context():
                    path = app.url_map.bind("localhost").build(rule.endpoint, values, method=method)
                said = _said(rule.endpoint, method, about, scene)
                yield Question(rule.endpoint, method, rule.rule, about, path, said, frozenset(values.values()))


def _subjects(app: Flask, rule: Rule, scene: Scene) -> Iterator[tuple[str, dict[str, str]]]:
    """Give (name, values of the address) of everything a rule can be asked about."""
    endpoint, names = rule.endpoint, sorted(rule.arguments, key=rule.rule.index)
    if not names:
        yield "-", {}
        return
    if endpoint == "assets.serve":
        yield "-", {names[0]: app.extensions["assets"].files["app.css"]}
        return
    noun = POLICIES[endpoint].sees
    assert noun is not None, f"{endpoint} names something in its address, and its policy does not say what it sees"
    for about, key in scene.keys[noun].items():
        if noun == "task" and about in FEW and endpoint not in ("tasks.show", "tasks.claim", "api.claim_task"):
            continue
        second = {"assignment_id": scene.keys["share"]["theirs" if about == "theirs" else "commune's"],
                  "indicator": "green_turns", "name": PART.get(endpoint, "work.bpmn"), "element": "accept_order",
                  "seq": "1", "kind": "docx", "comment_id": scene.keys["comment"].get(about, NOWHERE)}  # fmt: skip
        yield about, {names[0]: key, **{name: second[name] for name in names[1:]}}
    if endpoint == "orders.branch":
        yield "ours, share theirs", {"id": scene.keys["order"]["ours"], "assignment_id": scene.keys["share"]["theirs"]}


def _said(endpoint: str, method: str, about: str, scene: Scene) -> dict[str, Any]:
    if method == "GET":
        return {"query_string": {"from": "1", "to": "2"}} if endpoint == "api.read_consistency" else {}
    theirs = about == "theirs"
    people, tasks = scene.keys["person"], scene.keys["task"]
    reason, bodies = {"reason": "Lý do"}, scene.bodies
    files = [Upload(name, content) for name, content in bundle("work").items()]
    drawing = bundle("bloc")["bloc.bpmn"].decode()
    scripts: dict[str, dict[str, Any]] = {
        "designs.save": {"content": drawing + " ", "revision": 1},
        "designs.remove": {"revision": 1},
        "designs.lease": {},
        "designs.check": {"files": {"bloc.bpmn": drawing}},
        "designs.fix": {"fix": {"kind": "make-executable", "file": "bloc.bpmn", "element": "bloc"}},
        "designs.preview": {"content": bundle("bloc")["accept_order.form.json"].decode()},
    }
    if endpoint in scripts:
        return {"json": scripts[endpoint]}
    pages: dict[str, dict[str, Any]] = {
        "auth.open_session": {"login": "phunu", "password": "sai mật khẩu"},
        "auth.set_language": {"language": "vi"},
        "posts.set_post": {"post": bodies["post of the lead"]},
        "account.change_password": {"present": "sai", "password": "mới mới mới mới", "again": "mới mới mới mới"},
        "tokens.create": {"label": "Máy của tôi", "days": "30"},
        "tasks.claim_many": {"id": tasks["lead's"]},
        "tasks.transfer_many": {"id": tasks["lead's"], "to": people["lead"], **reason},
        "tasks.delegate": {"to": people["officer"], "note": "Nhờ giúp"},
        "tasks.transfer": {"to": people["officer"], **reason},
        "tasks.return_": {"remarks": "Xem lại"},
        "tasks.comment": {"text": "Ghi chú"},
        "attachments.attach": {"file": Upload("anh.png", PNG)},
        "audit.erase": {"about": scene.keys["order"]["ours"], "basis": "Luật 91/2025/QH15", **reason},
        "audit.open_case_file": {"title": "Hồ sơ mới"},
        "audit.put_in": {"seq": "1", "remark": "Nhận xét"},
        "audit.close_case_file": {"conclusion": "Kết luận"},
        "saved_views.save": {"name": "Danh sách", "list": "view=mine"},
        "organizations.reorganize": {"kind": "abolish", "bodies": bodies["farmers"], "document": "NQ 1"},
        "organizations.add_body": {
            "under": bodies["city"],
            "place": bodies["city"],
            "name": "Đơn vị mới",
            "type": "phu_nu",
        },
        "organizations.add_post": {"name": "Chức danh mới", "role": "lead"},
        "organizations.seat": {"post": bodies["post of the lead"], "login": "nguoi.moi", "name": "Người mới"},
        "organizations.reset_password": {"person": people["lead"]},
        "organizations.remove_second_factor": {"person": people["lead"], **reason},
        "organizations.close_account": {"person": people["lead"], **reason},
        "organizations.relate": {"line": "front", "to": bodies["farmers"]},
        "organizations.end": {"kind": "post", "key": bodies["post of the lead"], **reason},
        "calendar.set_day": {"day": "28/12/2018", "kind": "off", "name": "Nghỉ bù"},
        "calendar.clear_day": {"day": "2018-12-31"},
        "orders.withdraw": reason,
        "orders.amend": {**dict.fromkeys(amendments.FIELDS, "Điều chỉnh"), "due": "28/12/2018", **reason},
        "assignments.urge": {"assignment": scene.keys["share"]["theirs" if theirs else "commune's"]},
        "assignments.replace_lead": {"organization": bodies["youth2" if theirs else "farmers"], **reason},
        "assignments.request_extension": {"due": "28/12/2018", **reason},
        "reports.correct": {"value": "60", **reason},
        "definitions.deploy": {"files": files},
        "instances.suspend": reason,
        "instances.resume": reason,
        "instances.cancel": reason,
        "instances.edit_data": {"new_name": "note", "new_value": "Ghi chú", **reason},
        "instances.skip": {"key": "nowhere", **reason},
        "instances.move": {"key": "nowhere", "element": "draft_plan", **reason},
        "instances.undo": {"entry": "1", **reason},
        "incidents.retry": {"id": NOWHERE, **reason},
        "incidents.retry_one": reason,
        "incidents.skip": reason,
        "timers.reschedule": {"day": "28/12/2018", "time": "08:00", **reason},
        "timers.fire": reason,
        "jobs.retry": reason,
        "jobs.retry_letter": reason,
        "definitions.activate": reason,
        "definitions.take_back": {"area": NOWHERE, **reason},
        "designs.create": {"name": "Quy trình mới"},
        "designs.configure": {"second_person": "on", "coverage": "90"},
        "designs.comment": {"text": "Góp ý"},
        "designs.submit": {"note": "Lời trình"},
        "designs.return_": reason,
        "designs.keep_scenario": {"name": "Kịch bản mới"},
        "designs.record_scenario": {"name": "Kịch bản mới", "instance": NOWHERE},
        "designs.write_scenario": {"content": bundle("bloc")[f"scenarios/{SCENARIO}"].decode(), "revision": "1"},
        "designs.remove_scenario": {"revision": "1"},
        "definitions.suspend": reason,
        "definitions.resume": reason,
        "definitions.migrate": {"to": scene.keys["definition"]["any"], **reason},
    }
    programs: dict[str, dict[str, Any]] = {
        "api.erase_texts": {"json": {"about": scene.keys["order"]["ours"], "basis": "Luật 91/2025/QH15", **reason}},
        "api.cosign_checkpoint": {"json": {"note": "x", "key": "y"}},
        "api.complete_task": {"json": {"answers": {}}},
        "api.delegate_task": {"json": {"to": people["officer"], "note": "Nhờ giúp"}},
        "api.return_task": {"json": {"remarks": "Xem lại"}},
        "api.comment_on_task": {"json": {"text": "Ghi chú"}},
        "api.withdraw_order": {"json": reason},
        "api.request_extension": {"json": {"due": "2018-12-28", **reason}},
        "api.start_instance": {"json": {"process": "work"}},
        "api.edit_data": {"json": {"data": {"note": "Ghi chú"}, **reason}},
        "api.skip_step": {"json": {"key": "nowhere", **reason}},
        "api.move_token": {"json": {"key": "nowhere", "element": "draft_plan", **reason}},
        "api.undo_act": {"json": {"entry": 1, **reason}},
        "api.migrate_instances": {"json": {"to": scene.keys["definition"]["any"], **reason}},
        "api.reschedule_timer": {"json": {"due_at": "2018-12-28T08:00:00+07:00", **reason}},
        **{
            f"api.{act}": {"json": reason}
            for act in (
                "cancel_instance",
                "suspend_instance",
                "resume_instance",
                "suspend_definition",
                "resume_definition",
                "retry_incident",
                "skip_incident",
                "fire_timer",
                "retry_job",
            )
        },
        "api.deploy_definitions": {"data": {"files": files}, "content_type": "multipart/form-data"},
    }
    return programs.get(endpoint, {}) if endpoint.startswith("api.") else {"data": pages.get(endpoint, {})}

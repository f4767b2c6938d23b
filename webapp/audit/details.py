"""What stands in an entry besides its sentence: who exactly, for whom, on what, by which request and version."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from models.audit import AuditEntry
from webapp.audit import queries
from webapp.text import say
from webapp.text.facts import spoken, why

# The kind of a subject -> the address of its page.
PAGES: dict[str, Callable[[str], str]] = {
    "order": lambda id: url_for("orders.show", id=id),
    "task": lambda id: url_for("tasks.show", id=id),
    "instance": lambda id: url_for("instances.show", id=id),
    "definition": lambda id: url_for("definitions.show", id=id),
    "organization": lambda id: url_for("organizations.show", id=id),
    "figure": lambda id: url_for("reports.record", id=id),
    "case_file": lambda id: url_for("audit.case_file", id=id),
}
SUBJECTS = {
    "order": "Đặt hàng", "task": "Việc", "instance": "Quy trình", "definition": "Phiên bản quy trình",
    "organization": "Đơn vị", "figure": "Số liệu", "assignment": "Phần việc", "person": "Tài khoản",
    "installation": "Hệ thống", "case_file": "Hồ sơ kiểm tra", "post": "Chức danh", "area": "Địa bàn",
    "timer": "Hẹn giờ", "message": "Thông điệp", "attachment": "Tệp", "design": "Bản thiết kế",
    "web_session": "Phiên đăng nhập", "api_token": "Khóa API", "incident": "Sự cố", "indicator": "Chỉ tiêu",
    "event_record": "Bản ghi", "extension": "Đề nghị gia hạn", "substitution": "Ủy quyền khi vắng mặt",
    "saved_view": "Danh sách đã lưu", "setting": "Cài đặt", "target": "Mức cần đạt", "level": "Cấp",
    "organization_type": "Loại đơn vị", "relation": "Quan hệ giữa hai đơn vị", "lineage": "Kế thừa giữa hai đơn vị",
    "holder": "Người giữ chức danh", "mail": "Thư", "draft": "Bản nháp", "comment": "Ý kiến", "watch": "Theo dõi",
    "calendar_day": "Ngày trong lịch", "submission": "Nội dung đã gửi",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Detail:
    """One line of what an entry says: in words, perhaps leading somewhere; codes are shown as such."""

    name: str
    value: str
    href: str = ""
    is_code: bool = False
    login: str = ""


def details_of(session: Session, entries: Sequence[AuditEntry]) -> dict[int, list[Detail]]:
    """Return the details of each entry, with two queries for the names of persons and versions."""
    persons = keys_of((entry.person_id, entry.behalf_of_id) for entry in entries)
    people = {id: (name, login) for id, name, login in session.execute(queries.people(persons))}
    wanted = keys_of((entry.definition_id,) for entry in entries)
    versions = {id: (name, version) for id, name, version in session.execute(queries.versions(wanted))}
    return {entry.seq: list(_details(entry, people, versions)) for entry in entries}


def keys_of(found: Iterable[Iterable[str | None]]) -> list[str]:
    """Return the keys that are there, each once."""
    return sorted({key for keys in found for key in keys if key})


def _details(
    entry: AuditEntry, people: Mapping[str, tuple[str, str]], versions: Mapping[str, tuple[str, int]]
) -> Iterable[Detail]:
    if entry.person_id:
        yield _person(say("Người thực hiện"), entry.person_id, people)
    if entry.behalf_of_id:
        yield _person(say("Làm thay cho"), entry.behalf_of_id, people)
    if entry.subject_id:
        page = PAGES.get(entry.subject_type)
        word = SUBJECTS.get(entry.subject_type, "Đối tượng")
        yield Detail(say(word), entry.subject_id, page(entry.subject_id) if page else "", is_code=True)
    if entry.order_id and entry.order_id != entry.subject_id:
        yield Detail(say("Đặt hàng"), entry.order_id, PAGES["order"](entry.order_id), is_code=True)
    if entry.instance_id and entry.instance_id != entry.subject_id:
        yield Detail(say("Quy trình"), entry.instance_id, PAGES["instance"](entry.instance_id), is_code=True)
    if entry.definition_id in versions:
        name, version = versions[entry.definition_id or ""]
        words = say("{name}, phiên bản {version}", name=name, version=version)
        yield Detail(say("Phiên bản quy trình"), words, PAGES["definition"](entry.definition_id or ""))
        if version > 1:
            address = url_for("definitions.compare", id=entry.definition_id)
            yield Detail(say("So với phiên bản trước"), say("Những gì thay đổi"), address)
    if isinstance(reason := entry.facts.get("reason"), str):
        yield Detail(say("Lý do"), why(spoken(reason)))
    if entry.request_id:
        yield Detail(say("Mã yêu cầu"), entry.request_id, is_code=True)
    yield Detail(say("Mã băm của mục"), entry.leaf, is_code=True)


def _person(name: str, id: str, people: Mapping[str, tuple[str, str]]) -> Detail:
    if id not in people:  # erased: the key stays
        return Detail(name, id, is_code=True)
    return Detail(name, people[id][0], login=people[id][1])

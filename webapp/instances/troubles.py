"""Why a process is stuck, in a person's words: from what the engine said and the kind of the step."""

import re
from typing import NamedTuple

from sqlalchemy.orm import Session

from engine import definitions
from models.instances import Incident, Instance
from webapp.text import say
from webapp.text.words import role


class Trouble(NamedTuple):
    """The step by its name in the diagram, why it cannot go on and what helps; the engine's own message beside it."""

    step: str
    why: str
    technical: str


# What the engine says (a regular expression) -> the sentence; its groups fill it in.
SAID = {
    r"nobody holds the role (?P<role>.+) here": (
        "Không ai ở đơn vị này giữ vai trò «{role}» nên chưa giao được việc. Thêm người giữ vai trò rồi thử lại."
    ),
    r"nobody holds the role (?P<role>.+) at the level .+": (
        "Không tìm được đúng một tổ chức ở cấp được chọn có người giữ vai trò «{role}» nên chưa giao được việc. "
        "Thêm người giữ vai trò rồi thử lại, hoặc báo người thiết kế quy trình."
    ),
    r"no condition holds and there is no default flow": (
        "Không nhánh nào của «{step}» đúng với dữ liệu hiện có. Sửa dữ liệu rồi thử lại, hoặc chuyển sang bước khác."
    ),
    r"parallel branches disagree about “(?P<name>.+)”": (
        "Hai nhánh song song để lại hai giá trị khác nhau của «{name}». Sửa dữ liệu rồi thử lại."
    ),
    r"no recipients are known|has nobody above it|an instance without an order has no": (
        "Không tìm được nơi nhận thông điệp của «{step}». Chuyển sang bước khác, hoặc báo người thiết kế quy trình."
    ),
    r"has done its share": (
        "Đơn vị chủ trì của đặt hàng này đã làm xong phần việc, nên «{step}» không giao chủ trì lần nữa. "
        "Chuyển sang bước khác."
    ),
    r"this step needs an (order|assignment)|a report needs a place": (
        "«{step}» cần một đặt hàng hoặc phần việc mà quy trình này không có. Bỏ qua bước, hoặc hủy quy trình."
    ),
    r"no operator is registered": (
        "«{step}» gọi một lệnh mà hệ thống không có. Bỏ qua bước, hoặc báo người thiết kế quy trình."
    ),
    r"more than \d+ steps|calls operators without end": (
        "Quy trình đi vòng không dừng ở «{step}». Sửa dữ liệu rồi thử lại, hoặc chuyển sang bước khác."
    ),
    r"bad timer": "Không tính được thời điểm của «{step}». Sửa dữ liệu rồi thử lại, hoặc chuyển sang bước khác.",
    r"is not a list|no data named|not a whole number|more than \d+ instances": (
        "Không tính được «{step}» phải làm bao nhiêu lần. Sửa dữ liệu rồi thử lại."
    ),
}
# The kind of the step -> the sentence, where the engine's message is about one diagram's expression.
KINDS = {
    "exclusiveGateway": (
        "Không tính được điều kiện ở «{step}»: dữ liệu thiếu hoặc sai kiểu. Sửa dữ liệu rồi thử lại, "
        "hoặc chuyển sang bước khác."
    ),
    "scriptTask": (
        "Phép tính ở «{step}» không chạy được với dữ liệu hiện có. Sửa dữ liệu rồi thử lại, hoặc bỏ qua bước."
    ),
    "businessRuleTask": (
        "Bảng quyết định ở «{step}» không cho kết quả với dữ liệu hiện có. Sửa dữ liệu rồi thử lại, hoặc bỏ qua bước."
    ),
    "serviceTask": "Lệnh ở «{step}» không làm được. Thử lại, hoặc bỏ qua bước.",
}
KINDS |= dict.fromkeys(
    ("inclusiveGateway", "intermediateCatchEvent", "boundaryEvent", "startEvent"), KINDS["exclusiveGateway"]
)
OTHERWISE = "Quy trình không đi tiếp được ở «{step}». Xem chi tiết kỹ thuật, sửa dữ liệu rồi thử lại."


def trouble_of(session: Session, incident: Incident, instance: Instance) -> Trouble:
    """Put an incident into words."""
    elements = definitions.bundle_of(session, instance.definition_id).elements(instance.process_id)
    element = elements.get(incident.element or "")
    step = (element.name if element else "") or incident.element or instance.definition.name
    return Trouble(step, why(incident.message, step=step, kind=element.type if element else ""), incident.message)


def why(message: str, *, step: str, kind: str) -> str:
    """Say why a step cannot go on and what helps."""
    for pattern, sentence in SAID.items():
        if found := re.search(pattern, message):
            groups = found.groupdict()
            values = groups | ({"role": role(groups["role"])} if "role" in groups else {})
            return say(sentence, step=step, **values)
    return say(KINDS.get(kind, OTHERWISE), step=step)

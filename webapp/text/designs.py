"""The words of the designer pages: kinds of elements, states, losses, remedies, troubles of variables."""

from typing import Final

from jinja2 import Environment

from engine.designs.roundtrip import Loss
from webapp.text import say
from webapp.text.words import Sign

STATES: Final = {
    "draft": Sign("Đang soạn", "pencil", "doing"),
    "review": Sign("Chờ duyệt", "hourglass-split", "wait"),
    "scheduled": Sign("Đã duyệt, chờ hiệu lực", "calendar-check", "wait"),
    "published": Sign("Đã ban hành", "check-circle-fill", "done"),
    "discarded": Sign("Đã bỏ", "slash-circle", "refused"),
}
TYPES: Final = {
    "userTask": "Việc của người",
    "manualTask": "Việc làm tay",
    "task": "Việc (chưa rõ loại)",
    "serviceTask": "Việc của hệ thống",
    "scriptTask": "Tính toán",
    "businessRuleTask": "Bảng quyết định",
    "sendTask": "Gửi thông điệp",
    "receiveTask": "Chờ thông điệp",
    "callActivity": "Gọi quy trình con",
    "subProcess": "Tiến trình con",
    "transaction": "Tiến trình con có hoàn tác",
    "startEvent": "Sự kiện bắt đầu",
    "endEvent": "Sự kiện kết thúc",
    "intermediateCatchEvent": "Sự kiện chờ",
    "intermediateThrowEvent": "Sự kiện gửi",
    "boundaryEvent": "Sự kiện gắn với bước",
    "exclusiveGateway": "Rẽ nhánh (chọn một)",
    "inclusiveGateway": "Rẽ nhánh (chọn nhiều)",
    "parallelGateway": "Song song",
    "eventBasedGateway": "Rẽ nhánh theo sự kiện",
    "sequenceFlow": "Đường nối",
    "process": "Quy trình",
}
_LOSSES: Final = {
    "attribute": "«{name}»: thuộc tính {what} của công cụ khác",
    "extension": "«{name}»: phần {what} của công cụ khác",
    "reference": "«{name}»: tham chiếu {what}",
    "repeated": "«{name}»: phần {what} có nhiều lần, chỉ một lần được giữ",
    "part": "«{name}»: phần {what}",
    "drawing": "«{name}»: hình vẽ trên sơ đồ",
}
_FIXES: Final = {
    "choose-default": "Lấy đường cuối làm đường mặc định",
    "clear-default": "Bỏ đường mặc định sai",
    "cut-off-as-assigned": "Chốt theo hạn được giao",
    "draw-end": "Vẽ sự kiện kết thúc",
    "draw-start": "Vẽ sự kiện bắt đầu",
    "drop-attribute": "Bỏ thuộc tính này",
    "drop-condition": "Xóa điều kiện",
    "drop-flow": "Bỏ đường nối thừa",
    "make-executable": "Cho quy trình chạy được",
    "make-form": "Tạo biểu mẫu",
    "make-user-task": "Đổi thành việc của người",
    "set-default": "Đặt làm đường mặc định",
}
_TROUBLES: Final = {
    "unused": "Không bước nào dùng tới trong quy trình này",
    "unset": "Không bước nào trong quy trình này ghi giá trị",
    "early": "Có thể được đọc trước khi có giá trị",
}

_RECIPIENTS: Final = {
    "parent": "Cấp giao việc",
    "bloc": "Cơ quan khối",
    "lead": "Tổ chức chủ trì",
    "coordinators": "Các tổ chức phối hợp",
    "localities": "Các địa bàn",
    "order": "Mọi bên của đặt hàng",
}
_OPERATORS: Final = {
    "amendments.confirm": "Xác nhận nội dung điều chỉnh",
    "assignments.assign_lead": "Giao chủ trì",
    "assignments.roll_out": "Triển khai xuống các cấp",
    "assignments.settle_refusal": "Xử lý từ chối",
    "conflicts.decide": "Quyết định vướng mắc",
    "coordination.answer": "Trả lời phối hợp",
    "extensions.decide": "Quyết định gia hạn",
    "orders.check_overlap": "Kiểm tra chồng chéo",
    "orders.nghiem_thu": "Nghiệm thu",
    "orders.resolve_overlap": "Xử lý chồng chéo",
    "orders.save_draft": "Ghi nội dung đặt hàng",
    "orders.sign": "Ký ban hành đặt hàng",
    "plans.save": "Ghi kế hoạch",
    "plans.submit": "Trình kế hoạch",
    "reorganizations.hand_over": "Bàn giao đơn vị",
    "reports.consolidate": "Tổng hợp báo cáo",
    "reports.report": "Báo cáo số liệu",
    "suspicions.decide": "Quyết định nghi trùng",
    "work.assign": "Giao việc",
}


def install(environment: Environment) -> None:
    environment.globals["design_state"] = state


def state(code: str) -> Sign:
    """Return the sign of a design's state in the reader's language."""
    sign = STATES[code]
    return sign._replace(word=say(sign.word))


def kind(type: str) -> str:
    """Return what an element is called; what we do not draw keeps the standard's name."""
    return say(TYPES[type]) if type in TYPES else type


def who_does(type: str) -> str:
    """Return who does a step that names no role."""
    if type in ("userTask", "manualTask", "task"):
        return say("Người bắt đầu quy trình")
    return say("Hệ thống") if type.endswith("Task") or type == "callActivity" else ""


def recipients(code: str) -> str:
    """Return what a named set of recipients is called."""
    return say(_RECIPIENTS[code])


def operator(code: str) -> str:
    """Return what a command is called; one without a word here keeps its code."""
    return say(_OPERATORS.get(code, code))


def loss(one: Loss) -> str:
    """Say what would vanish."""
    return say(_LOSSES[one.kind], name=one.name or one.element, what=one.what)


def fix_title(code: str) -> str:
    """Say what a remedy does: the words of its button."""
    return say(_FIXES[code])


def trouble(code: str | None) -> str:
    """Say what is odd about a variable."""
    return say(_TROUBLES[code]) if code else ""

"""The words for codes: progress, parts, roles, verdicts, with the icon and style that go with them."""

from typing import NamedTuple

from jinja2 import Environment

from webapp.text.language import say


class Sign(NamedTuple):
    """A word with its icon and the class of the theme."""

    word: str
    icon: str
    style: str = ""


PROGRESS = {
    "chua_tiep_nhan": Sign("Chưa tiếp nhận", "envelope"),
    "chua_thuc_hien": Sign("Chưa thực hiện", "circle"),
    "dang_thuc_hien": Sign("Đang thực hiện", "circle-half", "doing"),
    "cho_xac_nhan": Sign("Chờ xác nhận", "hourglass-split", "wait"),
    "thuc_hien_lai": Sign("Thực hiện lại", "arrow-counterclockwise", "again"),
    "tam_dung": Sign("Tạm dừng", "pause-circle"),
    "hoan_thanh": Sign("Đã hoàn thành", "check-circle-fill", "done"),
    "tu_choi": Sign("Từ chối tiếp nhận", "x-circle", "refused"),
    "huy": Sign("Đã hủy", "slash-circle"),
}
CLARITIES = {
    "ro_nguoi": "Rõ người",
    "ro_viec": "Rõ việc",
    "ro_thoi_gian": "Rõ thời gian",
    "ro_trach_nhiem": "Rõ trách nhiệm",
    "ro_tham_quyen": "Rõ thẩm quyền",
    "ro_san_pham": "Rõ sản phẩm",
}
TOPICS = {
    "online_services": "Dịch vụ công trực tuyến",
    "environment": "Vệ sinh môi trường",
    "civilized_roads": "Tuyến đường văn minh",
    "propaganda": "Tuyên truyền, vận động",
    "skilful_mobilization": "Dân vận khéo",
    "new_rural": "Nông thôn mới",
    "other": "Chuyên đề khác",
}
PARTS = {
    "accountable": "chịu trách nhiệm",
    "lead": "chủ trì",
    "coordinating": "phối hợp",
    "local": "địa bàn",
    "informed": "nhận để biết",
}
STATES = {
    "open": Sign("Đang chờ xử lý", "circle"),
    "completed": Sign("Đã hoàn thành", "check-circle-fill", "done"),
    "cancelled": Sign("Đã hủy", "slash-circle"),
    "handed_over": Sign("Đã bàn giao", "arrow-left-right"),
}
ROLES = {
    "issuer_officer": "Chuyên viên VP UBND",
    "issuer_leader": "Lãnh đạo UBND",
    "bloc_officer": "Chuyên viên Cơ quan khối",
    "bloc_head": "Trưởng Cơ quan khối",
    "lead": "Tổ chức chủ trì",
    "coordinator": "Tổ chức phối hợp",
    "member_org": "MTTQ và các đoàn thể",
    "commune_org": "Đoàn thể cấp xã",
    "locality_focal": "Đầu mối của địa bàn",
    "locality_signer": "Người ký của địa bàn",
    "quarter_head": "Trưởng thôn, khu",
    "evaluator": "Đơn vị đánh giá",
    "recogniser": "Cấp công nhận",
    "supervisor": "Ban Thường trực MTTQ",
    "supervision_team": "Đoàn giám sát",
    "supervised_body": "Cơ quan được giám sát",
    "speaker": "Báo cáo viên",
    "system": "Hệ thống",
    "designer": "Người thiết kế quy trình",
    "auditor": "Thanh tra",
    "witness": "Bên chứng kiến nhật ký",
    "administrator": "Quản trị hệ thống",
    "superior": "Cấp giao việc",
    "assignee": "Đơn vị được giao",
}


def progress(code: str) -> Sign:
    """Return the sign of a progress state in the reader's language."""
    sign = PROGRESS[code]
    return sign._replace(word=say(sign.word))


def state(code: str) -> Sign:
    """Return the sign of a task's state in the reader's language."""
    sign = STATES[code]
    return sign._replace(word=say(sign.word))


def part(code: str | None) -> str:
    """Return the word for a part in an order."""
    return say(PARTS[code]) if code in PARTS else ""


def role(code: str | None) -> str:
    """Return the word for a role; a role only a diagram knows is shown by its code."""
    return say(ROLES[code]) if code in ROLES else (code or "")


def due_in_words(working_days: str | None, due: str | None) -> str:
    """Say until when a step is to be done, by what the diagram writes of it."""
    if working_days:
        return say("{n} ngày làm việc", n=working_days)
    return say("theo hạn được giao") if due == "assignment" else ""


def install(environment: Environment) -> None:
    environment.globals.update(progress=progress, task_state=state, part=part, role=role)

"""Refusals of scenarios and trials: what is wrong with a file, at which step, and what to do."""

from webapp.text.refusals.refusal import R, Refusal

_FILE = ("Tệp kịch bản sai", "The scenario file is wrong")


def _two(code: str, vi: str, en: str) -> dict[str, Refusal]:
    """Say the same of a whole file and of one of its steps."""
    return {
        f"scenario_{code}": R(_FILE[0], f"{{file}}: {vi}", _FILE[1], f"{{file}}: {en}"),
        f"scenario_step_{code}": R(
            _FILE[0], f"{{file}}, bước {{step}}: {vi}", _FILE[1], f"{{file}}, step {{step}}: {en}"
        ),
    }


REFUSALS: dict[str, Refusal] = {
    **_two(
        "no_object", "cần một đối tượng {{…}}. Xem lại dấu ngoặc.", "an object {{…}} is expected. Look at the braces."
    ),
    **_two(
        "unknown",
        "không có mục «{key}». Các mục dùng được: {known}.",
        "there is no “{key}”. What may stand here: {known}.",
    ),
    **_two(
        "kind",
        "mục «{key}» sai kiểu, cần {kind} (str: chữ, list: danh sách, dict: đối tượng).",
        "“{key}” is of the wrong kind; {kind} is expected (str: a text, list: a list, dict: an object).",
    ),
    **_two("missing", "thiếu «{key}». Điền vào.", "“{key}” is missing. Fill it in."),
    **_two(
        "no_kind",
        "mỗi bước làm đúng một việc: {known}. Giữ lại một.",
        "each step does exactly one thing: {known}. Keep one.",
    ),
    **_two(
        "no_duration",
        "«{value}» không phải khoảng thời gian ISO 8601. Ví dụ: P5D là năm ngày, PT4H là bốn giờ.",
        "“{value}” is no ISO 8601 duration. For example: P5D is five days, PT4H four hours.",
    ),
    **_two(
        "no_instant",
        "«{value}» không phải thời điểm có múi giờ. Ví dụ: 2026-01-05T08:00+07:00.",
        "“{value}” is no instant with a time zone. For example: 2026-01-05T08:00+07:00.",
    ),
    **_two(
        "no_outcome",
        "kết quả «{value}» không có. Chọn một: {known}.",
        "there is no outcome “{value}”. Choose one of {known}.",
    ),
    **_two("no_json", "không phải JSON, xem dòng {line}.", "not JSON, look at line {line}."),
    **_two("too_large", "lớn hơn {most} kB. Chia thành nhiều kịch bản.", "larger than {most} kB. Divide the scenario."),
    **_two(
        "too_many_steps",
        "có {count} bước, nhiều nhất {most}. Chia thành nhiều kịch bản.",
        "{count} steps, at most {most} may be. Divide the scenario.",
    ),
    "trial_too_long": R(
        "Lượt chạy thử quá dài",
        "Lượt chạy thử này không còn vừa trong địa chỉ trang. Lưu thành kịch bản rồi chạy tiếp từ kịch bản, hoặc quay "
        "lại một bước trước.",
        "The trial is too long",
        "This trial no longer fits into an address. Save it as a scenario and go on from there, or go back to a step.",
    ),
    "trial_unreadable": R(
        "Địa chỉ chạy thử không đọc được",
        "Địa chỉ này bị cắt hoặc bị sửa. Mở lại trang chạy thử từ bản thiết kế.",
        "The address of the trial cannot be read",
        "The address was cut or changed. Open the trial again from the design.",
    ),
    "trial_no_json": R(
        "Dữ liệu không đọc được",
        'Mục «{key}» cần một đối tượng JSON, ví dụ {{"overlaps": 1}}.',
        "The data cannot be read",
        '“{key}” needs a JSON object, for example {{"overlaps": 1}}.',
    ),
    "trial_no_number": R(
        "Dữ liệu không đọc được",
        "Trường «{name}» được ghi là số, nhưng giá trị không phải là số.",
        "The data cannot be read",
        "The field “{name}” is said to be a number, but its value is none.",
    ),
    "trial_no_element": R(
        "Không chạy thử riêng phần tử này được",
        "«{element}» là phần tử loại {kind}; chạy thử riêng được các bước, cổng rẽ nhánh và sự kiện gửi.",
        "This element cannot be tried alone",
        "“{element}” is a {kind}; steps, gateways and throwing events can be tried alone.",
    ),
    "no_scenario_from_this": R(
        "Không tạo được kịch bản từ quy trình này",
        "Chọn một quy trình đã kết thúc, thuộc cùng loại quy trình với bản thiết kế.",
        "No scenario can be made from this process",
        "Choose a process that has ended and is of the same kind as the design.",
    ),
}

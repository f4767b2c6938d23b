"""Every sentence a form says, in Vietnamese and English: to the person who fills it in and to its designer."""

from typing import Any, Final

_ANSWERS: Final[dict[str, tuple[str, str]]] = {
    "required": ("xin điền vào ô này", "please fill this in"),
    "required_choice": ("xin chọn một mục", "please choose one"),
    "required_choices": ("xin chọn ít nhất một mục", "please choose at least one"),
    "required_tick": ("cần đánh dấu ô này", "this box must be ticked"),
    "required_file": ("cần ít nhất một tệp", "at least one file is needed"),
    "required_photo": ("cần ít nhất một ảnh", "at least one photo is needed"),
    "required_rows": ("cần ít nhất {count} dòng", "at least {count} rows are needed"),
    "required_figure": ("xin nhập số; không có thì ghi 0", "please enter a number; if there is none, write 0"),
    "not_text": ("giá trị không đúng kiểu", "the value has the wrong type"),
    "control": ("có ký tự không dùng được", "it contains characters that cannot be used"),
    "min_length": ("cần ít nhất {count} ký tự, mới có {got}", "at least {count} characters are needed, not {got}"),
    "max_length": ("tối đa {count} ký tự, đang có {got}", "at most {count} characters, not {got}"),
    "pattern": ("chưa đúng mẫu", "it does not have the form asked for"),
    "option": ("mục đã chọn không có trong danh sách", "the choice is not in the list"),
    "min": ("số nhỏ nhất là {bound}", "the smallest number is {bound}"),
    "max": ("số lớn nhất là {bound}", "the greatest number is {bound}"),
    "max_rows": ("tối đa {count} dòng", "at most {count} rows"),
    "max_files": ("tối đa {count} tệp, đang có {got}", "at most {count} files, not {got}"),
    "file_type": ("tệp «{name}» không thuộc loại được nhận", "the file “{name}” is not of an accepted type"),
    "past": ("ngày này đã qua", "this day has passed"),
    "future": ("ngày này chưa đến", "this day is still to come"),
    "qualifier": ("không dùng được từ kèm theo này", "this qualifier cannot be used here"),
    "qualifiers_differ": (
        "viết «{typed}» nhưng lại chọn «{chosen}»",
        "written with “{typed}” but chosen as “{chosen}”",
    ),
    "typed_but_nothing": (
        "đã nhập {typed} nhưng lại chọn «Không phát sinh»; xin xóa số này hoặc gửi báo cáo",
        "{typed} was entered although “nothing to report” was chosen; please clear it or send the report",
    ),
    # What engine.notation may say.
    "two_readings": ("{typed} có thể hiểu hai cách: {question}", "{typed} can be read in two ways: {or_question}"),
    "english": ("{typed} có phải là {question}", "does {typed} mean {or_question}"),
    "count": ("đây là số đếm, không có số lẻ", "this is a count, without decimals"),
    "count?": (
        "{typed} là số lẻ, mà đây là số đếm; có phải là {question}",
        "{typed} has decimals, but this is a count; does it mean {or_question}",
    ),
    "decimals": ("tối đa {count} chữ số sau dấu phẩy", "at most {count} decimals"),
    "negative": ("số không được âm", "the number cannot be negative"),
    "words": (
        "chỉ ghi số, không ghi chữ; số lẻ dùng dấu phẩy: 0,8",
        "write the number only, with a decimal comma: 0,8",
    ),
    "not_a_number": (
        "«{typed}» không phải là số; ví dụ 1.250 hoặc 0,8",
        "“{typed}” is not a number; write 1.250 or 0,8",
    ),
    "money_words": ("xin ghi số tiền như 109 triệu hoặc 109.000.000", "write the amount as 109 triệu or 109.000.000"),
    "too_long": ("số này quá dài", "this number is too long"),
    "which_year": ("xin ghi cả năm, ví dụ {example}", "please write the year too, for example {example}"),
    "which_year?": ("thiếu năm: có phải là {question}", "the year is missing: does it mean {or_question}"),
    "year": ("năm không hợp lý", "the year is out of range"),
    "no_such_day": ("không có ngày {typed}", "there is no such day as {typed}"),
    "not_a_date": ("xin ghi ngày như 05/10/2018", "please write the date like 05/10/2018"),
}

_FINDINGS: Final[dict[str, tuple[str, str]]] = {
    "not_json": ("không phải là tệp JSON: {detail}", "not a JSON file: {detail}"),
    "too_big": ("tệp lớn hơn {limit} byte", "the file is larger than {limit} bytes"),
    "no_components": ("thiếu danh sách components", "the list of components is missing"),
    "not_a_form": ("không phải biểu mẫu (type phải là default)", "not a form (its type must be default)"),
    "too_many": ("có hơn {limit} thành phần", "more than {limit} components"),
    "too_deep": ("lồng sâu hơn {limit} tầng", "nested deeper than {limit} levels"),
    "type": (
        "loại «{detail}» không dùng được; các loại dùng được: {allowed}",
        "the type “{detail}” is not supported; supported are: {allowed}",
    ),
    "property": ("thuộc tính «{detail}» không dùng được ở đây", "the property “{detail}” is not supported here"),
    "property_value": ("giá trị của «{detail}» không hợp lệ", "the value of “{detail}” is not valid"),
    "key": (
        "khóa «{detail}» phải gồm chữ không dấu, số và _, bắt đầu bằng chữ, không quá 60 ký tự",
        "the key “{detail}” must be letters, digits and _, starting with a letter, up to 60 characters",
    ),
    "key_reserved": ("khóa «{detail}» được dành cho hệ thống", "the key “{detail}” is reserved by the engine"),
    "key_twice": ("khóa «{detail}» dùng hai lần", "the key “{detail}” is used twice"),
    "label": ("thiếu nhãn", "the label is missing"),
    "template": (
        "nhãn và lời nhắc không được là biểu thức ({detail})",
        "labels and texts cannot be expressions ({detail})",
    ),
    "values": ("danh sách lựa chọn trống hoặc sai", "the list of values is empty or broken"),
    "values_twice": ("lựa chọn «{detail}» có hai lần", "the value “{detail}” is there twice"),
    "values_remote": (
        "danh sách lựa chọn phải nằm trong biểu mẫu, không lấy từ nơi khác",
        "the values must stand in the form, not come from elsewhere",
    ),
    "pattern": ("mẫu không dùng được: {detail}", "the pattern is not supported: {detail}"),
    "condition": ("điều kiện không hiểu được: {detail}", "the condition cannot be read: {detail}"),
    "condition_name": (
        "điều kiện nhắc đến «{detail}», không có trường nào như vậy đứng trước",
        "the condition names “{detail}”, and no such field stands before it",
    ),
    "condition_value": (
        "điều kiện so «{key}» với «{detail}», giá trị không bao giờ có",
        "the condition compares “{key}” with “{detail}”, which it never has",
    ),
    "bounds": ("giới hạn dưới lớn hơn giới hạn trên", "the lower bound is above the upper bound"),
    "nested_list": ("danh sách dòng không lồng trong danh sách dòng", "a dynamic list cannot stand inside another"),
    "empty": ("không có trường nào bên trong", "there is nothing inside"),
    "indicators": ('indicators phải là "order" hoặc danh sách mã', 'indicators must be "order" or a list of codes'),
    "indicator_twice": ("chỉ tiêu «{detail}» có hai chỗ nhập", "the indicator “{detail}” is asked for twice"),
    "among": ("among phải là một trong: {allowed}", "among must be one of: {allowed}"),
}


_PAGE: Final[dict[str, tuple[str, str]]] = {
    "date_hint": ("Ngày/tháng/năm, ví dụ {day}", "Day/month/year, for example {day}"),
    "decimal_hint": ("Số lẻ dùng dấu phẩy: 0,8", "Decimals take a comma: 0,8"),
    "money_hint": ("Ghi 109 triệu hoặc 109.000.000", "Write 109 triệu or 109.000.000"),
    "sample_organization": ("Đơn vị thử {n}", "Sample organization {n}"),
    "which_way": ("Đi theo hướng nào?", "Which way?"),
    "row": ("{label}, dòng {number}", "{label}, row {number}"),
    "qualifier_exact": ("đúng số", "exactly"),
    "qualifier_over": ("trên", "over"),
    "qualifier_nearly": ("gần", "nearly"),
    "qualifier_about": ("khoảng", "about"),
    "when_and": (" và ", " and "),
    "when_or": (" hoặc ", " or "),
    "when_ticked": ("«{label}» được đánh dấu", "“{label}” is ticked"),
    "when_not_ticked": ("«{label}» không được đánh dấu", "“{label}” is not ticked"),
    "when_filled": ("«{label}» đã được điền", "“{label}” is filled in"),
    "when_blank": ("«{label}» để trống", "“{label}” is left blank"),
    "when_=": ("«{label}» là {value}", "“{label}” is {value}"),
    "when_!=": ("«{label}» không phải là {value}", "“{label}” is not {value}"),
    "when_in": ("«{label}» là {value}", "“{label}” is {value}"),
    "when_not in": ("«{label}» không phải là {value}", "“{label}” is not {value}"),
    "when_<": ("«{label}» dưới {value}", "“{label}” is below {value}"),
    "when_<=": ("«{label}» không quá {value}", "“{label}” is at most {value}"),
    "when_>": ("«{label}» trên {value}", "“{label}” is above {value}"),
    "when_>=": ("«{label}» từ {value} trở lên", "“{label}” is at least {value}"),
}


def answer_message(code: str, locale: str, **facts: Any) -> str:
    """Say to the person who fills in the form what is wrong with one field."""
    return _ANSWERS[code][locale == "en"].format(**facts)


def finding_messages(code: str, **facts: Any) -> tuple[str, str]:
    """Say to the designer what is wrong with one component, in Vietnamese and in English."""
    vietnamese, english = _FINDINGS[code]
    return vietnamese.format(**facts), english.format(**facts)


def page_text(code: str, locale: str, **facts: Any) -> str:
    """Say what stands beside a field."""
    return _PAGE[code][locale == "en"].format(**facts)

"""What the rules of decision tables say to people."""

from typing import Final

from engine.lint.texts.remedies import FIX_EN, FIX_VI, Texts

TEXTS: Final[dict[str, Texts]] = {
    "not-dmn": (
        "Tệp không phải là bảng quyết định DMN.",
        "The file is not a DMN table.",
        FIX_VI,
        FIX_EN,
    ),
    "decision-missing": (
        "Bảng quyết định “{decision}” không có trong bộ tệp.",
        "The decision “{decision}” is not among the files.",
        "Thêm tệp .dmn, hoặc chọn lại.",
        "Add the .dmn file, or choose again.",
    ),
    "decision-twice": (
        "Bảng quyết định “{decision}” xuất hiện hai lần.",
        "The decision “{decision}” is there twice.",
        "Đặt mã khác.",
        "Give one another id.",
    ),
    "decision-unnamed": ("Bảng quyết định chưa có mã.", "The decision has no id.", "Đặt mã.", "Give it an id."),
    "decision-without-table": (
        "Quyết định không có bảng.",
        "The decision has no table.",
        "Dùng bảng quyết định.",
        "Use a decision table.",
    ),
    "decision-output-name": (
        "Tên cột kết quả “{output}” không dùng được.",
        "The output column “{output}” cannot be used as a name.",
        "Dùng chữ thường không dấu và gạch dưới.",
        "Use lower-case letters and underscores.",
    ),
    "decision-row-width": (
        "Dòng {row} của bảng thiếu hoặc thừa ô.",
        "Row {row} of the table has too few or too many cells.",
        FIX_VI,
        FIX_EN,
    ),
    "decision-too-large": (
        "Bảng có {count} dòng, quá nhiều.",
        "The table has {count} rows, too many.",
        "Tách bảng.",
        "Split the table.",
    ),
    "hit-policy": (
        "Quy tắc chọn “{policy}” chưa được hỗ trợ.",
        "The hit policy “{policy}” is not supported.",
        "Dùng UNIQUE, FIRST hoặc COLLECT.",
        "Use UNIQUE, FIRST or COLLECT.",
    ),
}

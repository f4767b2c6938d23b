"""English of the audit log's page."""

from webapp.text.language import English

WORDS: dict[str, English] = {
    "Nhật ký đặt hàng": "Log of the order",
    "{n} mục": ("one entry", "{n} entries"),
    "Mọi đơn vị": "Any organization",
    "Mọi thao tác": "Any act",
    "Chỉ mục bị từ chối": "Refusals only",
    "Đến hết ngày": "Up to the end of",
    "Diễn biến, mới nhất trước": "What happened, the newest first",
    "Bị từ chối:": "Refused:",
    "Mục {n}": ("Entry {n}", "Entry {n}"),
    "Trường": "Field",
    "không còn": "no longer",
    "Các mục cũ hơn": "Older entries",
    "Không có mục nào khớp; thử bỏ bớt điều kiện lọc.": "No entry matches; try fewer filters.",
    "Kiểm tra toàn vẹn": "Integrity",
    "Nhật ký còn nguyên vẹn": "The log is whole",
    "{n} mục khớp với chuỗi mã băm": "{n} entries fit the chain of hashes",
    "Nhật ký bị thay đổi": "The log was changed",
    "Mục đầu tiên không khớp: {n}": (
        "The first entry that does not fit: {n}",
        "The first entry that does not fit: {n}",
    ),
    "Mục cuối": "Last entry",
    "Mã chuỗi": "Code of the chain",
    "Kiểm tra lại": "Check again",
    "Kiểm tra toàn bộ": "Check the whole log",
    "Mỗi mục được nối với mục trước bằng mã băm: sửa hoặc xóa một mục sẽ lộ ra khi kiểm tra.": (
        "Every entry is linked to the one before by a hash: changing or deleting one shows when the log is checked."
    ),
    "Ngày không đọc được; ghi như 12/10/2018.": "The date cannot be read; write it as 12/10/2018.",
    "trình duyệt": "browser",
    "hệ thống": "system",
    "dòng lệnh": "command line",
    "Từ đi kèm": "Word",
    "Tên": "Name",
    "{who} (làm thay)": "{who} (as a substitute)",
}

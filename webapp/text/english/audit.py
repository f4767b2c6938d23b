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
    "từ {at}": "since {at}",
    "Điểm kiểm tra, bên chứng kiến và bản xuất": "Checkpoints, witnesses and the export",
    "Có hai nhật ký khác nhau": "There are two different logs",
    "Cùng một số mục mà có hai mã gốc: nhật ký đã được kể theo hai cách.": (
        "Two roots for the same number of entries: the log was told in two ways."
    ),
    "Điểm kiểm tra": "Checkpoints",
    "Mỗi điểm kiểm tra là mã gốc của mọi mục đến lúc đó, có chữ ký, được giữ cả ngoài cơ sở dữ liệu. Ai giữ một điểm "
    "kiểm tra thì thấy được mọi thay đổi ở các mục trước nó.": (
        "A checkpoint is the signed root of all entries up to then, kept outside the database too. Whoever keeps one "
        "sees every change to the entries before it."
    ),
    "Số mục": "Entries",
    "Lúc": "At",
    "Mã": "Code",
    "Chứng kiến": "Witnessed by",
    "mã gốc khác": "another root",
    "Chưa có điểm kiểm tra nào: chưa mục nào được bảo vệ.": "There is no checkpoint yet: no entry is protected.",
    "{n} mục sau điểm kiểm tra cuối chưa được bảo vệ.": (
        "One entry after the last checkpoint is not protected yet.",
        "{n} entries after the last checkpoint are not protected yet.",
    ),
    "Điểm kiểm tra đang bị chậm: xem nhật ký máy chủ.": "Checkpoints are late: look at the log of the server.",
    "Mọi mục đều nằm trong điểm kiểm tra cuối.": "Every entry is within the last checkpoint.",
    "Đối chiếu lại": "Compare again",
    "{n} mục đầu khớp với điểm kiểm tra giữ ngoài cơ sở dữ liệu của máy này": (
        "The first entry fits the checkpoint that this machine keeps outside the database",
        "The first {n} entries fit the checkpoints that this machine keeps outside the database",
    ),
    "Không có điểm kiểm tra nào giữ ngoài để đối chiếu: người giữ cơ sở dữ liệu có thể đã tính lại tất cả.": (
        "No checkpoint is kept outside to compare with: whoever keeps the database may have computed all anew."
    ),
    "Một trong các mục {since} đến {n}": "One of the entries {since} to {n}",
    "Máy này tự kiểm tra chính nó. Muốn không phải tin ai: tải bản xuất, rồi chạy verify.py với khóa và điểm kiểm tra "
    "quý vị tự giữ.": (
        "This machine checks itself. To trust nobody: take the export, and run verify.py with the key and the "
        "checkpoint you kept yourself."
    ),
    "Tải nhật ký để tự kiểm tra": "Take the log to check it yourself",
    "Bên chứng kiến": "Witnesses",
    "đã ký {n} mục đầu": ("signed the first entry", "signed the first {n} entries"),
    "Chưa có bên nào chứng kiến: một nhật ký kể theo hai cách sẽ không ai thấy.": (
        "Nobody witnesses the log: if it were told in two ways, nobody would see."
    ),
    "Khóa của nhật ký": "Key of the log",
    "Đưa khóa này cho bên kiểm tra bằng đường khác, trước khi cần đến.": (
        "Give this key to who will check, by another way and before it is needed."
    ),
    "Nhật ký còn nguyên vẹn": "The log is whole",
    "{n} mục khớp với cây mã băm": "{n} entries fit the tree of hashes",
    "Nhật ký bị thay đổi": "The log was changed",
    "Mục đầu tiên không khớp: {n}": (
        "The first entry that does not fit: {n}",
        "The first entry that does not fit: {n}",
    ),
    "Mục cuối": "Last entry",
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
    "Chuyên đề đặt hàng": "Subject of the order",
    "Nhóm chuyên đề": "Group of subjects",
    "Căn cứ": "Basis",
    "Dịch vụ công trực tuyến": "Online public services",
    "Vệ sinh môi trường": "Environmental sanitation",
    "Tuyến đường văn minh": "Civilized roads",
    "Tuyên truyền, vận động": "Propaganda and mobilization",
    "Dân vận khéo": "Skilful mass mobilization",
    "Nông thôn mới": "New rural development",
    "Chuyên đề khác": "Another subject",
}

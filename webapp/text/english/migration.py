"""English of migrations: running processes that go on under another version."""

from webapp.text.language import English

WORDS: dict[str, English] = {
    "Chuyển phiên bản": "Migration",
    "Chuyển quy trình đang chạy sang phiên bản khác": "Let running processes go on under another version",
    "Từ phiên bản {old} của {name}. Quy trình đứng yên tại chỗ; việc, bản nháp và người giữ không đổi.": (
        "From version {old} of {name}. Processes stay where they are; tasks, drafts and holders do not change."
    ),
    "Sang phiên bản": "To version",
    "Chưa có phiên bản nào khác để chuyển sang.": "There is no other version yet.",
    "Phần tử nào thay phần tử nào": "Which element takes the place of which",
    "Phần tử cũ": "Old element",
    "Phần tử mới": "New element",
    "không có": "none",
    "Cần xem lại": "To be looked at",
    "Mọi phần tử đều có phần tử cùng mã thay thế.": "Every element has one with its own id to take its place.",
    "{n} phần tử giữ nguyên": ("one element stays", "{n} elements stay"),
    "Chạy thử": "Dry run",
    "Kết quả chạy thử": "What would happen",
    "Không có quy trình nào đang chạy theo phiên bản này.": "Nothing runs under this version.",
    "{n} trên {total} quy trình chuyển được.": "{n} of {total} processes would go.",
    "{n} trên {total} quy trình không chuyển được:": "{n} of {total} processes would not go:",
    "và {n} quy trình khác": ("and one more", "and {n} more"),
    "Chuyển {n} quy trình": ("Migrate one process", "Migrate {n} processes"),
    "Quy trình không chuyển được ở lại phiên bản cũ, không đổi gì. Hẹn giờ không đổi giữ nguyên giờ; hẹn giờ mới hoặc "
    "đã sửa tính từ lúc chuyển.": (
        "What cannot go stays under the old version, unchanged. Timers that did not change keep their instant; new or "
        "changed ones begin when the process migrates."
    ),
    "Đã chuyển {went} quy trình; {stuck} chưa chuyển được.": "{went} processes migrated; {stuck} did not.",
    "Đang chuyển {n} quy trình ở nền; tải lại trang để xem còn bao nhiêu.": (
        "One process is migrating behind the scenes; reload the page to see what is left.",
        "{n} processes are migrating behind the scenes; reload the page to see how many are left.",
    ),
    "Chuyển quy trình đang chạy theo phiên bản này": "Migrate what runs under this version",
    "việc": "task",
    "sự kiện": "event",
    "cổng": "gateway",
    "tiến trình con": "sub-process",
}

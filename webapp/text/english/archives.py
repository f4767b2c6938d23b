"""English of the pages about archives of the log."""

from webapp.text.language import English

WORDS: dict[str, English] = {
    "Lưu trữ nhật ký": "Archives of the log",
    "Mục cũ rời vào tệp có chữ ký; mã băm của nó ở lại, nên cây và mọi bằng chứng vẫn đúng.": (
        "Old entries leave for signed files; their hashes stay, so the tree and every proof remain right."
    ),
    "Các bản lưu trữ": "Archives",
    "Đang mở để xem lại": "Open for review",
    "Đã cất": "Put away",
    "Chưa có bản nào: mọi mục đều còn ở đây.": "There is none: every entry is here.",
    "Giữ ở đây bao lâu": "Kept here for how long",
    "Đăng nhập, lần đọc và lần bị từ chối": "Sign-ins, reads and refusals",
    "Tài khoản, đơn vị, quyền, cài đặt": "Accounts, bodies, rights, settings",
    "Công việc của các đặt hàng đã xong": "Work on orders that are closed",
    "{n} năm": ("{n} year", "{n} years"),
    "giữ mãi": "for ever",
    "Hơn {n} mục có thể rời đi lần tới.": "More than {n} entries may leave next time.",
    "{n} mục có thể rời đi lần tới.": ("{n} entry may leave next time.", "{n} entries may leave next time."),
    "Lần tới chưa có mục nào rời đi.": "No entry would leave next time.",
    "Đang giữ lại": "On hold",
    "Các mục sau": "Later entries",
    "Không có đặt hàng nào bị giữ.": "No order is held.",
    "Mục nằm trong hồ sơ kiểm tra cũng không rời đi.": "Entries in case files do not leave either.",
    "Mục đã lưu trữ, mở ra để xem lại: từng mục đã được đối chiếu với mã băm còn trong nhật ký.": (
        "Archived entries, open for review: each was compared with its hash, which is still in the log."
    ),
}

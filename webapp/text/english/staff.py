"""English of the pages that keep the register: bodies, posts, people, lines."""

from webapp.text.language import English

WORDS: dict[str, English] = {
    "Thêm đơn vị": "Add an organization",
    "Đơn vị ở {place} hoặc ở một địa bàn ngay dưới.": "An organization of {place}, or of a place directly below.",
    "Chưa thêm được": "Nothing was added yet",
    "Tên đơn vị": "Name",
    "Hội Phụ nữ phường …": "Women's Union of …",
    "Tên ngắn (không bắt buộc)": "Short name (not required)",
    "Loại đơn vị": "Kind",
    "Chọn loại": "Choose a kind",
    "Địa bàn mới, thuộc {place}": "A new place below {place}",
    "Chỉ khi là địa bàn mới": "Only for a new place",
    "Tên địa bàn": "Name of the place",
    "Phường Quang Hanh": "Quang Hanh ward",
    "Gọi là": "Called",
    "phường, xã, khu, thôn": "ward, commune, quarter, hamlet",
    "Cấp": "Level",
    "Đã thêm đơn vị. Tiếp theo: chức danh, người giữ và quan hệ.": "Added. Next: posts, who holds them, and lines.",
    "Nhân sự: {name}": "Staff: {name}",
    "Nhân sự và quan hệ": "Staff and lines",
    "Mật khẩu dùng một lần của {login}": "One-time password of {login}",
    "Chỉ hiện lần này. Trao tận tay người dùng; lần đăng nhập đầu tiên phải đổi.": (
        "Shown this once. Hand it over in person; it must be changed at the first sign-in."
    ),
    "tài khoản đã khóa": "account closed",
    "Thôi giữ chức danh": "No longer holds it",
    "Đặt lại mật khẩu": "Reset the password",
    "Người này bị đăng xuất khỏi mọi thiết bị; mật khẩu mới hiện một lần ở đây.": (
        "This person is signed out everywhere; the new password is shown here once."
    ),
    "Khóa tài khoản": "Close the account",
    "Giao chức danh này": "Give this post",
    "Tên đăng nhập (đã có hoặc mới)": "Login (known or new)",
    "Họ tên, chỉ khi là người mới": "Name, only for a new person",
    "Thư điện tử, chỉ khi là người mới (không bắt buộc)": "E-mail, only for a new person (not required)",
    "Giao chức danh": "Give the post",
    "Bỏ chức danh": "End the post",
    "Thêm chức danh": "Add a post",
    "Tên chức danh": "Name of the post",
    "Điện thoại, phòng làm việc (không bắt buộc)": "Telephone, room (not required)",
    "Đứng đầu đơn vị": "Heads the organization",
    "Vai trò trong quy trình": "Roles in processes",
    "Kết thúc quan hệ": "End the line",
    "Với đơn vị": "With",
    "Chọn đơn vị": "Choose an organization",
    "Ghi quan hệ": "Save the line",
    "Lý do, văn bản": "Reason, document",
    "Đã thêm chức danh «{name}».": "Added the post “{name}”.",
    "Đã giao chức danh cho {name}.": "Gave the post to {name}.",
    "Đã khóa tài khoản {login}.": "Closed the account {login}.",
    "Đã ghi quan hệ.": "Saved the line.",
    "Đã ghi. Mục đã kết thúc vẫn còn trong lịch sử.": "Saved. What ended stays in the history.",
    "Mật khẩu này chỉ dùng một lần: hãy đổi trước khi làm việc khác.": (
        "This password is for one use: change it before anything else."
    ),
}

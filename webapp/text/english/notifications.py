"""English of notices, letters and the outbox."""

from webapp.text.language import English

WORDS: dict[str, English] = {
    "{n} thông báo mới": ("one new notice", "{n} new notices"),
    "Đánh dấu đã đọc tất cả": "Mark all as read",
    "Hộp thư đi": "Outbox",
    "mới": "new",
    "Chưa có thông báo nào": "No notices yet",
    "Khi có việc mới, được nhắc, được đôn đốc hoặc đặt hàng thay đổi, quý vị sẽ thấy ở đây.": (
        "New tasks, reminders, urgings and changes of orders appear here."
    ),
    "Chưa cài máy chủ thư, nên thư được giữ ở đây thay vì gửi đi.": (
        "No mail server is set, so letters stay here instead of leaving."
    ),
    "Gửi đến": "To",
    "Viết lúc": "Written at",
    "Thư": "Letter",
    "Chưa có thư nào": "No letters yet",
    "Thư được viết cho những người có địa chỉ thư trong tài khoản.": (
        "Letters are written to people whose account has an address."
    ),
    "Việc mới: «{title}»[, hạn {due}]": "New task: “{title}”[, due {due}]",
    "Nhắc việc «{title}»[, còn {days} ngày làm việc]": "Reminder: “{title}”[, {days} working days left]",
    "«{title}» của cấp dưới đang chậm[ {days} ngày làm việc]": "“{title}” below you is[ {days} working days] late",
    "{who} ủy quyền quý vị làm thay chức danh {post}, từ {valid_from} đến hết {valid_to}": (
        "{who} asks you to stand in as {post} from {valid_from} to the end of {valid_to}"
    ),
    "{who} đôn đốc quý vị về «{title}»[, chậm {days} ngày làm việc][: {note}]": (
        "{who} urges you about “{title}”[, {days} working days late][: {note}]"
    ),
    "Xin đăng nhập Liên Thông để xem và xử lý. Thư này gửi tự động; không trả lời thư này.": (
        "Please sign in to Liên Thông to read and act. This letter was sent automatically; please do not reply."
    ),
}

"""The words for the states of an instance, with icon and style."""

from webapp.text.words import Sign

STATES = {
    "running": Sign("Đang chạy", "circle-half", "doing"),
    "incident": Sign("Bị kẹt", "exclamation-triangle", "again"),
    "suspended": Sign("Tạm dừng", "pause-circle"),
    "finished": Sign("Đã kết thúc", "check-circle-fill", "done"),
    "failed": Sign("Kết thúc với lỗi", "x-circle", "refused"),
    "cancelled": Sign("Đã hủy", "slash-circle"),
    "handed_over": Sign("Đã bàn giao", "arrow-left-right"),
}

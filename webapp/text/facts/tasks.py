"""Sentences about tasks and their files."""

from webapp.text.facts.sentence import S, Sentence

SENTENCES: dict[str, Sentence] = {
    "task:opened": S("Việc được mở", "The task was opened", "inbox"),
    "task:assigned": S(
        "Hệ thống giao việc[ cho {after_holder}]", "The system gave the task[ to {after_holder}]", "people", "hand"
    ),
    "task:claimed": S("{who} nhận việc", "{who} claimed the task", "box-arrow-in-right", "hand"),
    "task:released": S("{who} trả việc về hàng chờ", "{who} released the task", "arrow-counterclockwise", "hand"),
    "task:completed": S(
        "{who} hoàn thành việc[: {decision}][, {reason}]",
        "{who} completed the task[: {decision}][, {reason}]",
        "check-circle-fill",
        "good",
    ),
    "task:delegated": S(
        "{who} nhờ {to_title} xử lý[, hẹn {due}][: {note}]",
        "{who} asked {to_title} for help[, by {due}][: {note}]",
        "people",
        "hand",
    ),
    "task:resolved": S(
        "{who} trả kết quả nhờ[: {note}]", "{who} gave the help asked for[: {note}]", "check-lg", "hand"
    ),
    "task:taken_back": S(
        "{who} lấy lại việc đã nhờ", "{who} took the task back from the helper", "arrow-counterclockwise", "hand"
    ),
    "task:transferred": S(
        "{who} chuyển việc[ từ {before_holder}][ cho {after_holder}][: {reason}]",
        "{who} transferred the task[ from {before_holder}][ to {after_holder}][: {reason}]",
        "arrow-left-right",
        "hand",
    ),
    "task:due_moved": S(
        "Hạn được tính lại theo lịch làm việc[: {before_due} →][ {after_due}]",
        "The due date follows the calendar of working days[: {before_due} →][ {after_due}]",
        "clock",
    ),
    "task:commented": S("{who} trao đổi", "{who} commented", "chat-left-text"),
    "task:urged": S(
        "{who} đôn đốc[, chậm {days} ngày làm việc][: {note}]",
        "{who} urged[, {days} working days late][: {note}]",
        "megaphone",
        "bad",
    ),
    "task:reminded": S(
        "Hệ thống nhắc việc[, còn {days} ngày làm việc]", "The system reminded[, {days} working days left]", "bell"
    ),
    "task:escalated": S(
        "Hệ thống báo cấp trên[ {organization}][, chậm {days} ngày làm việc]",
        "The system told the level above[ {organization}][, {days} working days late]",
        "megaphone",
        "bad",
    ),
    "task:skipped": S(
        "Việc tự hoàn thành vì cùng một người đã làm bước trước",
        "The task completed itself: the same person did the step before",
        "arrow-right",
    ),
    "task:cancelled": S("Việc được hủy[: {reason}]", "The task was cancelled[: {reason}]", "slash-circle", "bad"),
    "task:handed_over": S(
        "Việc được bàn giao[: {reason}]", "The task was handed over[: {reason}]", "arrow-left-right", "hand"
    ),
    "attachment:added": S("{who} đính kèm tệp", "{who} attached a file", "paperclip"),
    "attachment:removed": S(
        "{who} gỡ tệp; dấu vết của tệp vẫn được giữ", "{who} removed a file; its hash stays", "paperclip"
    ),
}

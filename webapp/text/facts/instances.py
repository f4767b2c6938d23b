"""Sentences about running instances, and about what operators do to them."""

from webapp.text.facts.sentence import S, Sentence

SENTENCES: dict[str, Sentence] = {
    "instance:started": S("{who} khởi động quy trình", "{who} started the process", "play-fill"),
    "instance:moved": S("Quy trình đi tiếp", "The process went on", "arrow-right"),
    "instance:finished": S("Quy trình kết thúc", "The process finished", "flag", "good"),
    "instance:failed": S("Quy trình kết thúc với lỗi", "The process failed", "x-circle", "bad"),
    "instance:cancelled": S(
        "{who} hủy quy trình[: {reason}]", "{who} cancelled the process[: {reason}]", "slash-circle", "bad"
    ),
    "instance:handed_over": S(
        "Quy trình được bàn giao[: {reason}]", "The process was handed over[: {reason}]", "arrow-left-right"
    ),
    "instance:migrated": S(
        "{who} chuyển quy trình sang phiên bản khác[: {before_version} → {after_version}][, lý do: {reason}]",
        "{who} migrated the process[: version {before_version} → {after_version}][, because: {reason}]",
        "arrow-left-right",
        "hand",
    ),
    "migration:requested": S(
        "{who} cho {instances} quy trình[ {process}] chuyển phiên bản[: {before_version} → {after_version}]"
        "[, lý do: {reason}]",
        "{who} let {instances} processes[ {process}] migrate[: version {before_version} → {after_version}]"
        "[, because: {reason}]",
        "arrow-left-right",
        "hand",
    ),
    "instance:suspended": S(
        "{who} tạm dừng quy trình[: {reason}]", "{who} suspended the process[: {reason}]", "pause-circle"
    ),
    "instance:resumed": S(
        "{who} cho quy trình tiếp tục[: {reason}]", "{who} resumed the process[: {reason}]", "play-fill"
    ),
    "instance:stuck": S(
        "Quy trình bị kẹt; quản trị được báo",
        "The process is stuck; the administrators know",
        "exclamation-triangle",
        "bad",
    ),
    "incident:resolved": S(
        "{who} gỡ chỗ kẹt[: {reason}]", "{who} resolved the incident[: {reason}]", "check-lg", "good"
    ),
    "data:edited": S(
        "{who} sửa dữ liệu của quy trình[: {reason}]", "{who} edited data of the process[: {reason}]", "pencil"
    ),
    "step:skipped": S(
        "{who} bỏ qua bước[ «{step}»][: {reason}]",
        "{who} skipped the step[ «{step}»][: {reason}]",
        "arrow-right",
        "bad",
    ),
    "token:moved": S(
        "{who} chuyển quy trình[ từ «{before_step}»][ sang «{after_step}»][: {reason}]",
        "{who} moved the process[ from «{before_step}»][ to «{after_step}»][: {reason}]",
        "signpost-split",
    ),
    "message:delivered": S("Thông điệp được nhận[: {title}]", "A message was delivered[: {title}]", "envelope"),
    "message:kept": S(
        "Thông điệp đến sớm, được giữ lại[: {title}]", "A message came early and is kept[: {title}]", "envelope"
    ),
    "message:late": S("Thông điệp đến muộn[: {title}]", "A message came late[: {title}]", "envelope"),
    "message:dead": S(
        "Thông điệp không có nơi nhận[: {title}]", "A message has no receiver[: {title}]", "envelope", "bad"
    ),
    "timer:fired": S("Đến giờ đã hẹn", "A timer fired", "clock"),
    "timer:fired_early": S(
        "{who} cho hẹn giờ chạy ngay[, giờ cũ {before_due}][: {reason}]",
        "{who} let a timer fire early[, due {before_due}][: {reason}]",
        "lightning",
    ),
    "timer:rescheduled": S(
        "{who} đổi hẹn giờ[: {before_due} →][ {after_due}][, lý do: {reason}]",
        "{who} rescheduled a timer[: {before_due} →][ {after_due}][, because: {reason}]",
        "clock",
    ),
    "timer:followed": S(
        "Hẹn giờ được tính lại theo lịch làm việc[: {before_due} →][ {after_due}]",
        "A timer follows the calendar of working days[: {before_due} →][ {after_due}]",
        "clock",
    ),
    "job:retried": S(
        "{who} cho chạy lại công việc nền[ {job}][: {reason}]",
        "{who} retried the job[ {job}][: {reason}]",
        "arrow-repeat",
    ),
    "letter:retried": S("{who} cho gửi lại thư[: {reason}]", "{who} let a letter be sent again[: {reason}]", "send"),
}

"""Sentences about orders and shares: what was asked, given, reported, moved, disputed, followed."""

from webapp.text.facts.sentence import S, Sentence

SENTENCES: dict[str, Sentence] = {
    "order:created": S("{who} bắt đầu soạn đặt hàng", "{who} began to draft the order", "pencil"),
    "order:saved": S("{who} lưu nội dung đặt hàng", "{who} saved the order", "pencil"),
    "order:signed": S(
        "{who} ký ban hành đặt hàng[ số {number}]", "{who} signed the order[ no. {number}]", "send", "hand"
    ),
    "order:withdrawn": S(
        "{who} thu hồi đặt hàng[: {reason}]", "{who} withdrew the order[: {reason}]", "slash-circle", "bad"
    ),
    "order:accepted": S("{who} tiếp nhận đặt hàng", "{who} accepted the order", "check-lg"),
    "order:refused": S(
        "{who} từ chối tiếp nhận đặt hàng[: {reason}]", "{who} refused the order[: {reason}]", "x-circle", "bad"
    ),
    "order:reported": S("{who} trình kết quả đặt hàng", "{who} submitted the result of the order", "send", "hand"),
    "order:returned": S(
        "{who} trả lại kết quả đặt hàng[: {reason}]",
        "{who} returned the result[: {reason}]",
        "arrow-counterclockwise",
        "bad",
    ),
    "order:amended": S("{who} điều chỉnh đặt hàng[: {reason}]", "{who} amended the order[: {reason}]", "pencil"),
    "order:closed": S(
        "{who} nghiệm thu, khép đặt hàng[: {verdict}]",
        "{who} gave the verdict and closed the order[: {verdict}]",
        "check-circle-fill",
        "good",
    ),
    "overlap:found": S(
        "Hệ thống thấy đặt hàng có thể chồng chéo[ với {others}]",
        "The order may overlap[ with {others}]",
        "exclamation-triangle",
    ),
    "overlap:resolved": S(
        "{who} xử lý chồng chéo[: {decision}][, {reason}]",
        "{who} resolved the overlap[: {decision}][, {reason}]",
        "check-lg",
    ),
    "assignment:created": S(
        "{who} giao {organization}[ phần {part}][, hạn {due}]",
        "{who} assigned {organization}[ as {part}][, due {due}]",
        "arrow-right",
        "hand",
    ),
    "assignment:refused": S(
        "{who} từ chối phần việc[: {reason}]", "{who} refused the share[: {reason}]", "x-circle", "bad"
    ),
    "assignment:reported": S("{who} báo cáo phần việc", "{who} reported on the share", "send", "hand"),
    "assignment:returned": S(
        "{who} trả lại báo cáo[: {reason}]", "{who} returned the report[: {reason}]", "arrow-counterclockwise", "bad"
    ),
    "progress:changed": S(
        "Tiến độ[: {before_progress} →][ {after_progress}]",
        "Progress[: {before_progress} →][ {after_progress}]",
        "circle-half",
    ),
    "assignment:handed_over": S(
        "Phần việc được bàn giao[: {before_organization} → {after_organization}][, căn cứ {document}]",
        "The share was handed over[: {before_organization} → {after_organization}][, by {document}]",
        "arrow-left-right",
        "hand",
    ),
    "assignment:lead_replaced": S(
        "{who} đổi đơn vị chủ trì[: {before_lead} → {after_lead}][, lý do: {reason}]",
        "{who} changed the lead[: {before_lead} → {after_lead}][, because: {reason}]",
        "arrow-left-right",
        "hand",
    ),
    "assignment:urged": S(
        "{who} đôn đốc[ {organization}][, chậm {days} ngày làm việc][: {note}]",
        "{who} urged[ {organization}][, {days} working days late][: {note}]",
        "megaphone",
        "bad",
    ),
    "assignment:escalated": S(
        "Hệ thống báo lên cấp trên[ {organization}][, chậm {days} ngày làm việc]",
        "The system told the level above[ {organization}][, {days} working days late]",
        "megaphone",
        "bad",
    ),
    "amendment:confirmed": S(
        "{who} xác nhận nội dung điều chỉnh[, hạn {after_due}][: {note}]",
        "{who} confirmed the amendment[, due {after_due}][: {note}]",
        "check-lg",
    ),
    "due:moved": S(
        "{who} dời hạn phần việc[: {before_due} →][ {after_due}][, lý do: {reason}]",
        "{who} moved the due date of a share[: {before_due} →][ {after_due}][, because: {reason}]",
        "clock",
    ),
    "conflict:raised": S(
        "Vướng mắc trong phối hợp: đơn vị phối hợp {why}[: {reason}]",
        "A conflict of coordination: the coordinator {why}[: {reason}]",
        "exclamation-triangle",
        "bad",
    ),
    "conflict:decided": S(
        "{who} cho ý kiến chỉ đạo về vướng mắc[: {decision}][, {reason}]",
        "{who} decided the conflict[: {decision}][, {reason}]",
        "check-lg",
        "good",
    ),
    "extension:requested": S(
        "{who} xin gia hạn[: {before_due} → {after_due}][, lý do: {reason}]",
        "{who} asked for more time[: {before_due} → {after_due}][, because: {reason}]",
        "clock",
    ),
    "extension:decided": S(
        "{who} trả lời đề nghị gia hạn[: {decision}][, hạn {after_due}][, {reason}]",
        "{who} decided on the extension[: {decision}][, due {after_due}][, {reason}]",
        "clock",
    ),
    "watch:added": S("{who} theo dõi đặt hàng", "{who} follows the order", "bell"),
    "watch:removed": S("{who} thôi theo dõi đặt hàng", "{who} no longer follows the order", "bell"),
}

"""Sentences about the log itself: keys, reviews, erasures, archives, witnesses."""

from webapp.text.facts.sentence import S, Sentence

SENTENCES: dict[str, Sentence] = {
    "audit_key:introduced": S(
        "Hệ thống bắt đầu ký nhật ký bằng khóa[ {key}]",
        "The log is signed from now on, by the key[ {key}]",
        "shield-check",
    ),
    "audit_key:rotated": S(
        "{who} thay khóa ký nhật ký[: {reason}]", "{who} changed the key of the log[: {reason}]", "shield-check", "hand"
    ),
    "case_file:opened": S("{who} mở hồ sơ kiểm tra[ «{title}»]", "{who} opened a case file[ «{title}»]", "inbox"),
    "case_file:closed": S(
        "{who} đóng hồ sơ kiểm tra[ «{title}»]", "{who} closed a case file[ «{title}»]", "check-circle-fill", "good"
    ),
    "entry:filed": S(
        "{who} đưa mục {entry} của nhật ký vào hồ sơ kiểm tra",
        "{who} put entry {entry} of the log into a case file",
        "plus-lg",
    ),
    "entry:unfiled": S(
        "{who} đưa mục {entry} ra khỏi hồ sơ kiểm tra", "{who} took entry {entry} out of a case file", "slash-circle"
    ),
    "audit:read": S("{who} đọc nhật ký", "{who} read the log", "file-earmark-text"),
    "text:erased": S(
        "{who} xóa {count} lời ghi trong nhật ký theo luật[: {basis}][, lý do: {reason}]",
        "{who} erased {count} texts of the log under the law[: {basis}][, because: {reason}]",
        "slash-circle",
        "bad",
    ),
    "hold:placed": S(
        "{who} giữ các mục của một đặt hàng, không lưu trữ[, lý do: {reason}]",
        "{who} keeps the entries of an order from being archived[, because: {reason}]",
        "shield-check",
    ),
    "hold:ended": S(
        "{who} thôi giữ các mục của một đặt hàng[, lý do: {reason}]",
        "{who} ended a hold on the entries of an order[, because: {reason}]",
        "shield-check",
    ),
    "archive:made": S(
        "{who} chuyển {count} mục của nhật ký, từ {first} đến {last}, vào bản lưu trữ {name}",
        "{who} let {count} entries of the log, {first} to {last}, leave for the archive {name}",
        "inbox",
    ),
    "archive:opened": S(
        "{who} mở bản lưu trữ {name} để xem lại", "{who} opened the archive {name} for review", "inbox"
    ),
    "archive:closed": S("{who} đóng bản lưu trữ {name}", "{who} ended the review of the archive {name}", "inbox"),
    "audit:exported": S("{who} xuất nhật ký ra tệp", "{who} exported the log", "download"),
    "checkpoint:witnessed": S(
        "{witness} ký chứng kiến điểm kiểm tra của {size} mục đầu",
        "{witness} witnessed the checkpoint of the first {size} entries",
        "shield-check",
        "good",
    ),
    "checkpoint:disputed": S(
        "{witness} thấy một nhật ký khác: hai mã gốc cho cùng {size} mục",
        "{witness} saw another log: two roots for the same {size} entries",
        "shield-exclamation",
        "bad",
    ),
}

"""Sentences about definitions and designs."""

from webapp.text.facts.sentence import S, Sentence

SENTENCES: dict[str, Sentence] = {
    "definition:deployed": S(
        "{who} đưa quy trình vào sử dụng[: {process}][ bản {version}][, chỉ ở {areas}][, {reason}]",
        "{who} deployed a process[: {process}][ version {version}][, only in {areas}][, {reason}]",
        "bounding-box",
    ),
    "definition:suspended": S(
        "{who} tạm dừng quy trình[ {process}][ bản {version}][, {instances} quy trình đang chạy chờ][: {reason}]",
        "{who} suspended the process[ {process}][ version {version}][, {instances} running ones wait][: {reason}]",
        "pause-circle",
    ),
    "definition:resumed": S(
        "{who} cho dùng lại quy trình[ {process}][ bản {version}][: {reason}]",
        "{who} resumed the process[ {process}][ version {version}][: {reason}]",
        "play-fill",
    ),
    "definition:activated": S(
        "{who} đưa quy trình[ {process}] về bản {version}[ ở {area}][: {reason}]",
        "{who} put version {version} of the process[ {process}] into use again[ in {area}][: {reason}]",
        "arrow-counterclockwise",
    ),
    "design:created": S("{who} mở bản thiết kế[ {process}]", "{who} began a design[ of {process}]", "pencil"),
    "design:saved": S("{who} lưu bản thiết kế[, tệp {file}]", "{who} saved the design[, file {file}]", "pencil"),
    "design:file_removed": S(
        "{who} bỏ một tệp của bản thiết kế[: {file}]", "{who} removed a file of the design[: {file}]", "slash-circle"
    ),
    "design:taken_over": S(
        "{who} nhận quyền sửa bản thiết kế từ người đang sửa",
        "{who} took the design over from who was editing it",
        "arrow-left-right",
        "hand",
    ),
    "design:submitted": S(
        "{who} trình duyệt bản thiết kế[, chỉ cho {areas}][: {note}]",
        "{who} submitted the design[, only for {areas}][: {note}]",
        "send",
        "hand",
    ),
    "design:withdrawn": S("{who} rút bản trình duyệt", "{who} withdrew the submission", "arrow-counterclockwise"),
    "design:returned": S(
        "{who} trả lại bản thiết kế[: {reason}]",
        "{who} returned the design[: {reason}]",
        "arrow-counterclockwise",
        "bad",
    ),
    "design:approved": S(
        "{who} duyệt bản thiết kế[, hiệu lực từ {effective_at}][: {note}]",
        "{who} approved the design[, in force from {effective_at}][: {note}]",
        "check-circle-fill",
        "good",
    ),
    "design:published": S(
        "{who} ban hành bản thiết kế thành bản {version}[ của {process}][, chỉ ở {areas}]",
        "{who} published the design as version {version}[ of {process}][, only in {areas}]",
        "send",
        "good",
    ),
    "design:discarded": S("{who} bỏ bản thiết kế", "{who} discarded the design", "slash-circle"),
    "design:commented": S(
        "{who} góp ý cho bản thiết kế[, phần tử {element}]",
        "{who} commented on the design[, element {element}]",
        "chat-left-text",
    ),
    "design:comment_done": S(
        "{who} đánh dấu góp ý đã xử lý", "{who} marked a comment on the design as done", "check-lg"
    ),
    "definition:retired": S(
        "{who} thôi dùng riêng bản {version} của quy trình[ {process}][ ở {area}][: {reason}]",
        "{who} took version {version} of the process[ {process}] back[ in {area}][: {reason}]",
        "arrow-counterclockwise",
    ),
}

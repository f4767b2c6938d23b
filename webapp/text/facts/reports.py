"""Sentences about figures, events and indicators."""

from webapp.text.facts.sentence import S, Sentence

SENTENCES: dict[str, Sentence] = {
    "figure:entered": S("{who} nhập số liệu", "{who} entered figures", "table"),
    "figure:corrected": S("{who} đính chính số liệu[: {reason}]", "{who} corrected a figure[: {reason}]", "pencil"),
    "figure:added_late": S("{who} bổ sung số liệu sau hạn chốt", "{who} added a figure after the cut-off", "table"),
    "event:suspected": S(
        "Hệ thống thấy hai bản ghi có thể là một hoạt động và hỏi đơn vị chủ trì",
        "Two records may be one event; the lead is asked",
        "exclamation-triangle",
    ),
    "event:merged": S(
        "{who} gộp hai bản ghi của cùng một hoạt động[: {reason}]",
        "{who} merged two records of one event[: {reason}]",
        "flag",
    ),
    "event:kept_apart": S("{who} giữ cả hai hoạt động[: {reason}]", "{who} kept both events[: {reason}]", "flag"),
    "indicator:added": S("{who} thêm chỉ tiêu[ {code}]", "{who} added an indicator[ {code}]", "plus-lg"),
}

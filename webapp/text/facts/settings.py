"""Sentences about what the whole installation is set to."""

from webapp.text.facts.sentence import S, Sentence

SENTENCES: dict[str, Sentence] = {
    "calendar:changed": S(
        "{who} sửa lịch làm việc[: {day}][, {after_name}]",
        "{who} changed the calendar[: {day}][, {after_name}]",
        "calendar-check",
    ),
    "setting:changed": S("{who} đổi cài đặt", "{who} changed a setting", "gear"),
}

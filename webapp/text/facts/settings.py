"""Sentences about what the whole installation is set to."""

from webapp.text.facts.sentence import S, Sentence

SENTENCES: dict[str, Sentence] = {
    "calendar:changed": S("{who} sửa lịch làm việc", "{who} changed the calendar", "calendar-check"),
    "setting:changed": S("{who} đổi cài đặt", "{who} changed a setting", "gear"),
    "demo:built": S("Dữ liệu trình diễn được dựng", "The demo world was built", "gear"),
}

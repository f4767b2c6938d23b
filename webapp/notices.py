"""Notices in words: the sentence of the fact with the work it is about; the same for the page and for letters."""

from collections.abc import Mapping
from typing import Any

from models.notifications import Notification
from webapp.text.facts import SENTENCES, readable
from webapp.text.language import fill, language, say

# What the general sentence would say about somebody else is said to the reader here.
TO_YOU = {
    "task:opened": ("Việc mới: «{title}»[, hạn {due}]", "New task: “{title}”[, due {due}]"),
    "task:reminded": (
        "Nhắc việc «{title}»[, còn {days} ngày làm việc]", "Reminder: “{title}”[, {days} working days left]"
    ),
    "task:escalated": (
        "«{title}» của cấp dưới đang chậm[ {days} ngày làm việc]", "“{title}” below you is[ {days} working days] late"
    ),
    "assignment:urged": (
        "{who} đôn đốc quý vị về «{title}»[, chậm {days} ngày làm việc][: {note}]",
        "{who} urges you about “{title}”[, {days} working days late][: {note}]",
    ),
}  # fmt: skip


def words_of(notice: Notification, *, names: Mapping[str, str] | None = None) -> str:
    """Put a notice into a sentence of the reader's language."""
    return _words(notice, language(), names or {})


def letter_of(notice: Notification, locale: str) -> tuple[str, str]:
    """Write (subject, body) of the letter made from a notice."""
    said = _words(notice, locale, {})
    closing = {
        "vi": "Xin đăng nhập Liên Thông để xem và xử lý. Thư này gửi tự động; không trả lời thư này.",
        "en": "Please sign in to Liên Thông to read and act. This letter was sent automatically; please do not reply.",
    }[locale if locale == "en" else "vi"]
    return f"Liên Thông: {said}", f"{said}.\n\n{closing}\n"


def _words(notice: Notification, locale: str, names: Mapping[str, str]) -> str:
    values: dict[str, Any] = readable(notice.facts, names)
    values["who"] = values.get("by") or say("Hệ thống")
    values["fact"] = notice.fact
    place = 1 if locale == "en" else 0
    if notice.fact in TO_YOU:
        text = fill(TO_YOU[notice.fact][place], values)
    else:
        sentence = SENTENCES.get(notice.fact)
        text = fill((sentence.vi, sentence.en)[place] if sentence else "{fact}", values)
        if values.get("title") and str(values["title"]) not in text:
            text = f"{text}: {values['title']}"
    return text[:1].upper() + text[1:]


def sign_of(fact: str) -> tuple[str, str]:
    """Return icon and style of a notice."""
    sentence = SENTENCES.get(fact)
    return (sentence.icon, sentence.style) if sentence else ("bell", "")

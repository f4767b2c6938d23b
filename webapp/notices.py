"""Notices in words: the sentence of the fact with the work it is about; the same for the page and for letters."""

from collections.abc import Mapping
from typing import Any

from models.notifications import Notification
from webapp.text.facts import SENTENCES, readable
from webapp.text.language import fill, in_english, language, say

# What the general sentence would say about somebody else is said to the reader here.
TO_YOU = {
    "task:opened": "Việc mới: «{title}»[, hạn {due}]",
    "task:reminded": "Nhắc việc «{title}»[, còn {days} ngày làm việc]",
    "task:escalated": "«{title}» của cấp dưới đang chậm[ {days} ngày làm việc]",
    "substitution:added": "{who} ủy quyền quý vị làm thay chức danh {post}, từ {valid_from} đến hết {valid_to}",
    "assignment:urged": "{who} đôn đốc quý vị về «{title}»[, chậm {days} ngày làm việc][: {note}]",
}
CLOSING = "Xin đăng nhập Liên Thông để xem và xử lý. Thư này gửi tự động; không trả lời thư này."


def words_of(notice: Notification, *, names: Mapping[str, str] | None = None) -> str:
    """Put a notice into a sentence of the reader's language."""
    return _words(notice, language(), names or {})


def letter_of(notice: Notification, locale: str) -> tuple[str, str]:
    """Write (subject, body) of the letter made from a notice."""
    said = _words(notice, locale, {})
    closing = in_english(CLOSING) if locale == "en" else CLOSING
    return f"Liên Thông: {said}", f"{said}.\n\n{closing}\n"


def _words(notice: Notification, locale: str, names: Mapping[str, str]) -> str:
    values: dict[str, Any] = readable(notice.facts, names)
    values["who"] = values.get("by") or say("Hệ thống")
    text = fill(_sentence(notice.fact, english=locale == "en"), values)
    title = str(values.get("title") or "")
    return text[:1].upper() + text[1:] + (f": {title}" if title and title not in text else "")


def _sentence(fact: str, *, english: bool) -> str:
    if fact in TO_YOU:
        return in_english(TO_YOU[fact]) if english else TO_YOU[fact]
    sentence = SENTENCES.get(fact)
    if sentence is None:
        return fact
    return sentence.en if english else sentence.vi


def sign_of(fact: str) -> tuple[str, str]:
    """Return icon and style of a notice."""
    sentence = SENTENCES.get(fact)
    return (sentence.icon, sentence.style) if sentence else ("bell", "")

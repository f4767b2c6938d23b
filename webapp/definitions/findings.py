"""Findings of the checker as they are read."""

from dataclasses import dataclass

from engine.lint import Finding
from webapp.text import language, say

LEVELS = {"refused": "Phải sửa:", "draft": "Cần bổ sung:", "warning": "Nên xem:", "note": "Ghi chú:"}


@dataclass(frozen=True, slots=True)
class Found:
    """A finding of the checker as it is read."""

    level: str
    word: str
    message: str
    remedy: str
    place: str


def found(finding: Finding) -> Found:
    """Put a finding into the reader's language."""
    vietnamese = language() == "vi"
    parts = (finding.file, finding.line and say("dòng {line}", line=finding.line), finding.name or finding.element)
    return Found(
        level=finding.level,
        word=say(LEVELS[finding.level]),
        message=finding.message_vi if vietnamese else finding.message_en,
        remedy=finding.remedy_vi if vietnamese else finding.remedy_en,
        place=" · ".join(str(part) for part in (*parts, finding.rule) if part),
    )

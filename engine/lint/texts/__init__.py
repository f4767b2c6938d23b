"""What each rule says to people: what is wrong and what to do, in Vietnamese and English."""

from typing import Any, Final

from engine.lint.texts import elements, events, files, flows, imported, soundness, standard, tables, work
from engine.lint.texts.remedies import FIX_EN, FIX_VI, Texts

__all__ = ["TEXTS", "Texts", "said"]

TEXTS: Final[dict[str, Texts]] = {
    **elements.TEXTS,
    **events.TEXTS,
    **files.TEXTS,
    **flows.TEXTS,
    **imported.TEXTS,
    **soundness.TEXTS,
    **standard.TEXTS,
    **tables.TEXTS,
    **work.TEXTS,
}


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "-"


def said(rule: str, facts: dict[str, Any]) -> Texts:
    """Return the four sentences of a rule, with its facts filled in."""
    given = _Facts({key: str(value)[:300] for key, value in facts.items()})
    vi, en, remedy_vi, remedy_en = TEXTS.get(rule, (rule, rule, FIX_VI, FIX_EN))
    return vi.format_map(given), en.format_map(given), remedy_vi.format_map(given), remedy_en.format_map(given)

"""One sentence per refusal: what happened, what is kept, what to do; in both languages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from models.errors import Invalid, Rejected
from webapp.text.language import fill, language
from webapp.text.notation import when
from webapp.text.refusals import (
    audit,
    backups,
    designs,
    doors,
    installing,
    migration,
    orders,
    processes,
    rights,
    scenarios,
    tasks,
)
from webapp.text.refusals.fields import FIELDS
from webapp.text.refusals.refusal import Refusal
from webapp.text.words import ROLES

REFUSALS: dict[str, Refusal] = {
    **audit.REFUSALS,
    **backups.REFUSALS,
    **designs.REFUSALS,
    **doors.REFUSALS,
    **installing.REFUSALS,
    **migration.REFUSALS,
    **orders.REFUSALS,
    **processes.REFUSALS,
    **rights.REFUSALS,
    **scenarios.REFUSALS,
    **tasks.REFUSALS,
}


class Words(NamedTuple):
    """A refusal as it is read."""

    title: str
    text: str


def refusal(rejected: Rejected, *, tongue: str | None = None) -> Words:
    """Put a refusal into words, in the language of the request unless another one is asked for."""
    known = REFUSALS.get(rejected.reason) or REFUSALS["not_found" if rejected.status == 404 else "not_allowed"]
    if rejected.status == 422 and rejected.reason not in REFUSALS:
        known = REFUSALS["invalid"]
    values = {name: _readable(value) for name, value in rejected.facts.items()}
    values["subject"] = _name(rejected.subject)
    values["who"] = values.get("who") or _somebody()
    vietnamese = (tongue or language()) == "vi"
    title, text = (known.title, known.text) if vietnamese else (known.title_en, known.text_en)
    return Words(fill(title, values), fill(text, values))


def field_messages(wrong: Rejected | None, *, tongue: str | None = None) -> dict[str, str]:
    """Put what is wrong with each field into words; what already is a sentence stays."""
    if not isinstance(wrong, Invalid):
        return {}
    place = 0 if (tongue or language()) == "vi" else 1
    return {name: _field_message(said, wrong.facts, place) for name, said in wrong.fields.items()}


def _field_message(message: str, facts: Mapping[str, Any], place: int) -> str:
    return fill(FIELDS[message][place], dict(facts)) if message in FIELDS else message


def _readable(value: Any) -> Any:
    if isinstance(value, datetime):
        return when(value)
    return ROLES.get(value, value) if isinstance(value, str) else value


def _name(subject: object) -> str:
    title = getattr(subject, "title", None) or getattr(subject, "name", None)
    vietnamese = language() == "vi"
    return f"«{title}»" if title else "Mục này" if vietnamese else "This"


def _somebody() -> str:
    return "người khác" if language() == "vi" else "somebody else"

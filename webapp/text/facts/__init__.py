"""One sentence per fact of the audit log, in both languages, with the sign of the timeline; one module a noun."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from jinja2 import Environment

from webapp.text.facts import audit, definitions, instances, orders, organizations, reports, settings, tasks, users
from webapp.text.facts.sentence import Sentence
from webapp.text.facts.values import readable, spoken, why
from webapp.text.language import fill, language, say

__all__ = ["SENTENCES", "Sentence", "Telling", "install", "readable", "spoken", "tell", "why"]

SENTENCES: dict[str, Sentence] = {
    **orders.SENTENCES,
    **tasks.SENTENCES,
    **instances.SENTENCES,
    **reports.SENTENCES,
    **definitions.SENTENCES,
    **users.SENTENCES,
    **organizations.SENTENCES,
    **settings.SENTENCES,
    **audit.SENTENCES,
}
_UNKNOWN = Sentence("{who}: {fact}", "{who}: {fact}")


class Telling(NamedTuple):
    """A fact as it stands in a timeline."""

    text: str
    icon: str
    style: str


def tell(
    fact: str, facts: Mapping[str, Any], *, who: str | None = None, names: Mapping[str, str] | None = None
) -> Telling:
    """Put one fact into a sentence; `names` gives the names of organizations that stand in the facts by id."""
    sentence = SENTENCES.get(fact, _UNKNOWN)
    values = readable(facts, names or {}) | {"who": who or say("Hệ thống"), "fact": fact}
    text = fill(sentence.vi if language() == "vi" else sentence.en, values)
    return Telling(text[:1].upper() + text[1:], sentence.icon, sentence.style)


def install(environment: Environment) -> None:
    environment.globals["tell"] = tell

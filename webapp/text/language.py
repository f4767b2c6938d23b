"""The language of a request, and the sentence in it: Vietnamese where it is used, English kept by noun."""

import re
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, cast

from flask import Flask, g
from markupsafe import Markup

from webapp.text import english

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
English = str | tuple[str, str]
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


@cache
def english_words() -> dict[str, English]:
    """Return the English of every sentence, gathered from the modules of `webapp/text/english`, one a noun."""
    words: dict[str, English] = {}
    for module in sorted(iter_modules(english.__path__), key=lambda found: found.name):
        words |= import_module(f"{english.__name__}.{module.name}").WORDS
    return words


def language() -> str:
    """Return the language of this request: Vietnamese unless the person chose otherwise."""
    try:
        return cast(str, g.language)
    except (AttributeError, RuntimeError):  # before it is known, outside of a request
        return "vi"


def say(vietnamese: str, /, **values: Any) -> str:
    """Return a sentence in the reader's language with its values filled in."""
    sentence = vietnamese if language() == "vi" else in_english(vietnamese, values.get("n"))
    return sentence.format(**values) if values else sentence


def html(vietnamese: str, /, **values: Any) -> Markup:
    """Return a sentence that contains mark-up of ours; what is filled in is escaped."""
    sentence = vietnamese if language() == "vi" else in_english(vietnamese, values.get("n"))
    return Markup(sentence).format(**values)  # noqa: S704


def in_english(vietnamese: str, count: Any = None) -> str:
    """Return the English of a sentence; of (one, many) what fits the count. Untranslated: the Vietnamese."""
    found = english_words().get(vietnamese, vietnamese)
    if isinstance(found, tuple):
        return found[0] if str(count) == "1" else found[1]
    return found


def fill(sentence: str, values: dict[str, Any]) -> str:
    """Fill a sentence of facts in: a part in [brackets] is left out when one of its values is not known."""

    def optional(match: re.Match[str]) -> str:
        names = re.findall(r"{(\w+)}", match[1])
        return match[1] if all(values.get(name) not in (None, "", "0", []) for name in names) else ""

    return _OPTIONAL.sub(optional, sentence).format_map(_Known(values))


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def install(app: Flask) -> None:
    """Give templates `_`, `html` and the filters."""
    from webapp.text import deadlines, designs, facts, notation, words

    app.jinja_env.globals.update(_=say, html=html, language=language)
    for module in (deadlines, designs, facts, notation, words):
        module.install(app.jinja_env)

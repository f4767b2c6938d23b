"""What can be picked while drawing: roles, forms, decisions, indicators, commands, recipients, messages, fields."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import forms, levels, operators
from engine.designs import outline
from engine.lint.rules.work import RECIPIENTS
from engine.scenarios import TRIED_ALONE
from models.definitions import Definition, StartMessage
from models.organizations import PostRole
from models.permissions import HEAD
from models.reports import Indicator
from webapp.text import language, say
from webapp.text.assigning import NEXT_LEVEL, SEERS, WAYS, post
from webapp.text.designs import operator, recipients
from webapp.text.words import PROGRESS, ROLES, role


def choices_of(session: Session, files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return everything the editor's pickers offer for a bundle, each with the name people know it by."""
    held = set(session.scalars(select(PostRole.role).distinct()))
    named = {levels.ABOVE: say(NEXT_LEVEL), **levels.names(session)}
    indicators = session.scalars(select(Indicator).order_by(Indicator.position)).all()
    known = session.execute(Definition.active().with_only_columns(Definition.process_id, Definition.name)).all()
    started = session.scalars(select(StartMessage.name)).all()
    own = [(process.id, process.name or process.id) for process in outline.drawn(files)]
    given = forms_of(files)
    fields = {field["key"]: field for form in given for field in form["fields"]}
    variables = {one.name: {"key": one.name, "label": one.name} for one in outline.variables_of(files)}
    return {
        "roles": [{"id": code, "name": role(code), "held": code in held} for code in sorted({*ROLES, *held})],
        "levels": _named(named.items()),
        "posts": _named((code, post(code)) for code in (HEAD, *sorted({*ROLES, *held}))),
        "seers": _named((code, say(word)) for code, word in SEERS.items()),
        "assigning": _named((code, say(word)) for code, word in WAYS.items()),
        "forms": given,
        "decisions": [{"id": id, "file": file} for id, file in outline.decisions_of(files)],
        "indicators": [{"id": one.code, "name": _in_language(one)} for one in indicators],
        "operators": _named((code, operator(code)) for code in sorted(operators.names())),
        "recipients": _named((code, recipients(code)) for code in sorted(RECIPIENTS)),
        "progress": _named((code, say(sign.word)) for code, sign in PROGRESS.items()),
        "tried": sorted(TRIED_ALONE),
        "messages": sorted({*outline.messages_of(files), *started}),
        "processes": _named(dict([*known, *own]).items()),
        "fields": sorted((variables | fields).values(), key=lambda one: one["key"]),
    }


def forms_of(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """List the forms of a bundle with their fields; one that cannot be read has none."""
    return [_form(name, content) for name, content in sorted(files.items()) if name.endswith(".form.json")]


def _form(name: str, content: bytes) -> dict[str, Any]:
    stem = name.rpartition("/")[2].removesuffix(".form.json")
    try:
        components = forms.compile(content).components
    except forms.FormError:
        components = ()
    locale = language()
    fields = [
        {
            "key": part.key,
            "label": part.label.in_(locale) or part.key,
            "type": part.type,
            "options": [{"value": one.value, "label": one.label.in_(locale)} for one in part.options],
        }
        for component in components
        for part in component.walk()
        if part.key
    ]
    return {"name": stem, "file": name, "title": stem, "fields": fields}


def _in_language(indicator: Indicator) -> str:
    return (indicator.name_en if language() == "en" else None) or indicator.name


def _named(pairs: Any) -> list[dict[str, str]]:
    return [{"id": code, "name": name} for code, name in pairs]

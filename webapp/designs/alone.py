"""Trying one element of a design alone with given data: what comes out, in words."""

import json
from typing import Any

from flask import make_response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import designs, operators
from engine.clock import ZONE
from engine.designs import outline
from engine.forms import Form, FormContext
from engine.runner import Element
from engine.scenarios import TRIED_ALONE, Ground, Tried, filled, prepare, samples, try_alone
from engine.scenarios.reading import BEGINNING
from models.designs import Design
from models.errors import Invalid, existing
from webapp.designs.blueprint import blueprint, fetch
from webapp.designs.given import data_of, given, wants_a_row
from webapp.designs.trial import answers_of
from webapp.text import language, say
from webapp.text.refusals import refusal
from webapp.text.scenarios import outcome
from webapp.transaction import reading

_TODAY = BEGINNING.astimezone(ZONE).date()


@blueprint.get("/designs/<id>/elements/<element>/trial")
def element_trial(id: str, element: str) -> Response:
    """Ask with what an element is to be tried."""
    with reading() as session:
        return _page(session, fetch(session, id), element)


@blueprint.post("/designs/<id>/elements/<element>/trial")
def try_element(id: str, element: str) -> Response:
    """Try an element and say what came out; nothing is written."""
    with reading() as session:
        design = fetch(session, id)
        if wants_a_row():
            return _page(session, design, element)
        try:
            files, ground, found = _found(session, design, element)
            tried = try_alone(files, ground, found, data=_data(), values=_values(ground, found), now=BEGINNING)
        except Invalid as wrong:
            return _page(session, design, element, wrong=wrong)
        return _page(session, design, element, tried=tried)


def _found(session: Session, design: Design, id: str) -> tuple[dict[str, bytes], Ground, Element]:
    files = designs.files_of(session, design.id)
    ground = prepare(files)
    element = existing(ground.element(id))
    return files, ground, element


def _data() -> dict[str, Any]:
    return data_of(request.form, "_data", say("Dữ liệu trước bước"))


def _values(ground: Ground, element: Element) -> dict[str, Any]:
    """Return what the element is completed with, as when a task of it is."""
    form = ground.form_at(element)
    return filled(
        form,
        answers_of(request.form) if form is not None else {},
        today=_TODAY,
        locale=language(),
        operator=element.ext.get("operator"),
        given=data_of(request.form, "_operator", say("Hệ thống trả về")),
    )


def _page(
    session: Session, design: Design, id: str, *, tried: Tried | None = None, wrong: Invalid | None = None
) -> Response:
    files, ground, element = _found(session, design, id)
    form, context = _form(ground, element)
    errors = wrong.fields if wrong is not None and wrong.reason == "invalid" else None
    typed = answers_of(request.form) if request.method == "POST" else None
    gives = operators.gives(element.ext.get("operator", ""))
    page = render_template(
        "designs/element_trial.html",
        design=design,
        element=element,
        possible=element.type in TRIED_ALONE,
        fields=form.fields(typed, errors, context=context) if form is not None and context is not None else None,
        given=given,
        gives=gives,
        variables=sorted({one.name for one in outline.variables_of(files)}),
        tried=tried,
        values=_values_of(tried) if tried is not None else [],
        outcome=outcome(tried.outcome) if tried is not None else "",
        ways=_ways(ground, tried) if tried is not None else [],
        wrong=refusal(wrong) if wrong is not None and wrong.reason != "invalid" else None,
    )
    return make_response(page, 422 if wrong is not None else 200)


def _form(ground: Ground, element: Element) -> tuple[Form | None, FormContext | None]:
    form = ground.form_at(element)
    return form, samples.context_of(form, today=_TODAY, locale=language()) if form is not None else None


def _values_of(tried: Tried) -> list[tuple[str, str, bool]]:
    """Return (name, value, is new or changed) of everything known after the element."""
    before = _data()
    return [
        (name, json.dumps(value, ensure_ascii=False, default=str), before.get(name) != value or name not in before)
        for name, value in sorted(tried.data.items())
    ]


def _ways(ground: Ground, tried: Tried) -> list[str]:
    targets = [(flow, ground.element(flow.target)) for flow in tried.ways]
    return [
        (target.name or target.id if target is not None else flow.target) + (f" ({flow.name})" if flow.name else "")
        for flow, target in targets
    ]

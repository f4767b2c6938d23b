"""Trying a design: the real runner driven step by step from pages; the whole course stands in the address."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from flask import make_response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from engine import designs, operators
from engine.clock import ZONE
from engine.designs import outline
from engine.forms import Fields, Form, FormContext
from engine.runner import Element
from engine.scenarios import Moment, Step, prepare, samples, scenario_of
from engine.simulation import Open
from models.designs import Design
from models.errors import Invalid
from models.permissions import Permission, may
from webapp.auth import current_actor
from webapp.designs.blueprint import blueprint, fetch
from webapp.designs.courses import Trial, address, tried
from webapp.designs.given import data_of, given, wants_a_row
from webapp.idempotency import see
from webapp.text import language, say
from webapp.text.refusals import refusal
from webapp.text.scenarios import difference, event, outcome
from webapp.text.scenarios import step as step_in_words
from webapp.transaction import reading

PAUSES: Final = ("PT1H", "PT4H", "P1D", "P2D", "P5D", "P7D", "P30D")
_WORK: Final = ("user", "manual", "service", "rule_operator")
# The names of our own fields begin as no field of a form can.
_OURS: Final = frozenset({"csrf_token", "idempotency_key", "do"})


@dataclass(frozen=True, slots=True)
class Value:
    """One value before and after a step."""

    name: str
    before: str
    after: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the log: what was done, what followed, and the course that leads back to it."""

    number: int
    said: str
    at: datetime
    happened: list[str]
    values: list[Value]
    changed: list[str]
    course: str


@dataclass(frozen=True, slots=True)
class Place:
    """A task that can be done now."""

    element: Element
    kind: str
    form: Form | None
    context: FormContext | None
    fields: Fields | None
    given: Mapping[str, Any]


@blueprint.get("/designs/<id>/trial")
def trial(id: str) -> Response:
    """Show where a trial stands, what can be done next, and what was done."""
    with reading() as session:
        return _page(session, fetch(session, id))


@blueprint.post("/designs/<id>/trial")
def go_on(id: str) -> Response:
    """Do one step of a trial and lead to where that came; nothing is written."""
    with reading() as session:
        design = fetch(session, id)
        form = request.form
        now = _trial(session, design, form.get("_course", ""))
        if wants_a_row():
            return _page(session, design, now, typed=form)
        try:
            if form.get("_do") == "begin":
                return see(address(id, _begun(now)))
            if form.get("_do") == "complete":
                place = _place_of(now, form.get("_element", ""))
                if place is not None and place.form is not None:
                    edited = place.form.edit_rows(form)
                    if edited is not None:
                        return _page(session, design, now, typed=edited)
            return see(address(id, now.after(_step(now))))
        except Invalid as wrong:
            return _page(session, design, now, wrong=wrong, typed=form)


def _trial(session: Session, design: Design, course: str) -> Trial:
    ground = prepare(designs.files_of(session, design.id))
    asked = request.values.get("process") or design.process_id or ""
    process = asked if asked in ground.processes else next(iter(ground.processes), asked)
    return tried(ground, course, process)


def _begun(now: Trial) -> Any:
    """Return the course anew, with what is known at its beginning."""
    data = data_of(request.form, "_data", say("Dữ liệu ban đầu"))
    said = {"name": "?", "process": now.scenario.process, "data": data, "steps": []}
    return replace(scenario_of("?", said), at=now.scenario.at)


def _step(now: Trial) -> Step:
    form, kind = request.form, request.form.get("_do", "")
    if kind == "complete":
        return _completion(now)
    if kind in ("message", "signal"):
        data = data_of(form, "_data", say("Dữ liệu kèm theo"))
        said: dict[str, Any] = {kind: form.get("_name", ""), "data": data}
    else:
        said = {kind: form.get("_name", "")}
    return scenario_of("?", {"name": "?", "process": "?", "steps": [said]}).steps[0]


def _completion(now: Trial) -> Step:
    element = request.form.get("_element", "")
    place = _place_of(now, element)
    operator = data_of(request.form, "_operator", say("Hệ thống trả về"))
    answers: dict[str, Any] = {}
    if place is not None and place.form is not None and place.context is not None:
        typed = answers_of(request.form)
        place.form.clean(typed, context=place.context)
        answers = _without_blanks(place.form.raw(typed))
    elif place is not None:
        answers = data_of(request.form, "_answers", say("Dữ liệu của bước"))
    if place is not None and operator == operators.gives(place.element.ext.get("operator", "")):
        operator = {}
    return Step("complete", element, answers=answers, operator=operator)


def answers_of(sent: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return what was answered: everything the form carries but our own fields."""
    said = ((name, value) for name, value in sent.items(multi=True) if not name.startswith("_"))
    return MultiDict((name, value) for name, value in said if name not in _OURS or value == "nothing")


def _without_blanks(said: Any) -> Any:
    if isinstance(said, dict):
        kept = {key: _without_blanks(value) for key, value in said.items()}
        return {key: value for key, value in kept.items() if value not in ("", None, [], {}, False)}
    return [_without_blanks(one) for one in said] if isinstance(said, list) else said


def _place_of(now: Trial, id: str, *, typed: Any = None, wrong: Invalid | None = None) -> Place | None:
    """Return what can be done at a waiting element, with its form as it is filled in now."""
    waiting = next((one for one in now.run.waiting if one.element == id and one.kind in _WORK), None)
    element = now.ground.element(id) if waiting is not None else None
    if waiting is None or element is None:
        return None
    form = now.ground.form_at(element)
    context = None
    if form is not None:
        today = now.run.moments[-1].at.astimezone(ZONE).date()
        context = samples.context_of(form, today=today, locale=language())
    errors = wrong.fields if wrong is not None and wrong.reason == "invalid" else None
    fields = form.fields(typed, errors, context=context) if form is not None and context is not None else None
    gives = operators.gives(element.ext.get("operator", ""))
    return Place(element, waiting.kind, form, context, fields, gives)


def _page(
    session: Session, design: Design, now: Trial | None = None, *, wrong: Invalid | None = None, typed: Any = None
) -> Response:
    now = now or _trial(session, design, request.args.get("course", ""))
    tasks = [one for one in now.run.waiting if one.kind in _WORK]
    chosen = request.values.get("_element") or request.args.get("at") or (tasks[0].element if tasks else "")
    done = dict.fromkeys([*(entry.element for entry in now.run.trace), *now.run.taken])
    page = render_template(
        "designs/trial.html",
        design=design,
        trial=now,
        lines=_lines(now),
        tasks=tasks,
        place=_place_of(now, chosen, typed=typed, wrong=wrong),
        conditions=[(_name_of(now)(one), _condition(now, one)) for one in now.run.waiting if one.kind == "conditional"],
        events=[one for one in now.run.waiting if one.kind in ("message", "signal", "timer")],
        done=[one for one in done if one not in {each.element for each in now.run.waiting}],
        current=[one.element for one in now.run.waiting],
        outcome=outcome(now.run.outcome),
        stopped=difference(now.run.stopped, names=now.names) if now.run.stopped else "",
        wrong=refusal(wrong) if wrong is not None and wrong.reason != "invalid" else None,
        given=given,
        variables=sorted({one.name for one in outline.variables_of(designs.files_of(session, design.id))}),
        diagram=_diagram(session, design, now),
        pauses=[(code, _pause(code)) for code in PAUSES],
        name_of=_name_of(now),
        may_design=may(current_actor(), Permission.DEFINITION_DEPLOY) and design.state == "draft",
    )
    return make_response(page, 422 if wrong is not None else 200)


def _condition(now: Trial, one: Open) -> str | None:
    element = now.ground.element(one.element)
    return element.condition if element is not None else None


def _diagram(session: Session, design: Design, now: Trial) -> str | None:
    """Return the file in which the process is drawn."""
    drawn = f'id="{now.scenario.process}"'.encode()
    files = {name: body for name, body in designs.files_of(session, design.id).items() if name.endswith(".bpmn")}
    return next((name for name, body in files.items() if drawn in body), next(iter(files), None))


def _name_of(now: Trial) -> Any:
    names = now.names

    def name(one: Open) -> str:
        return names.get(one.element, one.name)

    return name


def _pause(code: str) -> str:
    count = code.strip("PTHD")
    return say("{n} giờ", n=count) if "T" in code else say("{n} ngày", n=count)


def _lines(now: Trial) -> list[Line]:
    names = now.names
    return [_line(now, names, number, moment) for number, moment in enumerate(now.run.moments)]


def _line(now: Trial, names: dict[str, str], number: int, moment: Moment) -> Line:
    changed = sorted(moment.changed)
    known = sorted(name for name, value in {**moment.before, **moment.after}.items() if value is not None)
    values = [
        Value(name, _json(moment.before.get(name)), _json(moment.after.get(name)), name in moment.changed)
        for name in known
    ]
    return Line(
        number,
        step_in_words(moment.step, names) if moment.step is not None else say("Bắt đầu chạy thử"),
        moment.at,
        [
            f"{names.get(one.element, one.element)}: {event(one.event)}"
            for one in moment.entries
            if one.event != "started"
        ],
        values,
        changed,
        now.back_to(number),
    )


def _json(value: Any) -> str:
    return "–" if value is None else json.dumps(value, ensure_ascii=False, default=str)

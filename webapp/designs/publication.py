"""The way of a design into use: the gate, what changes, what happens to running work, and the decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, make_response, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import definitions, designs, levels, runner, uses
from engine.clock import ZONE
from engine.designs import effects
from engine.designs.differences import Comparison, compared
from engine.designs.effects import Effect
from models.definitions import Definition
from models.designs import Design
from models.errors import Invalid
from models.permissions import Permission, may
from webapp.auth import current_actor
from webapp.days import day_of
from webapp.definitions.findings import found
from webapp.definitions.migration import Hindrance, hindrance
from webapp.definitions.uses import choices, places_of
from webapp.designs.blueprint import blueprint, fetch
from webapp.designs.pages import names_of
from webapp.idempotency import see
from webapp.text import say
from webapp.text.assigning import at_level
from webapp.text.differences import Section, sections
from webapp.text.refusals import Words, field_messages, refusal
from webapp.text.words import role
from webapp.transaction import reading, transaction


@dataclass(frozen=True, slots=True)
class Group:
    """The running work of one older version, in words."""

    old: Definition
    going: int
    total: int
    hindrances: Sequence[Hindrance]


@dataclass(frozen=True, slots=True)
class Change:
    """What a design changes of a version in use where it is to be used, in words."""

    old: Definition
    comparison: Comparison
    sections: Sequence[Section]


@blueprint.get("/designs/<id>/publication")
def publication(id: str) -> str:
    """Show what stands between a design and its use, and what its use would change."""
    with reading() as session:
        return render_template("designs/publication.html", **_content(session, fetch(session, id)))


def _content(session: Session, design: Design, wrong: Invalid | None = None) -> dict[str, Any]:
    files = designs.files_of(session, design.id)
    gate = designs.gate(session, design)
    actor = current_actor()
    named = levels.names(session)
    areas = request.form.getlist("areas") if wrong else design.areas
    changes = _changes(session, design, files, named)
    people = {design.created_by, design.submitted_by, design.decided_by}
    return {
        "design": design,
        "gate": gate,
        "findings": [found(one) for one in gate.findings],
        "nobody": [(name, role(code), at_level(level, named)) for _, name, code, level in gate.nobody],
        "changes": changes,
        "overtaken": _is_overtaken(design, changes),
        "areas": areas,
        "places": places_of(session, design.areas),
        "choices": choices(session) if design.state == "draft" else (),
        "diagram": next((name for name in files if name.endswith(".bpmn")), None),
        "groups": [_group(one) for one in _effects(session, files, design.areas)],
        "published": _published(session, design),
        "names": names_of(session, people),
        "second": designs.needs_second_person(session),
        "is_own": design.submitted_by in (actor.person_id, actor.on_behalf_of),
        "may_design": may(actor, Permission.DEFINITION_DEPLOY),
        "may_operate": may(actor, Permission.INSTANCE_OPERATE),
        "errors": field_messages(wrong),
        "wrong": _words(wrong),
        "typed": request.form,
        "chosen": request.form.getlist("migrating"),
    }


def _changes(
    session: Session, design: Design, files: Mapping[str, bytes], levels: Mapping[str, str]
) -> Sequence[Change]:
    """Compare a design with what is in use in its areas; several of them may have several versions."""
    process = design.process_id or ""
    found = [uses.find(session, process, area_id=area_id) for area_id in design.areas or (None,)]
    changes = []
    for old in dict.fromkeys(one for one in found if one is not None):
        comparison = compared(definitions.files_of(session, old.id), files)
        changes.append(Change(old, comparison, sections(comparison, levels)))
    return changes


def _is_overtaken(design: Design, changes: Sequence[Change]) -> bool:
    """Tell whether a design began from another version than those it would take the place of."""
    bases = [one.old.id for one in changes]
    return bool(bases) and design.base_id not in (None, *bases) and design.state != "published"


def _words(wrong: Invalid | None) -> Words | None:
    return refusal(wrong) if wrong is not None else None


def _effects(session: Session, files: dict[str, bytes], areas: Sequence[str]) -> list[Effect]:
    try:
        return effects.effects(session, files, areas)
    except runner.Unfit:
        return []  # the gate says what has to be mended first


def _group(effect: Effect) -> Group:
    survey = effect.survey
    return Group(effect.old, len(survey.going), survey.total, [hindrance(one) for one in survey.obstacles])


def _published(session: Session, design: Design) -> Sequence[Definition]:
    same = select(Definition).where(Definition.hash == design.published_hash, Definition.hash.is_not(None))
    return session.scalars(same.order_by(Definition.process_id)).all()


def _again(id: str, wrong: Invalid) -> Response:
    with reading() as session:
        shown = _content(session, fetch(session, id), wrong)
        return make_response(render_template("designs/publication.html", **shown), 422)


def _back(id: str) -> Response:
    return see(url_for("designs.publication", id=id))


def _try(id: str) -> None:
    """Run the scenarios while nobody has to wait for the write lock; the command finds what they came to."""
    with reading() as session:
        designs.gate(session, fetch(session, id))


@blueprint.post("/designs/<id>/submission")
def submit(id: str) -> Response:
    """Hand a design in for approval."""
    _try(id)
    try:
        with transaction() as session:
            note, areas = request.form.get("note", ""), request.form.getlist("areas")
            designs.submit(session, fetch(session, id), actor=current_actor(), note=note, areas=areas)
            flash(say("Đã trình duyệt."))
            return _back(id)
    except Invalid as wrong:
        return _again(id, wrong)


@blueprint.post("/designs/<id>/withdrawal")
def withdraw(id: str) -> Response:
    """Take a submitted design back."""
    with transaction() as session:
        designs.withdraw(session, fetch(session, id), actor=current_actor())
        flash(say("Đã rút về để soạn tiếp."))
        return _back(id)


@blueprint.post("/designs/<id>/return")
def return_(id: str) -> Response:
    """Give a design back with a reason."""
    try:
        with transaction() as session:
            reason = request.form.get("reason", "").strip()
            designs.return_(session, fetch(session, id), actor=current_actor(), reason=reason)
            flash(say("Đã trả lại bản thiết kế."))
            return _back(id)
    except Invalid as wrong:
        return _again(id, wrong)


@blueprint.post("/designs/<id>/approval")
def approve(id: str) -> Response:
    """Approve a design, for now or for a day to come, and say what happens to running work."""
    _try(id)
    try:
        with transaction() as session:
            design = designs.approve(
                session,
                fetch(session, id),
                actor=current_actor(),
                note=request.form.get("note", ""),
                effective_at=_effective(session),
                migrating=request.form.getlist("migrating"),
            )
            flash(say("Đã ban hành.") if design.state == "published" else say("Đã duyệt; sẽ có hiệu lực đúng ngày."))
            return _back(id)
    except Invalid as wrong:
        return _again(id, wrong)


def _effective(session: Session) -> datetime | None:
    """Read the day from which a design is in force: from its first minute on in Vietnam; nothing is at once."""
    typed = request.form.get("effective", "").strip()
    if not typed:
        return None
    day = day_of(session, typed, field="effective")
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)

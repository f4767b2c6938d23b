"""The list of designs, a new one, and the reading view of one, which needs no scripts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import make_response, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import designs, levels, lint
from engine.clock import now
from engine.designs import bundles
from models.definitions import Definition
from models.designs import Design, DesignComment, DesignFile
from models.errors import Invalid
from models.permissions import Permission, may
from models.users import Person
from webapp.auth import current_actor
from webapp.definitions.blueprint import fetch as fetch_definition
from webapp.definitions.findings import found
from webapp.designs.blueprint import blueprint, fetch
from webapp.designs.checks import steps_in_words
from webapp.designs.editors import edited
from webapp.idempotency import see
from webapp.text.refusals import field_messages
from webapp.transaction import reading, transaction

LENGTH = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One design in the list, with who changed it last."""

    design: Design
    by: str


@blueprint.get("/designs")
def index() -> str:
    """List the designs the actor may see, the newest change first."""
    with reading() as session:
        return render_template("designs/index.html", **_listed(session))


def _listed(session: Session, wrong: Invalid | None = None) -> dict[str, Any]:
    found_ = session.scalars(Design.visible_to(current_actor()).order_by(Design.changed_at.desc()).limit(LENGTH)).all()
    names = names_of(session, {design.changed_by for design in found_})
    return {
        "rows": [Row(design, names.get(design.changed_by or "", "")) for design in found_],
        "processes": session.scalars(Definition.active()).all(),
        "may_design": may(current_actor(), Permission.DEFINITION_DEPLOY),
        "may_configure": may(current_actor(), Permission.ORGANIZATION_MANAGE),
        "second_person": designs.needs_second_person(session),
        "coverage": designs.wanted_coverage(session),
        "findings": [found(one) for one in wrong.facts.get("findings", ())] if wrong else None,
        "errors": field_messages(wrong),
        "typed": request.form,
    }


def names_of(session: Session, persons: set[str | None]) -> dict[str, str]:
    """Return the names people go by, by id."""
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(persons - {None}))).all())


@blueprint.post("/designs")
def create() -> Response:
    """Begin a design: from a version, from files, or anew."""
    sent = {one.filename: one.read() for one in request.files.getlist("files") if one.filename}
    try:
        with transaction() as session:
            design = _begun(session, sent)
            return see(url_for("designs.show", id=design.id))
    except Invalid as wrong:
        with reading() as session:
            return make_response(render_template("designs/index.html", **_listed(session, wrong)), 422)


def _begun(session: Session, sent: Mapping[str, bytes]) -> Design:
    actor = current_actor()
    if id := request.form.get("definition_id"):
        return designs.open_definition(session, fetch_definition(session, id), actor=actor)
    if sent:
        return designs.import_files(session, bundles.unpacked(sent), actor=actor, name=request.form.get("name") or None)
    return designs.create(session, request.form.get("name", ""), actor=actor)


@blueprint.get("/designs/<id>")
def show(id: str) -> str:
    """Show a design: the editor, and without scripts what it says."""
    with reading() as session:
        return render_template("designs/show.html", **content_of(session, fetch(session, id)))


def content_of(session: Session, design: Design, wrong: Invalid | None = None) -> dict[str, Any]:
    """Gather what the page of a design shows, whoever draws it."""
    files = designs.files_of(session, design.id)
    report = lint.check(files)
    comments = session.scalars(DesignComment.of(design.id)).all()
    named = levels.names(session)
    steps = [one for one in steps_in_words(files, named) if one["type"] != "process"]
    people = {design.changed_by, design.lease_by, design.submitted_by, design.decided_by}
    return {
        "design": design,
        "names": names_of(session, people | {one.done_by for one in comments}),
        "base": session.get(Definition, design.base_id) if design.base_id else None,
        "outcome": report.outcome,
        "findings": [found(one) for one in report.findings],
        "steps": steps,
        "elements": {one["id"]: one["name"] or one["id"] for one in steps},
        "files": session.execute(
            select(DesignFile.name, DesignFile.original.is_not(None))
            .where(DesignFile.design_id == design.id)
            .order_by(DesignFile.name)
        ).all(),
        "diagram": next((name for name in files if name.endswith(".bpmn")), None),
        **edited(sorted(files)),
        "comments": comments,
        "leased": design.is_leased_to_other(current_actor().person_id, now(session)),
        "may_design": may(current_actor(), Permission.DEFINITION_DEPLOY),
        "errors": field_messages(wrong),
        "typed": request.form,
    }

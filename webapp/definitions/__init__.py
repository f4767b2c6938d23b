"""Process definitions for people: the list, one version with diagram and steps, deploying, starting by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Response as Download
from flask import flash, make_response, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import definitions, designs, levels, starts, suspensions
from engine import uses as in_use
from models.definitions import Definition, DefinitionFile
from models.errors import Invalid, existing
from models.permissions import Permission, may
from models.tasks import Task
from webapp.auth import current_actor
from webapp.definitions import comparison, migration, queries, regulation
from webapp.definitions.blueprint import blueprint, fetch
from webapp.definitions.findings import Found, found
from webapp.definitions.steps import steps_of
from webapp.definitions.uses import Rule, choices, rules_of, words_of
from webapp.headers import FILE_POLICY
from webapp.idempotency import see
from webapp.text import say
from webapp.text.refusals import field_messages
from webapp.transaction import reading, transaction

__all__ = ["blueprint", "comparison", "migration", "regulation"]


@dataclass(frozen=True, slots=True)
class Row:
    """One process in the list, with how many run; `elsewhere` are the versions that single areas have."""

    definition: Definition
    running: int
    by_hand: bool
    elsewhere: Sequence[Rule]


@blueprint.get("/definitions")
def index() -> str:
    """List the versions of every process that are in use."""
    with reading() as session:
        return render_template("definitions/index.html", **_content(session))


def _content(session: Session, findings: list[Found] | None = None) -> dict[str, Any]:
    running = dict(session.execute(queries.running(current_actor())).all())
    by_process = groupby(rules_of(session), key=lambda rule: rule.use.process_id)
    return {
        "rows": [_row(list(rules), running.get(process, 0)) for process, rules in by_process],
        "choices": choices(session) if may(current_actor(), Permission.DEFINITION_DEPLOY) else (),
        "chosen": request.form.getlist("areas"),
        "errors": {},
        "drafts": session.scalars(queries.drafts()).all(),
        "may_design": may(current_actor(), Permission.DEFINITION_DEPLOY),
        "may_deploy": may(current_actor(), Permission.DEFINITION_DEPLOY)
        and designs.deploys_alone(session, current_actor()),
        "may_start": may(current_actor(), Permission.INSTANCE_START),
        "findings": findings,
        "typed_note": request.form.get("note", ""),
    }


def _row(rules: Sequence[Rule], running: int) -> Row:
    main = rules[-1]  # that of everywhere, where there is one
    by_hand = starts.is_startable(main.definition)
    return Row(main.definition, running, by_hand, [rule for rule in rules if rule.use.area_id is not None])


@blueprint.get("/definitions/<id>")
def show(id: str) -> str:
    """Show one version: diagram, steps, versions, files."""
    with reading() as session:
        return render_template("definitions/show.html", **_shown(session, id))


def _shown(session: Session, id: str) -> dict[str, Any]:
    definition = fetch(session, id)
    rules = rules_of(session, definition.process_id)
    own = in_use.find(session, definition.process_id, area_id=current_actor().area_id)
    usable = own is definition and definition.suspended_at is None
    return {
        "definition": definition,
        "rules": rules,
        "in_use": words_of(rules),
        "choices": choices(session) if may(current_actor(), Permission.DEFINITION_DEPLOY) else (),
        "chosen": request.form.getlist("areas"),
        "steps": steps_of(definitions.bundle_of(session, id), definition.process_id, levels=levels.names(session)),
        "versions": session.scalars(Definition.versions_of(definition.process_id)).all(),
        "files": session.execute(queries.files_of(id)).all(),
        "may_start": usable and starts.is_startable(definition) and may(current_actor(), Permission.INSTANCE_START),
        "may_operate": may(current_actor(), Permission.INSTANCE_OPERATE),
        "may_deploy": may(current_actor(), Permission.DEFINITION_DEPLOY),
        "opened": "",
        "errors": {},
        "typed": {},
    }


@blueprint.get("/definitions/<id>/diagram")
def diagram(id: str) -> Download:
    """Give the drawing of a version to the viewer; it never changes."""
    with reading() as session:
        definition = fetch(session, id)
        drawn = f'"{definition.process_id}"'.encode()
        files = session.scalars(queries.diagrams_of(id)).all()
        found = existing(next((file for file in files if drawn in file.content), None))
        answer = Download(found.content, content_type="application/xml; charset=utf-8")
        answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
        answer.headers["Content-Security-Policy"] = FILE_POLICY
        return answer


@blueprint.get("/definitions/<id>/files/<path:name>")
def file(id: str, name: str) -> Download:
    """Give one file of a version, byte for byte as it was deployed."""
    with reading() as session:
        found = existing(session.get(DefinitionFile, (fetch(session, id).id, name)))
        answer = Download(found.content, content_type="application/octet-stream")
        answer.headers.set("Content-Disposition", "attachment", filename=name)
        answer.headers["Content-Security-Policy"] = FILE_POLICY
        return answer


@blueprint.post("/definitions")
def deploy() -> Response:
    """Check a bundle and make its processes the active versions; findings are shown where it was refused."""
    files = {sent.filename: sent.read() for sent in request.files.getlist("files") if sent.filename}
    try:
        with transaction() as session:
            note = request.form.get("note", "").strip() or None
            areas = request.form.getlist("areas")
            deployed = designs.deploy(session, files, actor=current_actor(), note=note, areas=areas)
            flash(say("Đã kiểm tra và đưa vào dùng: {names}.", names=", ".join(one.name for one in deployed)))
            return see(url_for("definitions.show", id=deployed[0].id))
    except Invalid as wrong:
        findings = None if "areas" in wrong.fields else [found(one) for one in wrong.facts.get("findings", ())]
        with reading() as session:
            shown = _content(session, findings) | {"errors": field_messages(wrong)}
            return make_response(render_template("definitions/index.html", **shown), 422)


@blueprint.post("/definitions/<id>/suspension")
def suspend(id: str) -> Response:
    """Let nothing of a version begin or go on."""
    try:
        with transaction() as session:
            count = suspensions.suspend_definition(session, fetch(session, id), actor=current_actor(), reason=_reason())
            flash(say("Đã tạm dừng phiên bản; {n} quy trình đang chạy chờ cùng.", n=count))
            return see(url_for("definitions.show", id=id))
    except Invalid as wrong:
        return _again(id, wrong)


@blueprint.post("/definitions/<id>/resumption")
def resume(id: str) -> Response:
    """Let a suspended version begin and go on again."""
    try:
        with transaction() as session:
            count = suspensions.resume_definition(session, fetch(session, id), actor=current_actor(), reason=_reason())
            flash(say("Phiên bản chạy tiếp cùng {n} quy trình.", n=count))
            return see(url_for("definitions.show", id=id))
    except Invalid as wrong:
        return _again(id, wrong)


@blueprint.post("/definitions/<id>/activation")
def activate(id: str) -> Response:
    """Let new work begin under a version again, everywhere or in areas."""
    areas = request.form.getlist("areas")
    try:
        with transaction() as session:
            definition = fetch(session, id)
            designs.activate(session, definition, actor=current_actor(), reason=_reason(), areas=areas)
            flash(say("Quy trình dùng lại phiên bản {version}; việc đang chạy không đổi.", version=definition.version))
            return see(url_for("definitions.show", id=id))
    except Invalid as wrong:
        return _again(id, wrong, "activation")


@blueprint.post("/definitions/<id>/retirement")
def take_back(id: str) -> Response:
    """Let new work of an area begin under the version around it again."""
    area = request.form.get("area", "")
    try:
        with transaction() as session:
            in_use.take_back(session, fetch(session, id), area, actor=current_actor(), reason=_reason())
            flash(say("Việc mới ở đó không bắt đầu theo phiên bản này nữa; việc đang chạy không đổi."))
            return see(url_for("definitions.show", id=id))
    except Invalid as wrong:
        return _again(id, wrong, f"back-{area}")


def _reason() -> str:
    return request.form.get("reason", "").strip()


def _again(id: str, wrong: Invalid, opened: str = "suspension") -> Response:
    errors = field_messages(wrong)
    with reading() as session:
        shown = _shown(session, id) | {"errors": errors, "opened": opened, "typed": request.form}
        return make_response(render_template("definitions/show.html", **shown), 422)


@blueprint.post("/definitions/<id>/instances")
def start(id: str) -> Response:
    """Start a process by hand and go on to its first task."""
    with transaction() as session:
        instance = starts.start_by_hand(session, fetch(session, id).process_id, actor=current_actor())
        mine = select(Task).where(
            Task.instance_id == instance.id, Task.state == "open", Task.offered_to(current_actor())
        )
        task = session.scalars(mine.order_by(Task.id).limit(1)).first()
        if task is not None:
            return see(url_for("tasks.show", id=task.id))
        return see(url_for("instances.show", id=instance.id))

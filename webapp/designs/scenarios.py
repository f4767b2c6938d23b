"""The scenarios of a design: run when they are looked at, kept from a trial or a finished process, edited, removed."""

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import flash, make_response, render_template, request, url_for
from sqlalchemy import Select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import designs, scenarios
from engine.runner import SequenceFlow
from engine.scenarios import FOLDER, Ground, Result, Scenario
from models.designs import Design
from models.errors import Invalid, NotFound, WrongState
from models.instances import LIVE, Instance
from models.permissions import Permission, may
from models.text import fold
from webapp.auth import current_actor
from webapp.designs import courses
from webapp.designs.blueprint import blueprint, fetch
from webapp.idempotency import see
from webapp.text import language, say
from webapp.text.refusals import refusal
from webapp.text.scenarios import difference, outcome
from webapp.transaction import reading, transaction

SECONDS: Final = 20.0
RECORDABLE: Final = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario in the list: what came of it, its text, and the course of a trial that does the same."""

    result: Result
    short: str
    outcome: str
    differences: list[str]
    text: str
    course: str


@blueprint.get("/designs/<id>/scenarios", endpoint="scenarios")
def index(id: str) -> str:
    """Run all scenarios of a design and show what came of them and what they cover."""
    with reading() as session:
        return render_template("designs/scenarios.html", **_listed(session, fetch(session, id)))


@blueprint.post("/designs/<id>/scenarios")
def keep_scenario(id: str) -> Response:
    """Keep a trial as a scenario that expects what the trial reached."""
    with transaction() as session:
        design = _mine(session, id)
        files = designs.files_of(session, design.id)
        tried = replace(courses.read(request.form.get("course", "")), name=_name())
        run = scenarios.play(scenarios.prepare(files), tried)
        _save(session, design, _file_for(files, tried.name), scenarios.expecting(tried, run))
        flash(say("Đã lưu kịch bản «{name}».", name=tried.name))
        return see(url_for("designs.scenarios", id=id))


@blueprint.post("/designs/<id>/scenarios/recording")
def record_scenario(id: str) -> Response:
    """Make a scenario from a process that has ended and that the actor may see."""
    with transaction() as session:
        design = _mine(session, id)
        query = _recordable(design).where(Instance.id == request.form.get("instance", ""))
        instance = session.scalar(query)
        if instance is None:
            raise WrongState("no_scenario_from_this")
        files = designs.files_of(session, design.id)
        scenario = scenarios.recorded(session, instance, scenarios.prepare(files), actor=current_actor(), name=_name())
        _save(session, design, _file_for(files, scenario.name), scenario)
        flash(say("Đã tạo kịch bản «{name}»; xem lại rồi hãy dựa vào.", name=scenario.name))
        return see(url_for("designs.scenarios", id=id))


@blueprint.post("/designs/<id>/scenarios/<name>")
def write_scenario(id: str, name: str) -> Response:
    """Write the text of a scenario; what is wrong with it brings the page back with what was typed."""
    text = request.form.get("content", "").replace("\r\n", "\n")
    try:
        with transaction() as session:
            design = _mine(session, id)
            file = f"{FOLDER}{name}"
            if file not in designs.files_of(session, design.id):
                raise NotFound("not_found")
            scenarios.read(file, text)
            designs.save_file(session, design, file, text.encode(), revision=_revision(), actor=current_actor())
            flash(say("Đã lưu kịch bản."))
            return see(url_for("designs.scenarios", id=id))
    except Invalid as wrong:
        with reading() as session:
            shown = _listed(session, fetch(session, id), wrong=wrong, typed={name: text})
            return make_response(render_template("designs/scenarios.html", **shown), 422)


@blueprint.post("/designs/<id>/scenarios/<name>/removal")
def remove_scenario(id: str, name: str) -> Response:
    """Remove a scenario from a design."""
    with transaction() as session:
        design = _mine(session, id)
        designs.remove_file(session, design, f"{FOLDER}{name}", revision=_revision(), actor=current_actor())
        flash(say("Đã xóa kịch bản."))
        return see(url_for("designs.scenarios", id=id))


def _mine(session: Session, id: str) -> Design:
    """Return a design that the actor may change now; the right is asked for before anything that was sent."""
    return designs.take(session, fetch(session, id), actor=current_actor())


def _name() -> str:
    name = " ".join(request.form.get("name", "").split())[:200]
    if not name:
        raise Invalid({"name": "required"})
    return name


def _revision() -> int:
    text = request.form.get("revision", "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Invalid({"revision": "required"})
    return int(text)


def _file_for(files: dict[str, bytes], name: str) -> str:
    """Return the file of the scenario that is called so, or one that is not there yet, made from the name."""
    kept = ((file, content) for file, content in files.items() if scenarios.is_scenario(file))
    return next((file for file, content in kept if scenarios.name_of(file, content) == name), _free(files, name))


def _free(files: dict[str, bytes], name: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", fold(name))[:60].strip("-") or "scenario"
    tries = (f"{FOLDER}{stem}{number}.json" for number in ("", *(f"-{n}" for n in range(2, len(files) + 3))))
    return next(one for one in tries if one not in files)


def _save(session: Session, design: Design, file: str, scenario: Scenario) -> None:
    content = scenarios.write(scenario)
    scenarios.read(file, content)
    designs.save_file(session, design, file, content, revision=design.revision, actor=current_actor())


def _recordable(design: Design) -> Select[Instance]:
    """Select what ended of the process of a design, as far as the actor may see it, the last first."""
    visible = Instance.visible_to(current_actor()).where(Instance.process_id == (design.process_id or ""))
    return visible.where(Instance.state.not_in(LIVE)).order_by(Instance.ended_at.desc(), Instance.id.desc())


def _listed(
    session: Session, design: Design, *, wrong: Invalid | None = None, typed: dict[str, str] | None = None
) -> dict[str, Any]:
    files = designs.files_of(session, design.id)
    report = scenarios.run_all(files, locale=language(), seconds=SECONDS)
    ground = scenarios.prepare(files)
    written = may(current_actor(), Permission.DEFINITION_DEPLOY) and design.state == "draft"
    return {
        "design": design,
        "rows": [_row(result, files, typed or {}, courses.names_in(ground)) for result in report.results],
        "report": report,
        "missed": [_flow(ground, id) for id in report.coverage.missed_flows],
        "drawn": [(name, sorted(report.coverage.reached)) for name in sorted(files) if name.endswith(".bpmn")],
        "recordable": session.scalars(_recordable(design).limit(RECORDABLE)).all() if written else [],
        "may_write": written,
        "wrong": refusal(wrong) if wrong is not None else None,
        "opened": next(iter(typed or {}), ""),
    }


def _row(result: Result, files: dict[str, bytes], typed: dict[str, str], names: dict[str, str]) -> Row:
    short = result.file.removeprefix(FOLDER)
    text = files[result.file].decode("utf-8", "replace")
    return Row(
        result,
        short,
        outcome(result.run.outcome),
        [difference(one, names=names) for one in result.differences],
        typed.get(short, text),
        _course(result.file, text),
    )


def _course(file: str, text: str) -> str:
    """Return the course of a trial that does what a scenario does; none where it does not fit into an address."""
    try:
        return courses.written(scenarios.read(file, text))
    except Invalid:
        return ""


def _flow(ground: Ground, id: str) -> str:
    """Name a sequence flow by what it connects."""
    if ground.bundle is None:
        return id
    flows = (flow for name in ground.bundle.processes for flow in ground.bundle.flows(name))
    found = next((flow for flow in flows if flow.id == id), None)
    return _connected(ground, found) if found is not None else id


def _connected(ground: Ground, flow: SequenceFlow) -> str:
    source, target = ground.element(flow.source), ground.element(flow.target)
    ends = [one.name or one.id if one is not None else "?" for one in (source, target)]
    return f"{ends[0]} → {ends[1]}" + (f" ({flow.name})" if flow.name else "")

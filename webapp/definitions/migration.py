"""Migration for operators: the mapping as it is proposed, a dry run over all that runs, and the migration itself."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, make_response, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import definitions, migration, operations
from engine.reasons import require_reason
from engine.runner import Element
from models.definitions import Definition
from models.errors import Invalid, Rejected
from models.instances import Instance
from webapp.auth import current_actor
from webapp.definitions.blueprint import blueprint, fetch
from webapp.idempotency import see
from webapp.text import say
from webapp.text.refusals import Words, field_messages, refusal
from webapp.transaction import reading, transaction

MOST_AT_ONCE = 50
MOST_NAMED = 10
MAP = "map-"
KINDS = {"Task": "việc", "task": "việc", "Event": "sự kiện", "Gateway": "cổng"}


@dataclass(frozen=True, slots=True)
class Line:
    """One element of the old version, what takes its place, and what could."""

    id: str
    name: str
    kind: str
    target: str
    choices: Sequence[tuple[str, str]]
    wrong: str


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What holds up some instances, in words, and which they are."""

    words: Words
    instances: Sequence[str]
    count: int


@blueprint.get("/definitions/<id>/migration")
def ask_for_migration(id: str) -> str:
    """Show the mapping to another version; with `tried`, what it would do to all that runs."""
    with reading() as session:
        old = fetch(session, id)
        operations.require_operator(current_actor())
        return render_template("definitions/migration.html", **_content(session, old, request.args))


@blueprint.post("/definitions/<id>/migration")
def migrate(id: str) -> Response:
    """Migrate all that can go, each in a transaction of its own; more than a few by jobs."""
    reason = request.form.get("reason", "").strip()
    try:
        with reading() as session:
            old = fetch(session, id)
            operations.require_operator(current_actor())
            plan = _plan(session, old, request.form)
            going = migration.survey(session, plan).going
        require_reason(reason)
        return (_later if len(going) > MOST_AT_ONCE else _at_once)(id, going, reason)
    except Invalid as wrong:
        return _again(id, wrong)


def _at_once(id: str, going: Sequence[str], reason: str) -> Response:
    went = 0
    for key in going:
        try:
            with transaction(once=False) as session:
                plan = _plan(session, fetch(session, id), request.form)
                instance = session.get_one(Instance, key)
                migration.migrate(session, instance, plan, actor=current_actor(), reason=reason)
                went += 1
        except Rejected:
            continue  # somebody was faster: the dry run that is shown next says where it stands
    with reading() as session:
        stuck = migration.survey(session, _plan(session, fetch(session, id), request.form)).total
    flash(say("Đã chuyển {went} quy trình; {stuck} chưa chuyển được.", went=went, stuck=stuck))
    return see(_back(id))


def _later(id: str, going: Sequence[str], reason: str) -> Response:
    with transaction() as session:
        plan = _plan(session, fetch(session, id), request.form)
        migration.migrate_later(session, plan, going, actor=current_actor(), reason=reason)
        flash(say("Đang chuyển {n} quy trình ở nền; tải lại trang để xem còn bao nhiêu.", n=len(going)))
        return see(_back(id))


def _back(id: str) -> str:
    said: dict[str, Any] = {name: request.form[name] for name in request.form if name.startswith(("to", MAP))}
    return url_for("definitions.ask_for_migration", id=id, tried=1, **said)


def _again(id: str, wrong: Invalid) -> Response:
    with reading() as session:
        shown = _content(session, fetch(session, id), {**request.form.to_dict(), "tried": "1"})
        shown |= {"errors": {**shown["errors"], **field_messages(wrong)}}
        return make_response(render_template("definitions/migration.html", **shown), 422)


def _plan(session: Session, old: Definition, said: Mapping[str, str]) -> migration.Plan:
    changes = {name.removeprefix(MAP): target or None for name, target in said.items() if name.startswith(MAP)}
    return migration.planned(session, old, fetch(session, said.get("to", "")), changes)


def _content(session: Session, old: Definition, said: Mapping[str, str]) -> dict[str, Any]:
    others = [one for one in session.scalars(Definition.versions_of(old.process_id)) if one.id != old.id]
    others = [one for one in others if not one.is_draft]
    new = next((one for one in others if one.id == said.get("to")), others[0] if others else None)
    shown: dict[str, Any] = {"old": old, "new": new, "others": others, "errors": {}, "typed": said, "survey": None}
    if new is None:
        return shown | {"lines": (), "differ": ()}
    try:
        plan = _plan(session, old, {**said, "to": new.id})
    except Invalid as wrong:
        shown["errors"] = field_messages(wrong)
        plan = migration.planned(session, old, new)
    lines = _lines(session, plan, shown["errors"])
    if said.get("tried") and not shown["errors"]:
        shown["survey"] = found = migration.survey(session, plan)
        shown["hindrances"] = [hindrance(one) for one in found.obstacles]
        shown["current"] = [one.element for one in found.obstacles if one.element]
    return shown | {"differ": [line for line in lines if line.target != line.id], "lines": lines}


def _lines(session: Session, plan: migration.Plan, errors: Mapping[str, str]) -> list[Line]:
    before, after = (definitions.bundle_of(session, one.id).elements(one.process_id) for one in (plan.old, plan.new))
    return [_line(one, plan.mapping[one.id], after, errors) for one in before.values() if _can_hold(one)]


def _can_hold(element: Element) -> bool:
    """Tell whether a token can stay at an element, so that what takes its place matters."""
    return element.type not in ("startEvent", "endEvent", "intermediateThrowEvent")


def _line(element: Element, target: str | None, after: Mapping[str, Element], errors: Mapping[str, str]) -> Line:
    same = [one for one in after.values() if migration.is_alike(element, one)]
    names = Counter(one.name for one in same)
    return Line(
        id=element.id,
        name=element.name,
        kind=say(next((word for end, word in KINDS.items() if element.type.endswith(end)), "tiến trình con")),
        target=target or "",
        choices=[(one.id, one.name if names[one.name] == 1 else f"{one.name} · {one.id}") for one in same],
        wrong=errors.get(f"mapping.{element.id}", ""),
    )


def hindrance(obstacle: migration.Obstacle) -> Hindrance:
    """Say what holds up some instances."""
    return Hindrance(refusal(obstacle.misfit), obstacle.instances[:MOST_NAMED], len(obstacle.instances))

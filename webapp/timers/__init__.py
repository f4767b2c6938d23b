"""Timers for operators: what is due when and where; another instant, or now."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime, time
from typing import Any

from flask import Blueprint, flash, make_response, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import definitions, notation, timers
from engine.calendar import local_day
from engine.clock import ZONE, now
from models.definitions import Definition
from models.errors import Invalid, existing
from models.timers import Timer
from webapp.auth import current_actor
from webapp.idempotency import see
from webapp.instances.blueprint import require_operator
from webapp.instances.words import STATES
from webapp.text import say
from webapp.text.notation import moment
from webapp.text.refusals import field_messages
from webapp.timers import queries
from webapp.timers.queries import Filters
from webapp.transaction import reading, transaction

LENGTH = 30
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:h]([0-5][0-9])")
KINDS = {"event": "Hẹn giờ trong sơ đồ", "cutoff": "Hạn chốt chờ báo cáo"}

blueprint = Blueprint("timers", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    """One timer in the list."""

    timer: Timer
    step: str
    number: str | None
    organization: str | None
    is_late: bool


@blueprint.get("/timers")
def index() -> str:
    """List what is still to fire, the next first."""
    require_operator()
    with reading() as session:
        return render_template("timers/index.html", **_content(session))


def _content(session: Session) -> dict[str, Any]:
    filters = Filters(**{name: request.args.get(name, default) for name, default in asdict(Filters()).items()})
    wanted = queries.pending(current_actor(), filters, at=now(session))
    found = session.execute(wanted.limit(LENGTH + 1)).unique().all()
    shown = [_row(session, timer, number, name) for timer, number, name in found[:LENGTH]]
    return {
        "rows": shown,
        "filters": filters,
        "kinds": KINDS,
        "states": STATES,
        "processes": _processes(session),
        "next": queries.cursor_of(shown[-1].timer) if len(found) > LENGTH else None,
        "opened": "",
        "errors": {},
        "typed": {},
    }


def _processes(session: Session) -> list[tuple[str, str]]:
    return [(one.process_id, one.name) for one in session.scalars(Definition.active())]


def _row(session: Session, timer: Timer, number: str | None, organization: str | None) -> Row:
    instance = timer.instance
    elements = definitions.bundle_of(session, instance.definition_id).elements(instance.process_id)
    element = elements.get(timer.element)
    step = (element.name if element else "") or timer.element
    return Row(timer, step, number, organization, timer.due_at <= now(session))


def _fetch(session: Session, id: str) -> Timer:
    return existing(session.scalar(queries.one(current_actor(), id)))


def _given() -> dict[str, Any]:
    return {"actor": current_actor(), "reason": request.form.get("reason", "").strip(), "seen": _seen()}


def _seen() -> datetime | None:
    """Return when the timer was due on the page that was open."""
    try:
        at = datetime.fromisoformat(request.form.get("seen", ""))
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


@blueprint.post("/timers/<id>/schedule")
def reschedule(id: str) -> Response:
    """Give a timer another instant."""
    try:
        with transaction() as session:
            timer = _fetch(session, id)
            require_operator()
            changed = timers.reschedule(session, timer, due_at=_due(session), **_given())
            flash(say("Đã đổi hẹn giờ sang {at}.", at=moment(changed.due_at)))
            return see(url_for("timers.index"))
    except Invalid as wrong:
        return _again(f"schedule-{id}", wrong)


def _due(session: Session) -> datetime:
    """Read day and time of the new instant, both in Vietnam; Invalid for each that cannot be read."""
    clock = _TIME.fullmatch(request.form.get("time", "").strip())
    try:
        day = notation.parse_date(request.form.get("day", "").strip(), today=local_day(now(session)))
    except notation.BadNotation:
        raise Invalid({"day": "not_a_day"} | ({} if clock else {"time": "not_a_time"})) from None
    if clock is None:
        raise Invalid({"time": "not_a_time"})
    return datetime.combine(day, time(int(clock[1]), int(clock[2])), ZONE)


@blueprint.post("/timers/<id>/firing")
def fire(id: str) -> Response:
    """Let a timer ring now."""
    try:
        with transaction() as session:
            instance = timers.fire_now(session, _fetch(session, id), **_given())
            flash(say("Hẹn giờ đã chạy."))
            return see(url_for("instances.show", id=instance.id))
    except Invalid as wrong:
        return _again(f"firing-{id}", wrong)


def _again(opened: str, wrong: Invalid) -> Response:
    errors = field_messages(wrong)
    typed = {name: request.form.get(name, "") for name in ("day", "time", "reason")}
    with reading() as session:
        shown = _content(session) | {"opened": opened, "errors": errors, "typed": typed}
        return make_response(render_template("timers/index.html", **shown), 422)

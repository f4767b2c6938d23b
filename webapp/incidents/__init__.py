"""Incidents for operators: what is stuck, where, why, with its data; tried again, one or many, or past the step."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, make_response, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import incidents
from models.errors import Invalid, Rejected, existing
from models.instances import Incident, Instance
from webapp.auth import current_actor
from webapp.idempotency import see
from webapp.incidents import queries
from webapp.instances import operating
from webapp.instances.acts import done
from webapp.instances.blueprint import given, require_operator
from webapp.instances.pages import again
from webapp.instances.troubles import Trouble, trouble_of
from webapp.instances.typed import KINDS
from webapp.text import say
from webapp.text.refusals import field_messages
from webapp.transaction import reading, transaction

LENGTH = 20
MOST_RETRIED = 50

blueprint = Blueprint("incidents", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    """One incident in the list."""

    incident: Incident
    instance: Instance
    trouble: Trouble
    number: str | None
    organization: str | None
    stopped: int


@blueprint.get("/incidents")
def index() -> str:
    """List what is stuck; with `incident`, that one with its data and what can be done about it."""
    require_operator()
    with reading() as session:
        return render_template("incidents/index.html", **_content(session))


def _content(session: Session) -> dict[str, Any]:
    found = session.execute(queries.unresolved(after=request.args.get("after", "")).limit(LENGTH + 1)).unique().all()
    shown = found[:LENGTH]
    stopped = dict(session.execute(queries.stopped([row[1].id for row in shown])).all())
    chosen = session.scalar(queries.one(current_actor(), request.args.get("incident", "")))
    instance = session.get_one(Instance, chosen.instance_id) if chosen and chosen.resolved_at is None else None
    return {
        "rows": [
            Row(incident, stuck, trouble_of(session, incident, stuck), number, name, stopped.get(stuck.id, 0))
            for incident, stuck, number, name in shown
        ],
        "count": session.scalar(queries.count()) or 0,
        "next": shown[-1][0].id if len(found) > LENGTH else None,
        "instance": instance,
        "operating": operating.read(session, instance) if instance is not None else None,
        "chosen": request.form.getlist("id"),
        "kinds": KINDS,
        "opened": "",
        "errors": {},
        "typed": {},
    }


def _fetch(session: Session, id: str) -> Incident:
    return existing(session.scalar(queries.one(current_actor(), id)))


@blueprint.post("/incidents/retry")
def retry() -> Response:
    """Try the kept input of one or many incidents again, each in a transaction of its own."""
    require_operator()
    if not request.form.get("reason", "").strip():
        return _wrong(Invalid({"reason": "required"}))
    mended = still = 0
    for key in request.form.getlist("id")[:MOST_RETRIED]:
        try:
            with transaction(once=False) as session:
                instance = incidents.retry(session, _fetch(session, key), **given() | {"version": None})
                mended, still = (mended, still + 1) if instance.state == "incident" else (mended + 1, still)
        except Rejected:
            still += 1
    flash(say("Đã gỡ {mended} sự cố; còn kẹt {still}.", mended=mended, still=still))
    return see(url_for("incidents.index"))


def _wrong(wrong: Invalid) -> Response:
    errors = field_messages(wrong)
    with reading() as session:
        return make_response(render_template("incidents/index.html", **_content(session) | {"errors": errors}), 422)


@blueprint.post("/incidents/<id>/retry")
def retry_one(id: str) -> Response:
    """Try the kept input of one incident again."""
    try:
        with transaction() as session:
            return done(incidents.retry(session, _fetch(session, id), **given()), "Quy trình đã đi tiếp.")
    except Invalid as wrong:
        return again(_instance_of(id), "retry", wrong)


@blueprint.post("/incidents/<id>/skip")
def skip(id: str) -> Response:
    """Let the process go on past the step at which it is stuck."""
    try:
        with transaction() as session:
            return done(incidents.skip(session, _fetch(session, id), **given()), "Đã bỏ qua bước.")
    except Invalid as wrong:
        return again(_instance_of(id), "step", wrong)


def _instance_of(id: str) -> str:
    with reading() as session:
        return _fetch(session, id).instance_id

"""Process instances for people: the list, one with its diagram and what it waits for, and incidents to mend."""

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import definitions, instances
from models.errors import NotAllowed, NotFound, Rejected
from models.instances import Incident, Instance
from models.orders import Order
from models.permissions import Permission, may
from webapp.auth import current_actor
from webapp.definitions.steps import steps_of
from webapp.idempotency import see
from webapp.instances import queries
from webapp.instances.words import STATES
from webapp.text import say
from webapp.transaction import reading, transaction

LENGTH = 50
MOST_RETRIED = 50

blueprint = Blueprint("instances", __name__)


@blueprint.get("/instances")
def index() -> str:
    """List the running and ended processes one may see."""
    with reading() as session:
        chosen = {name: request.args.get(name, "") for name in ("process", "state", "after")}
        rows = session.execute(queries.listed(current_actor(), **chosen).limit(LENGTH + 1)).unique().all()
        shown = rows[:LENGTH]
        return render_template(
            "instances/index.html", rows=shown, chosen=chosen, states=STATES,
            next=shown[-1][0].id if len(rows) > LENGTH else None, may_operate=_operates(),
        )  # fmt: skip


def _operates() -> bool:
    return may(current_actor(), Permission.INSTANCE_OPERATE)


@blueprint.get("/instances/<id>")
def show(id: str) -> str:
    """Show one instance: where it is, what it waits for, what went wrong."""
    with reading() as session:
        return render_template("instances/show.html", **_content(session, _one(session, id)))


def _one(session: Session, instance_id: str) -> Instance:
    found = session.scalars(queries.whole(current_actor(), instance_id)).unique().one_or_none()
    if found is None:
        raise NotFound("not_found")
    return found


def _content(session: Session, instance: Instance) -> dict[str, Any]:
    tasks = session.scalars(queries.tasks_of(instance.id).limit(200)).all()
    awaited = session.scalars(queries.awaited(instance.id)).all()
    current = [task.element for task in tasks if task.is_open] + [waits.element for waits in awaited]
    bundle = definitions.bundle_of(session, instance.definition_id)
    elements = bundle.elements(instance.process_id)
    return {
        "instance": instance,
        "order": session.get(Order, instance.order_id) if instance.order_id else None,
        "tasks": tasks,
        "awaited": [
            (elements[waits.element].name or waits.element, waits) for waits in awaited if waits.element in elements
        ],
        "timers": session.scalars(queries.timers_of(instance.id)).all(),
        "incidents": session.scalars(queries.incidents_of(instance.id)).all(),
        "done": [element for element in instance.passed if element not in current],
        "current": current,
        "steps": steps_of(bundle, instance.process_id, done=instance.passed, current=current),
        "may_operate": _operates(),
        "states": STATES,
    }


@blueprint.post("/instances/<id>/suspension")
def suspend(id: str) -> Response:
    """Stop an instance until it is resumed."""
    with transaction() as session:
        instances.suspend(session, _one(session, id), actor=current_actor(), reason=request.form.get("reason", ""))
        return see(url_for("instances.show", id=id))


@blueprint.post("/instances/<id>/resumption")
def resume(id: str) -> Response:
    """Let a suspended instance go on."""
    with transaction() as session:
        instances.resume(session, _one(session, id), actor=current_actor(), reason=request.form.get("reason", ""))
        return see(url_for("instances.show", id=id))


@blueprint.get("/incidents")
def incidents() -> str:
    """List what is stuck, for those who may mend it."""
    with reading() as session:
        _require_operator()
        rows = session.execute(queries.unresolved().limit(200)).unique().all()
        stopped = dict(session.execute(queries.stopped([row[1].id for row in rows])).all())
        return render_template("instances/incidents.html", rows=rows, stopped=stopped)


def _require_operator() -> None:
    if not _operates():
        raise NotAllowed("may_not_operate")


@blueprint.post("/incidents/retry")
def retry() -> Response:
    """Try the kept input of one or many incidents again, each in a transaction of its own."""
    _require_operator()
    mended = still = 0
    for key in request.form.getlist("id")[:MOST_RETRIED]:
        try:
            with transaction(once=False) as session:
                incident = session.get(Incident, key)
                if incident is None:
                    raise NotFound("not_found")
                instance = instances.retry(session, incident, actor=current_actor())
                mended, still = (mended, still + 1) if instance.state == "incident" else (mended + 1, still)
        except Rejected:
            still += 1
    flash(say("Đã gỡ {mended} sự cố; còn kẹt {still}.", mended=mended, still=still))
    return see(url_for("instances.incidents"))

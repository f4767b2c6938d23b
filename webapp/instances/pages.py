"""The pages of instances: the list, and one with its diagram, what it waits for and what can be done about it."""

from typing import Any

from flask import make_response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import definitions, instances, levels
from models.errors import Invalid
from models.instances import Instance
from models.orders import Order
from webapp.auth import current_actor
from webapp.definitions.steps import steps_of
from webapp.instances import operating, queries
from webapp.instances.blueprint import blueprint, fetch, operates
from webapp.instances.typed import KINDS
from webapp.instances.words import STATES
from webapp.text.refusals import field_messages
from webapp.transaction import reading

LENGTH = 50


@blueprint.get("/instances")
def index() -> str:
    """List the running and ended processes one may see."""
    with reading() as session:
        chosen = {name: request.args.get(name, "") for name in ("process", "state", "after")}
        rows = session.execute(queries.listed(current_actor(), **chosen).limit(LENGTH + 1)).unique().all()
        shown = rows[:LENGTH]
        return render_template(
            "instances/index.html", rows=shown, chosen=chosen, states=STATES,
            next=shown[-1][0].id if len(rows) > LENGTH else None, may_operate=operates(),
        )  # fmt: skip


@blueprint.get("/instances/<id>")
def show(id: str) -> str:
    """Show one instance: where it is, what it waits for, what went wrong."""
    with reading() as session:
        return render_template("instances/show.html", **content(session, fetch(session, id)))


def content(session: Session, instance: Instance) -> dict[str, Any]:
    """Gather what the page of an instance shows."""
    tasks = session.scalars(queries.tasks_of(instance.id).limit(200)).all()
    awaited = session.scalars(queries.awaited(instance.id)).all()
    current = [task.element for task in tasks if task.is_open] + [waits.element for waits in awaited]
    bundle = definitions.bundle_of(session, instance.definition_id)
    elements = bundle.elements(instance.process_id)
    places = instances.look(session, instance) if bundle.watches else ()
    conditions = [place for place in places if place.kind == "conditional"]
    current += [place.element for place in conditions]
    return {
        "instance": instance,
        "order": session.get(Order, instance.order_id) if instance.order_id else None,
        "tasks": tasks,
        "awaited": [
            (elements[waits.element].name or waits.element, waits) for waits in awaited if waits.element in elements
        ],
        "conditions": [(place.name, elements[place.element].condition) for place in conditions],
        "timers": session.scalars(queries.timers_of(instance.id)).all(),
        "incidents": session.scalars(queries.incidents_of(instance.id)).all(),
        "done": [element for element in instance.passed if element not in current],
        "current": current,
        "steps": steps_of(
            bundle, instance.process_id, levels=levels.names(session), done=instance.passed, current=current
        ),
        "operating": operating.read(session, instance) if operates() else None,
        "states": STATES,
        "kinds": KINDS,
        "opened": "",
        "errors": {},
        "typed": {},
    }


def again(id: str, opened: str, wrong: Invalid) -> Response:
    """Show an instance with the form that was wrong open, and what was typed."""
    errors = field_messages(wrong)
    with reading() as session:
        shown = content(session, fetch(session, id))
        typed = {name: request.form.get(name, "") for name in request.form}
        html = render_template("instances/show.html", **shown | {"errors": errors, "opened": opened, "typed": typed})
        return make_response(html, 422)

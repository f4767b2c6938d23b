"""The page of one task."""

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.clock import now
from models.errors import NotFound
from models.permissions import Actor
from models.tasks import Task
from webapp.auth import current_actor
from webapp.tasks import inbox, page, queries
from webapp.tasks.blueprint import blueprint, fetch
from webapp.tasks.filters import Filters
from webapp.tasks.lists import TITLES
from webapp.transaction import reading


@blueprint.get("/tasks/<id>")
def show(id: str) -> Response:
    """Show a task: what it is, in what state, who holds it, what can be done; lead to the post that has it."""
    with reading() as session:
        actor = current_actor()
        try:
            task = fetch(session, actor, id)
        except NotFound:
            if session.scalar(queries.held_elsewhere(actor.person_id, id, at=now(session))) is None:
                raise
            return redirect(url_for("posts.choose", next=request.full_path.rstrip("?")), code=303)
        return make_response(rendered(session, actor, task, filters=Filters.read(request.args)))


def rendered(session: Session, actor: Actor, task: Task, *, filters: Filters, **typed: Any) -> str:
    """Render the page; `typed` and `errors` bring back what was just sent."""
    shown = page.read(session, actor, task, **typed)
    return render_template("tasks/show.html", page=shown, task=task, filters=filters, titles=TITLES)


@blueprint.get("/tasks/next")
def onward() -> Response:
    """Go on with the most urgent task of a list."""
    return lead_on(Filters.read(request.args), but=request.args.get("but", ""))


def lead_on(filters: Filters, *, but: str) -> Response:
    """Lead to the next task of a list, or to the list when nothing is left in it."""
    if filters.view not in ("mine", "todo", "coordinating"):
        return redirect(url_for("tasks.index", **filters.with_()), code=303)
    with reading() as session:
        found = inbox.next_after(session, current_actor(), filters, but=but)
    if found is None:
        return redirect(url_for("tasks.index", **filters.with_()), code=303)
    return redirect(url_for("tasks.show", id=found, **filters.with_()), code=303)

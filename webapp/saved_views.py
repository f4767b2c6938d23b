"""Keeping and removing named lists of the inbox."""

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from engine import saved_views
from models.errors import NotFound
from models.tasks import SavedView
from webapp.auth import current_actor
from webapp.idempotency import see
from webapp.tasks.filters import Filters
from webapp.text import say
from webapp.transaction import transaction

blueprint = Blueprint("saved_views", __name__, url_prefix="/saved-views")


@blueprint.post("")
def save() -> Response:
    """Keep the list that is shown under a name."""
    filters, form = Filters.parse(request.form.get("list", "")), request.form
    with transaction() as session:
        shared = bool(form.get("shared"))
        saved_views.save(session, actor=current_actor(), name=form.get("name", ""), query=filters.query, shared=shared)
        flash(say("Đã lưu danh sách."))
        return see(url_for("tasks.index", **filters.with_()))


@blueprint.post("/<id>/removal")
def remove(id: str) -> Response:
    """Remove a saved list; its tasks stay what they are."""
    with transaction() as session:
        view = session.scalar(SavedView.visible_to(current_actor()).where(SavedView.id == id))
        if view is None:
            raise NotFound("not_found")
        saved_views.remove(session, view, actor=current_actor())
        flash(say("Đã bỏ danh sách."))
        return see(url_for("tasks.index"))

"""Keeping and removing named lists of the inbox and of the log."""

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from engine import saved_views
from models.errors import NotFound, existing
from models.tasks import SavedView
from webapp.audit.filters import Filters as LogFilters
from webapp.auth import current_actor
from webapp.idempotency import see
from webapp.narrowing import Narrowing
from webapp.tasks.filters import Filters
from webapp.text import say
from webapp.transaction import transaction

# The page on which a list is shown -> what narrows it there.
PAGES: dict[str, type[Narrowing]] = {"tasks": Filters, "audit": LogFilters}

blueprint = Blueprint("saved_views", __name__, url_prefix="/saved-views")


@blueprint.post("")
def save() -> Response:
    """Keep the list that is shown under a name."""
    form = request.form
    page = form.get("page", "tasks")
    if page not in PAGES:
        raise NotFound("not_found")
    filters = PAGES[page].parse(form.get("list", ""))
    name, shared = form.get("name", ""), bool(form.get("shared"))
    with transaction() as session:
        view = saved_views.save(
            session, actor=current_actor(), name=name, query=filters.query, shared=shared, page=page
        )
        flash(say("Đã lưu danh sách."))
        return see(url_for(f"{view.page}.index", **filters.with_()))


@blueprint.post("/<id>/removal")
def remove(id: str) -> Response:
    """Remove a saved list; what it lists stays what it is."""
    with transaction() as session:
        view = existing(session.scalar(SavedView.visible_to(current_actor()).where(SavedView.id == id)))
        saved_views.remove(session, view, actor=current_actor())
        flash(say("Đã bỏ danh sách."))
        return see(url_for(f"{view.page}.index"))

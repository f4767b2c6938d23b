"""Remarks on a design, with who is asked by @ and when they are done."""

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import designs
from models.designs import DesignComment
from models.errors import Invalid, NotFound
from webapp.auth import current_actor
from webapp.designs.blueprint import blueprint, fetch
from webapp.designs.pages import content_of
from webapp.idempotency import see
from webapp.transaction import reading, transaction


@blueprint.post("/designs/<id>/comments")
def comment(id: str) -> Response:
    """Remark on a design or one of its elements."""
    try:
        with transaction() as session:
            design = fetch(session, id)
            element = request.form.get("element") or None
            designs.comment(session, design, request.form.get("text", ""), actor=current_actor(), element_id=element)
            return see(url_for("designs.show", id=id, _anchor="comments"))
    except Invalid as wrong:
        with reading() as session:
            shown = content_of(session, fetch(session, id), wrong)
            return make_response(render_template("designs/show.html", **shown), 422)


@blueprint.post("/designs/<id>/comments/<comment_id>/completion")
def complete_comment(id: str, comment_id: str) -> Response:
    """Mark a remark as done."""
    with transaction() as session:
        remark = session.get(DesignComment, comment_id)
        if remark is None or remark.design_id != fetch(session, id).id:
            raise NotFound("not_found")
        designs.complete_comment(session, remark, actor=current_actor())
        return see(url_for("designs.show", id=id, _anchor="comments"))

"""Remarks on a design, with who is asked by @ and when they are done."""

from flask import jsonify, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import designs
from models.designs import DesignComment
from models.errors import Invalid, NotFound
from webapp.auth import current_actor
from webapp.designs.blueprint import blueprint, fetch
from webapp.designs.pages import content_of, names_of
from webapp.idempotency import see
from webapp.text import say
from webapp.text.notation import moment
from webapp.transaction import reading, transaction


@blueprint.get("/designs/<id>/comments")
def comments(id: str) -> Response:
    """Give the editor the remarks on a design, oldest first, with times in the reader's words."""
    with reading() as session:
        found = session.scalars(DesignComment.of(fetch(session, id).id)).all()
        names = names_of(session, {one.done_by for one in found})
        return jsonify([_said(one, names.get(one.done_by or "", "")) for one in found])


def _said(one: DesignComment, done_by: str) -> dict[str, str | None]:
    done = say("đã xử lý lúc {at}", at=moment(one.done_at)) if one.done_at else None
    return {
        "id": one.id,
        "element": one.element_id,
        "text": one.text,
        "by": one.author,
        "at": moment(one.written_at),
        "done": done and (f"{done} · {done_by}" if done_by else done),
    }


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

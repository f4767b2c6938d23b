"""What is done to a design as a whole: submitted, withdrawn, returned, approved, discarded, exported."""

from flask import Response as Download
from flask import flash, request, url_for
from werkzeug.wrappers import Response

from engine import designs
from engine.designs import bundles
from webapp.auth import current_actor
from webapp.designs.blueprint import blueprint, fetch
from webapp.idempotency import see
from webapp.text import say
from webapp.transaction import reading, transaction


@blueprint.post("/designs/<id>/discarding")
def discard(id: str) -> Response:
    """Put a design away."""
    with transaction() as session:
        designs.discard(session, fetch(session, id), actor=current_actor())
        flash(say("Đã bỏ bản thiết kế; quy trình đang dùng không đổi."))
        return see(url_for("designs.index"))


@blueprint.post("/designs/settings")
def configure() -> Response:
    """Set what publication asks for: a second person, and how much of a diagram the scenarios reach."""
    typed = request.form.get("coverage", "")
    coverage = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 3 else -1
    with transaction() as session:
        second = "second_person" in request.form
        designs.configure(session, actor=current_actor(), second_person=second, coverage=coverage)
        flash(say("Đã lưu."))
        return see(url_for("designs.index"))


@blueprint.get("/designs/<id>/export")
def export(id: str) -> Download:
    """Give a design as one file: its bundle with a manifest of hashes."""
    with reading() as session:
        design = fetch(session, id)
        files = designs.files_of(session, design.id)
        content = bundles.packed(files, name=design.name, process=design.process_id)
        answer = Download(content, content_type="application/zip")
        answer.headers.set("Content-Disposition", "attachment", filename=f"{design.process_id or 'design'}.zip")
        return answer

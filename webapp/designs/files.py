"""The files of a design as the editor loads and saves them, and the lease that keeps two editors apart."""

from typing import Any

from flask import Response as Download
from flask import jsonify, request
from werkzeug.wrappers import Response

from engine import designs
from models.designs import Design, DesignFile
from models.errors import Invalid, existing
from webapp.auth import current_actor
from webapp.designs.blueprint import blueprint, fetch, said
from webapp.headers import FILE_POLICY
from webapp.text.designs import loss
from webapp.transaction import reading, transaction


@blueprint.get("/designs/<id>/files/<path:name>")
def file(id: str, name: str) -> Download:
    """Give one file of a design as it was last saved; with `original`, as it was opened or imported."""
    with reading() as session:
        found = session.get(DesignFile, (fetch(session, id).id, name))
        content = existing(None if found is None else found.original if "original" in request.args else found.content)
        answer = Download(content, content_type="application/octet-stream")
        answer.headers.set("Content-Disposition", "attachment", filename=name.rpartition("/")[2])
        answer.headers["Content-Security-Policy"] = FILE_POLICY
        return answer


@blueprint.put("/designs/<id>/files/<path:name>")
def save(id: str, name: str) -> Response:
    """Save one file that was read at a revision; what would vanish is said first and needs a yes."""
    try:
        with transaction() as session:
            design = fetch(session, id)
            body = said(content=str, revision=int)
            accepted = body.get("losses_accepted") is True
            content = _encoded(body["content"])
            revision = {"revision": body["revision"], "actor": current_actor()}
            designs.save_file(session, design, name, content, losses_accepted=accepted, **revision)
            return jsonify(revision=design.revision)
    except Invalid as wrong:
        if "losses" not in wrong.facts:
            raise
        answer = jsonify(reason=wrong.reason, losses=[loss(one) for one in wrong.facts["losses"]])
        answer.status_code = wrong.status
        return answer


@blueprint.delete("/designs/<id>/files/<path:name>")
def remove(id: str, name: str) -> Response:
    """Remove one file from a design."""
    with transaction() as session:
        design = fetch(session, id)
        designs.remove_file(session, design, name, revision=said(revision=int)["revision"], actor=current_actor())
        return jsonify(revision=design.revision)


@blueprint.post("/designs/<id>/lease")
def lease(id: str) -> Response:
    """Reserve the design for this person's editor for two minutes, or take it over."""
    with transaction() as session:
        design = fetch(session, id)
        take_over = (request.get_json(silent=True) or {}).get("take_over") is True
        designs.lease(session, design, actor=current_actor(), take_over=take_over)
        return jsonify(_leased(design))


def _leased(design: Design) -> dict[str, Any]:
    assert design.lease_until is not None  # noqa: S101 - just set
    return {"mine": True, "until": design.lease_until.isoformat(), "revision": design.revision}


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise Invalid({"content": "file_unreadable"}, reason="file_unreadable") from None

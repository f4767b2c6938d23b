"""The regulation of coordination of a version, made from its model: on a page, for Word, as PDF."""

from flask import Response

from engine import definitions, levels
from models.definitions import Definition
from webapp.definitions.blueprint import blueprint, fetch
from webapp.regulations import Offer, Regulation, chapters_of, download, page
from webapp.text import say
from webapp.text.notation import moment
from webapp.transaction import reading


@blueprint.get("/definitions/<id>/regulation")
def regulation(id: str) -> str:
    """Show the regulation of coordination of one version."""
    return page(_offer(id))


@blueprint.get("/definitions/<id>/regulation.<any(docx, pdf):kind>")
def regulation_file(id: str, kind: str) -> Response:
    """Give the regulation of coordination of one version as a file."""
    return download(_offer(id), kind)


def _offer(id: str) -> Offer:
    with reading() as session:
        definition = fetch(session, id)
        named = levels.names(session)
        issued = say(
            "Phiên bản {version}, ban hành {day}", version=definition.version, day=moment(definition.deployed_at)
        )
        written = Regulation(
            name=definition.name,
            version=" · ".join(filter(None, (issued, definition.note))),
            at=definition.deployed_at,
            warning=_warning(definition),
            hash=definition.hash,
            chapters=chapters_of(definitions.files_of(session, id), first=definition.process_id, levels=named),
        )
        name = f"{definition.process_id}-{definition.version}"
    return Offer(written, name, "definitions", id)


def _warning(definition: Definition) -> str:
    """Say that a version is not what new work follows."""
    if definition.is_draft:
        return say("BẢN NHÁP, CHƯA CÓ HIỆU LỰC")
    return (
        say("Phiên bản này đã thôi dùng từ {day}", day=moment(definition.retired_at)) if definition.retired_at else ""
    )

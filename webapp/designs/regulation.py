"""The regulation of coordination that a design would become, for those who discuss it; it says that it is a draft."""

from flask import Response

from engine import designs, levels, runner
from webapp.designs.blueprint import blueprint, fetch
from webapp.regulations import Offer, Regulation, chapters_of, download, page
from webapp.text import say
from webapp.text.designs import state
from webapp.text.notation import moment
from webapp.transaction import reading


@blueprint.get("/designs/<id>/regulation")
def regulation(id: str) -> str:
    """Show what a design would rule."""
    return page(_offer(id))


@blueprint.get("/designs/<id>/regulation.<any(docx, pdf):kind>")
def regulation_file(id: str, kind: str) -> Response:
    """Give what a design would rule as a file."""
    return download(_offer(id), kind)


def _offer(id: str) -> Offer:
    with reading() as session:
        design = fetch(session, id)
        named = levels.names(session)
        files = designs.files_of(session, id)
        changed = say("Lần sửa {n}, {day}", n=design.revision, day=moment(design.changed_at))
        written = Regulation(
            name=design.name,
            version=f"{changed} · {state(design.state).word}",
            at=design.changed_at,
            warning="" if design.state == "published" else say("BẢN NHÁP, CHƯA CÓ HIỆU LỰC"),
            hash=runner.hash_of(files),
            chapters=chapters_of(files, first=design.process_id, levels=named),
        )
        name = f"{design.process_id or 'design'}-draft-{design.revision}"
    return Offer(written, name, "designs", id)

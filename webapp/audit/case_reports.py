"""A case file to take along: the report as PDF, and a bundle of its entries with proofs and what checks them."""

from pathlib import Path
from typing import Final

from flask import flash, render_template, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import verification
from engine.audit import checkpoints, exporting
from models.case_files import CaseFile
from webapp.audit import bundles, case_files
from webapp.audit.blueprint import blueprint
from webapp.auth import current_actor
from webapp.headers import FILE_POLICY
from webapp.idempotency import see
from webapp.pdf import NoPdf, pdf_of
from webapp.runtime import runtime
from webapp.text import say
from webapp.transaction import reading, transaction

_STYLE: Final = Path(__file__).with_name("report.css")


@blueprint.get("/audit/case-files/<id>/report.pdf")
def case_report(id: str) -> Response:
    """Give the report of a case file as PDF; that it was taken is an entry."""
    with reading() as session:
        html = _report(session, case_files.fetch(session, id))
    try:
        content = pdf_of(html, _STYLE)
    except NoPdf:
        flash(say("Máy chủ này chưa làm được PDF; dùng lệnh In của trình duyệt và chọn «Lưu thành PDF»."))
        return see(url_for("audit.case_file", id=id))
    _announce(id, "report")
    answer = Response(content, content_type="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename="ho-so-kiem-tra.pdf")
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    return answer


@blueprint.get("/audit/case-files/<id>/bundle")
def case_bundle(id: str) -> Response:
    """Give a case file as one file: report, entries, a proof for each, checkpoints, keys, and what checks them."""
    with reading() as session:
        case_files.fetch(session, id)
        checkpoints.latest(session)
    _announce(id, "case")
    world = runtime()
    with verification.snapshot(world.database, world.clock) as session:
        case = case_files.fetch(session, id)
        html = _report(session, case)
        file = bundles.write_case(session, case, _written(html))
    return send_file(file, "application/zip", as_attachment=True, download_name="ho-so-kiem-tra.zip")


def _announce(id: str, form: str) -> None:
    with transaction(once=False) as session:
        exporting.announce(session, actor=current_actor(), subject=id, form=form)


def _report(session: Session, case: CaseFile) -> str:
    return render_template("audit/case_report.html", **case_files.told(session, case))


def _written(html: str) -> dict[str, bytes]:
    written = {"report.html": html.encode()}
    try:
        return written | {"report.pdf": pdf_of(html, _STYLE)}
    except NoPdf:
        return written

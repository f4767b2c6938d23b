"""Case files for people: the list, one with its entries and remarks, which prints as a report."""

from typing import Any

from flask import flash, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import case_files
from models.audit import AuditEntry
from models.case_files import CaseFile
from models.errors import Invalid, existing
from webapp.audit import words
from webapp.audit.blueprint import blueprint, require_reader, typed_seq
from webapp.auth import current_actor
from webapp.idempotency import see
from webapp.marks import mark_of
from webapp.text import say
from webapp.text.refusals import field_messages
from webapp.transaction import reading, transaction

LENGTH = 100


def fetch(session: Session, id: str) -> CaseFile:
    """Fetch one case file that this actor may see, or NotFound."""
    return existing(session.scalar(CaseFile.visible_to(current_actor()).where(CaseFile.id == id)))


@blueprint.get("/audit/case-files")
def case_files_index() -> str:
    """List the case files, the newest first."""
    return _index()


def _index(wrong: Invalid | None = None) -> str:
    require_reader()
    with reading() as session:
        cases = session.scalars(CaseFile.visible_to(current_actor()).limit(LENGTH)).all()
        return render_template("audit/case_files.html", cases=cases, errors=field_messages(wrong), typed=request.form)


@blueprint.post("/audit/case-files")
def open_case_file() -> Response | tuple[str, int]:
    """Open a case file, and put the entry into it from which it was asked for."""
    actor = require_reader()
    try:
        with transaction() as session:
            title, purpose = request.form.get("title", ""), request.form.get("purpose", "")
            case = case_files.open_(session, actor=actor, title=title, purpose=purpose)
            if typed_seq():
                case_files.put_in(session, case, typed_seq(), actor=actor, remark=request.form.get("remark", ""))
            flash(say("Đã mở hồ sơ kiểm tra."))
            return see(url_for("audit.case_file", id=case.id))
    except Invalid as wrong:
        return _index(wrong), 422


@blueprint.get("/audit/case-files/<id>")
def case_file(id: str) -> str:
    """Show a case file: its entries in full, the remarks, the conclusion; it prints as a report."""
    return _one(id)


def _one(id: str, wrong: Invalid | None = None) -> str:
    with reading() as session:
        shown = told(session, fetch(session, id))
        return render_template("audit/case_file.html", **shown, errors=field_messages(wrong), typed=request.form)


def told(session: Session, case: CaseFile) -> dict[str, Any]:
    """Put a case file into words: its entries in full, the remarks by their numbers, the mark of the log."""
    remarks = {one.seq: one for one in case.entries}
    rows = session.scalars(select(AuditEntry).where(AuditEntry.seq.in_(remarks)).order_by(AuditEntry.seq)).all()
    return {
        "case": case,
        "lines": words.lines_of(session, rows, whole=True),
        "remarks": remarks,
        "mark": mark_of(session),
    }


@blueprint.post("/audit/case-files/<id>/entries")
def put_in(id: str) -> Response | tuple[str, int]:
    """Put an entry into a case file, or change the remark on it."""
    try:
        with transaction() as session:
            case = fetch(session, id)
            remark = request.form.get("remark", "")
            case_files.put_in(session, case, typed_seq(), actor=current_actor(), remark=remark)
            flash(say("Đã đưa mục {n} vào hồ sơ.", n=typed_seq()))
            return see(url_for("audit.case_file", id=id, _anchor=f"e{typed_seq()}"))
    except Invalid as wrong:
        return _one(id, wrong), 422


@blueprint.post("/audit/case-files/<id>/entries/<int:seq>/removal")
def take_out(id: str, seq: int) -> Response:
    """Take an entry out of a case file."""
    with transaction() as session:
        case_files.take_out(session, fetch(session, id), seq, actor=current_actor())
        flash(say("Đã đưa mục {n} ra khỏi hồ sơ.", n=seq))
        return see(url_for("audit.case_file", id=id))


@blueprint.post("/audit/case-files/<id>/closing")
def close_case_file(id: str) -> Response | tuple[str, int]:
    """Close a case file with its conclusion."""
    try:
        with transaction() as session:
            conclusion = request.form.get("conclusion", "")
            case_files.close(session, fetch(session, id), actor=current_actor(), conclusion=conclusion)
            flash(say("Đã đóng hồ sơ; nội dung không đổi được nữa."))
            return see(url_for("audit.case_file", id=id))
    except Invalid as wrong:
        return _one(id, wrong), 422

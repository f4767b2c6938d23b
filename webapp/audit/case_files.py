"""Case files for people: the list, one with its entries and remarks, which prints as a report."""

from flask import flash, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import case_files
from engine.audit import checkpoints
from engine.audit.notes import code_of
from models.audit import AuditEntry
from models.case_files import CaseFile
from models.errors import Invalid, NotFound
from webapp.audit import words
from webapp.audit.blueprint import blueprint, require_reader
from webapp.auth import current_actor
from webapp.idempotency import see
from webapp.text import say
from webapp.text.refusals import field_messages
from webapp.transaction import reading, transaction

LENGTH = 100


def _fetch(session: Session, id: str) -> CaseFile:
    case = session.scalar(CaseFile.visible_to(current_actor()).where(CaseFile.id == id))
    if case is None:
        raise NotFound("not_found")
    return case


def _seq() -> int:
    typed = request.form.get("seq", "")
    return int(typed) if typed.isdecimal() and len(typed) < 16 else 0


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
            if _seq():
                case_files.put_in(session, case, _seq(), actor=actor, remark=request.form.get("remark", ""))
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
        case = _fetch(session, id)
        remarks = {one.seq: one for one in case.entries}
        rows = session.scalars(select(AuditEntry).where(AuditEntry.seq.in_(remarks)).order_by(AuditEntry.seq)).all()
        last = session.scalar(checkpoints.newest().limit(1))
        return render_template(
            "audit/case_file.html",
            case=case,
            lines=words.lines_of(session, rows, whole=True),
            remarks=remarks,
            checkpoint=last,
            code=code_of(last.root) if last is not None else "",
            errors=field_messages(wrong),
            typed=request.form,
        )


@blueprint.get("/audit/entries/<int:seq>")
def entry(seq: int) -> str:
    """Show one entry in full, with what is needed to put it into a case file."""
    actor = require_reader()
    with reading() as session:
        row = session.get(AuditEntry, seq)
        if row is None:
            raise NotFound("not_found")
        open_cases = CaseFile.visible_to(actor).where(CaseFile.closed_at.is_(None)).limit(LENGTH)
        (line,) = words.lines_of(session, [row], whole=True)
        return render_template("audit/entry.html", line=line, cases=session.scalars(open_cases).all())


@blueprint.post("/audit/case-files/<id>/entries")
def put_in(id: str) -> Response | tuple[str, int]:
    """Put an entry into a case file, or change the remark on it."""
    try:
        with transaction() as session:
            case = _fetch(session, id)
            remark = request.form.get("remark", "")
            case_files.put_in(session, case, _seq(), actor=current_actor(), remark=remark)
            flash(say("Đã đưa mục {n} vào hồ sơ.", n=_seq()))
            return see(url_for("audit.case_file", id=id, _anchor=f"e{_seq()}"))
    except Invalid as wrong:
        return _one(id, wrong), 422


@blueprint.post("/audit/case-files/<id>/entries/<int:seq>/removal")
def take_out(id: str, seq: int) -> Response:
    """Take an entry out of a case file."""
    with transaction() as session:
        case_files.take_out(session, _fetch(session, id), seq, actor=current_actor())
        flash(say("Đã đưa mục {n} ra khỏi hồ sơ.", n=seq))
        return see(url_for("audit.case_file", id=id))


@blueprint.post("/audit/case-files/<id>/closing")
def close_case_file(id: str) -> Response | tuple[str, int]:
    """Close a case file with its conclusion."""
    try:
        with transaction() as session:
            conclusion = request.form.get("conclusion", "")
            case_files.close(session, _fetch(session, id), actor=current_actor(), conclusion=conclusion)
            flash(say("Đã đóng hồ sơ; nội dung không đổi được nữa."))
            return see(url_for("audit.case_file", id=id))
    except Invalid as wrong:
        return _one(id, wrong), 422

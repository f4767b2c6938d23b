"""Erasing texts of the log under the law: the form for who holds the right, and what was erased so far."""

from flask import flash, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.audit import Fact, erasing
from models.audit import AuditEntry
from models.errors import Invalid, NotAllowed
from models.permissions import Actor, Permission, may
from models.users import Person
from webapp.audit import words
from webapp.audit.blueprint import blueprint, typed_seq
from webapp.auth import current_actor
from webapp.idempotency import see
from webapp.text import say
from webapp.text.refusals import field_messages
from webapp.transaction import reading, transaction

LENGTH = 50


def _require_eraser() -> Actor:
    if not may(current_actor(), Permission.AUDIT_ERASE):
        raise NotAllowed("not_allowed", permission=Permission.AUDIT_ERASE)
    return current_actor()


@blueprint.get("/audit/erasures")
def erasures() -> str:
    """Show the form, and the newest erasures."""
    return _page()


def _page(wrong: Invalid | None = None) -> str:
    _require_eraser()
    with reading() as session:
        erased = select(AuditEntry).where(AuditEntry.fact == Fact.TEXT_ERASED, AuditEntry.refused.is_(False))
        newest = session.scalars(erased.order_by(AuditEntry.seq.desc()).limit(LENGTH)).all()
        lines = words.lines_of(session, newest)
        return render_template("audit/erasures.html", lines=lines, errors=field_messages(wrong), typed=request.form)


@blueprint.post("/audit/erasures")
def erase() -> Response | tuple[str, int]:
    """Erase the texts of an entry, or of all entries about somebody or something."""
    actor = _require_eraser()
    said = {name: request.form.get(name, "") for name in ("basis", "reason")}
    try:
        with transaction() as session:
            if typed_seq():
                paths = request.form.get("paths", "").split()
                count = erasing.erase_texts(session, typed_seq(), actor=actor, paths=paths, **said)
            else:
                count = erasing.erase_about(session, _subject(session), actor=actor, **said)
            flash(say("Đã xóa {n} lời ghi; mục và bằng chứng của nó vẫn còn.", n=count))
            return see(url_for("audit.erasures"))
    except Invalid as wrong:
        return _page(wrong), 422


def _subject(session: Session) -> str:
    """Return the key in the form, which may also be said as the name with which a person signs in."""
    typed = request.form.get("about", "").strip()
    if not typed:
        raise Invalid({"seq": "entry_or_subject"})
    return session.scalar(select(Person.id).where(Person.login == typed)) or typed

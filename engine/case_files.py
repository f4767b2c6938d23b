"""What may be done to a case file: open, put entries in with remarks, take them out, close with a conclusion."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import audit
from engine.audit import Fact
from engine.clock import now
from models.audit import AuditEntry
from models.case_files import CaseEntry, CaseFile
from models.errors import Invalid, NotAllowed, NotFound, WrongState
from models.permissions import Actor, Permission, may
from models.text import nfc

MOST_ENTRIES = 500
_LONGEST = 5000


def require_reader(actor: Actor) -> None:
    """Refuse who may not read the whole log."""
    if not may(actor, Permission.AUDIT_READ):
        raise NotAllowed("may_not_read_audit")


def open_(session: Session, *, actor: Actor, title: str, purpose: str = "") -> CaseFile:
    """Open a case file. Errors: NotAllowed; Invalid without a title."""
    require_reader(actor)
    if not title.strip():
        raise Invalid({"title": "required"}, reason="case_needs_title")
    case = CaseFile(
        title=nfc(" ".join(title.split()))[:300],
        purpose=nfc(purpose.strip())[:_LONGEST],
        organization_id=actor.organization_id,
        opened_by=actor.person_id,
        opened_as=actor.title,
        opened_at=now(session),
    )
    session.add(case)
    session.flush()
    audit.record(session, actor, Fact.CASE_FILE_OPENED, case, title=case.title)
    return case


def _take(session: Session, case: CaseFile, actor: Actor) -> CaseFile:
    require_reader(actor)
    session.refresh(case, with_for_update=True)
    if not case.is_open:
        raise WrongState("case_closed", subject=case, who=case.closed_as, at=case.closed_at)
    return case


def put_in(session: Session, case: CaseFile, seq: int, *, actor: Actor, remark: str = "") -> CaseEntry:
    """Put an entry of the log into an open case file with a remark; once more, the remark is replaced.

    Errors: NotAllowed; WrongState when it is closed; NotFound for no entry; Invalid when it is full.
    """
    case = _take(session, case, actor)
    if session.get(AuditEntry, seq) is None:
        raise NotFound("no_such_entry")
    entry = session.get(CaseEntry, (case.id, seq))
    before = {"remark": entry.remark} if entry is not None else None
    if entry is None:
        if len(session.scalars(select(CaseEntry.seq).where(CaseEntry.case_file_id == case.id)).all()) >= MOST_ENTRIES:
            raise Invalid({"seq": "too_many_entries"}, reason="case_full", n=MOST_ENTRIES)
        entry = CaseEntry(case_file_id=case.id, seq=seq, added_by=actor.person_id, added_at=now(session))
        session.add(entry)
    entry.remark = nfc(remark.strip())[:_LONGEST]
    session.flush()
    after = {"remark": entry.remark}
    audit.record(session, actor, Fact.ENTRY_FILED, case, entry=seq, before=before, after=after)
    return entry


def take_out(session: Session, case: CaseFile, seq: int, *, actor: Actor) -> None:
    """Take an entry out of an open case file; that it was in it stays in the log.

    Errors: NotAllowed; WrongState when it is closed; NotFound when it is not in it.
    """
    case = _take(session, case, actor)
    entry = session.get(CaseEntry, (case.id, seq))
    if entry is None:
        raise NotFound("no_such_entry")
    session.delete(entry)
    session.flush()
    audit.record(session, actor, Fact.ENTRY_UNFILED, case, entry=seq, before={"remark": entry.remark})


def close(session: Session, case: CaseFile, *, actor: Actor, conclusion: str) -> CaseFile:
    """Close a case file with its conclusion; nothing of it changes any more.

    Errors: NotAllowed; WrongState when it is closed; Invalid without a conclusion.
    """
    case = _take(session, case, actor)
    if not conclusion.strip():
        raise Invalid({"conclusion": "required"}, reason="case_needs_conclusion")
    case.conclusion = nfc(conclusion.strip())[: 4 * _LONGEST]
    case.closed_at, case.closed_by, case.closed_as = now(session), actor.person_id, actor.title
    session.flush()
    entries = session.scalars(select(CaseEntry.seq).where(CaseEntry.case_file_id == case.id)).all()
    audit.record(
        session, actor, Fact.CASE_FILE_CLOSED, case, title=case.title, entries=sorted(entries),
        conclusion=case.conclusion,
    )  # fmt: skip
    return case

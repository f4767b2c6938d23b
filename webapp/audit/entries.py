"""One entry of the log in full: what it says, who could see it then, and the way into a case file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from flask import render_template
from sqlalchemy.orm import Session

from engine.replay.readers import MOST, posts_of, posts_reading_all, readers_of
from models.audit import AuditEntry
from models.audit_archives import AuditLeaf
from models.case_files import CaseFile
from models.errors import NotFound
from webapp.audit import words
from webapp.audit.blueprint import blueprint, require_reader
from webapp.audit.case_files import LENGTH
from webapp.text import say
from webapp.text.words import PARTS
from webapp.transaction import reading

ROLES: Final = {**PARTS, "issuer": "ra đặt hàng", "focal": "đầu mối nhận", "task": "có việc trong quy trình"}


@dataclass(frozen=True, slots=True)
class Reader:
    """A body that could see an entry, why, and its posts as they were held then."""

    name: str
    why: str
    posts: Sequence[str]


@blueprint.get("/audit/entries/<int:seq>")
def entry(seq: int) -> str:
    """Show one entry in full, with what is needed to put it into a case file."""
    actor = require_reader()
    with reading() as session:
        row = session.get(AuditEntry, seq)
        if row is None:
            raise NotFound("entry_is_archived" if session.get(AuditLeaf, seq) else "not_found")
        open_cases = CaseFile.visible_to(actor).where(CaseFile.closed_at.is_(None)).limit(LENGTH)
        (line,) = words.lines_of(session, [row], whole=True)
        cases = session.scalars(open_cases).all()
        return render_template("audit/entry.html", line=line, cases=cases, **_seen(session, row))


def _seen(session: Session, row: AuditEntry) -> dict[str, Any]:
    readers = readers_of(session, row)
    held = session.execute(posts_of(readers, row)).all()
    return {
        "bodies": _grouped(held, {id: say(ROLES[part]) for id, part in readers.parts.items()}),
        "inspectors": _grouped(session.execute(posts_reading_all(readers, row)).all(), {}),
        "is_refusal": readers.is_refusal,
        "is_cut": len(held) == MOST,
    }


def _grouped(rows: Sequence[Any], why: Mapping[str, str]) -> list[Reader]:
    found = []
    for (id, name), posts in groupby(rows, key=lambda row: (row[0], row[1])):
        found.append(Reader(name, why.get(id, ""), [f"{post} ({holder})" for _, _, post, holder in posts]))
    return found

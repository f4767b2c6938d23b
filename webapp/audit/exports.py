"""A list of the log as a file: CSV for people, JSON Lines for checking, XES and OCEL for process mining; streamed."""

from collections.abc import Callable, Iterator

from flask import Response, request, stream_with_context
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.audit import exporting
from models.audit import AuditEntry, AuditTip
from models.errors import NotFound
from webapp.audit import eventlogs, tables
from webapp.audit.blueprint import blueprint, require_reader
from webapp.audit.filters import Filters
from webapp.audit.resolving import resolve
from webapp.audit.searching import everything
from webapp.transaction import reading, transaction

Written = Callable[[Session, Select[AuditEntry]], Iterator[str] | Iterator[bytes]]


def _same(parts: Iterator[str] | Iterator[bytes]) -> Iterator[bytes]:
    return (part.encode() if isinstance(part, str) else part for part in parts)


def _canonical(session: Session, entries: Select[AuditEntry]) -> Iterator[bytes]:
    return (line + b"\n" for _, line in exporting.lines(session, entries))


# The name in the address -> how it is written, its media type, its file name.
FORMATS: dict[str, tuple[Written, str, str]] = {
    "csv": (tables.csv_of, "text/csv; charset=utf-8", "nhat-ky.csv"),
    "jsonl": (_canonical, "application/jsonl", "nhat-ky.jsonl"),
    "xes": (eventlogs.xes_of, "application/xml", "nhat-ky.xes"),
    "ocel": (eventlogs.ocel_of, "application/json", "nhat-ky.jsonocel"),
}


@blueprint.get("/audit/exports/<format>")
def export_list(format: str) -> Response:
    """Give the list that the filters in the address make as a file; the export itself is an entry."""
    actor = require_reader()
    if format not in FORMATS:
        raise NotFound("not_found")
    filters = Filters.read(request.args)
    with transaction(once=False) as session:
        exporting.announce(session, actor=actor, subject=filters.subject or None, form=format, query=filters.query)
    write, media, name = FORMATS[format]
    with reading() as session:
        wanted = resolve(session, filters)
        readable = select(AuditEntry)
        if filters.subject:
            readable = readable.where(
                (AuditEntry.order_id == filters.subject) | (AuditEntry.subject_id == filters.subject)
            )
        # What is recorded while the file is written is not in it.
        last = session.scalar(select(AuditTip.seq)) or 0
        entries = everything(session, readable, wanted).where(AuditEntry.seq <= last)
        answer = Response(stream_with_context(_same(write(session, entries))), mimetype=media.partition(";")[0])
    answer.content_type = media
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

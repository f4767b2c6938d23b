"""A list of the log as a file: CSV for people, JSON Lines for programs, XES and OCEL for process mining; streamed."""

from collections.abc import Callable, Iterator
from pathlib import Path

from flask import Response, render_template, request, stream_with_context
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from engine.audit import exporting
from models.audit import AuditEntry, AuditTip
from models.base import new_id
from models.errors import NotFound
from webapp.audit import eventlogs, tables
from webapp.audit.blueprint import blueprint, require_reader
from webapp.audit.filters import Filters
from webapp.audit.meters import Meter, Seen, progress_of
from webapp.audit.resolving import resolve
from webapp.audit.searching import everything
from webapp.narrowing import is_key
from webapp.runtime import runtime
from webapp.transaction import reading, transaction

Written = Callable[[Session, Select[AuditEntry], Seen], Iterator[str]]

# The name in the address -> how it is written, its media type, its file name.
FORMATS: dict[str, tuple[Written, str, str]] = {
    "csv": (tables.csv_of, "text/csv; charset=utf-8", "nhat-ky.csv"),
    "jsonl": (tables.jsonl_of, "application/jsonl", "nhat-ky.jsonl"),
    "xes": (eventlogs.xes_of, "application/xml", "nhat-ky.xes"),
    "ocel": (eventlogs.ocel_of, "application/json", "nhat-ky.jsonocel"),
}


@blueprint.get("/audit/exports")
def prepare_export() -> str:
    """Offer the list that the filters in the address make as files, and show how far a file that is written is."""
    require_reader()
    filters = Filters.read(request.args)
    meter = request.args.get("meter", "")
    with reading() as session:
        count = session.scalar(select(func.count()).select_from(_entries(session, filters).order_by(None).subquery()))
    return render_template(
        "audit/export.html",
        filters=filters,
        formats=FORMATS,
        count=count or 0,
        meter=meter if is_key(meter) else new_id(),
        progress=progress_of(_meters(), meter),
    )


@blueprint.get("/audit/export-progress")
def export_progress() -> str:
    """Say how far the file is that is written under a key."""
    require_reader()
    meter = request.args.get("meter", "")
    return render_template("audit/progress.html", progress=progress_of(_meters(), meter))


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
        entries = _entries(session, filters)
        total = session.scalar(select(func.count()).select_from(entries.order_by(None).subquery())) or 0
        meter = Meter(_meters(), request.args.get("meter", ""), total)
        answer = Response(stream_with_context(_metered(write(session, entries, meter.add), meter)))
    answer.content_type = media
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _entries(session: Session, filters: Filters) -> Select[AuditEntry]:
    wanted = resolve(session, filters)
    readable = select(AuditEntry)
    if filters.subject:
        readable = readable.where((AuditEntry.order_id == filters.subject) | (AuditEntry.subject_id == filters.subject))
    # What is recorded while the file is written is not in it.
    last = session.scalar(select(AuditTip.seq)) or 0
    return everything(session, readable, wanted).where(AuditEntry.seq <= last)


def _metered(parts: Iterator[str], meter: Meter) -> Iterator[bytes]:
    for part in parts:
        yield part.encode()
    meter.end()


def _meters() -> Path:
    return runtime().settings.home / "exports"

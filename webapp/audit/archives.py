"""What left the log for archives, what is held, what would leave next, and archives that are open for review."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import render_template, request
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from engine.audit import retention
from engine.audit.retention import Kind
from engine.clock import now
from models.audit import AuditCheckpoint, AuditEntry
from models.audit_archives import AuditArchive, AuditHold, AuditRestored
from models.errors import NotFound
from models.orders import Order
from webapp.audit import words
from webapp.audit.blueprint import blueprint, require_reader
from webapp.transaction import reading

PAGE = 50
LENGTH = 100
# So many are counted of what would leave next.
COUNTED = 1000
KINDS = {
    Kind.ACCESS: "Đăng nhập, lần đọc và lần bị từ chối",
    Kind.RIGHTS: "Tài khoản, đơn vị, quyền, cài đặt",
    Kind.WORK: "Công việc của các đặt hàng đã xong",
}


@blueprint.get("/audit/archives")
def archives() -> str:
    """List the archives, the holds, how long each class of entries is kept, and how many would leave next."""
    require_reader()
    with reading() as session:
        held = select(AuditHold, Order).join(Order, Order.id == AuditHold.order_id).where(AuditHold.ended_at.is_(None))
        return render_template(
            "audit/archives.html",
            archives=session.scalars(select(AuditArchive).order_by(AuditArchive.id.desc()).limit(LENGTH)).all(),
            opened=set(session.scalars(select(AuditRestored.archive_id).distinct())),
            holds=session.execute(held.order_by(AuditHold.id).limit(LENGTH)).all(),
            years=[(KINDS[kind], retention.years(session, kind)) for kind in Kind],
            next_count=_next(session),
            counted=COUNTED,
        )


def _next(session: Session) -> int:
    protected = session.scalar(select(func.max(AuditCheckpoint.size))) or 0
    due = retention.due(session, until=now(session), upto=protected).with_only_columns(AuditEntry.seq)
    return session.scalar(select(func.count()).select_from(due.limit(COUNTED).subquery())) or 0


@blueprint.get("/audit/archives/<id>")
def archive(id: str) -> str:
    """Read an archive that is open for review: its entries, apart from the log; of one order where that is asked."""
    require_reader()
    with reading() as session:
        found = session.get(AuditArchive, id)
        mine = select(AuditRestored).where(AuditRestored.archive_id == id).order_by(AuditRestored.seq)
        if order := request.args.get("order"):
            mine = mine.where(AuditRestored.order_id == order)
        after = request.args.get("after", "")
        since = mine.where(AuditRestored.seq > int(after)) if after.isascii() and after.isdecimal() else mine
        rows = session.scalars(since.limit(PAGE + 1)).all()
        if found is None or not rows:
            raise NotFound("archive_not_open")
        entries = [_entry(row) for row in rows[:PAGE]]
        return render_template(
            "audit/archive.html",
            archive=found,
            lines=words.lines_of(session, entries),
            order=order,
            next=entries[-1].seq if len(rows) > PAGE else None,
        )


def _entry(row: AuditRestored) -> AuditEntry:
    said: Mapping[str, Any] = json.loads(row.entry)
    values = {**said, "at": datetime.fromisoformat(said["at"]), "refused": bool(said["refused"])}
    facts = values.pop("facts")
    entry = AuditEntry(**values, stored=facts)
    set_committed_value(entry, "spoken", row.texts)
    return entry

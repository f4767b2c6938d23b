"""Whether the log is whole: what was signed of it, who witnessed that, what is not protected yet, and its export."""

from flask import Response, render_template, request, send_file
from sqlalchemy import select

from engine import verification
from engine.audit import checkpoints, exporting, keys, sealed, witnesses
from engine.audit.notes import code_of
from engine.audit.verification import Verification
from models.audit import AuditEntry, AuditTip
from webapp.audit import bundles
from webapp.audit.blueprint import blueprint, require_reader
from webapp.runtime import runtime
from webapp.transaction import reading, transaction

LENGTH = 12


@blueprint.get("/audit/integrity")
def integrity() -> str:
    """Say what protects the log; with `verify`, recompute all of it and compare it with what is kept outside."""
    require_reader()
    verified = _verified() if request.args.get("verify") == "1" else None
    with reading() as session:
        tip = session.get_one(AuditTip, 1)
        shown = session.scalars(checkpoints.newest().limit(LENGTH)).all()
        return render_template(
            "audit/integrity.html",
            tip=tip,
            since=session.scalar(select(AuditEntry.at).where(AuditEntry.seq == 1)),
            checkpoints=[(row, code_of(row.root), witnesses.of_size(session, row.size)) for row in shown],
            open_entries=tip.seq - (shown[0].size if shown else 0),
            is_late=checkpoints.waiting(session) > checkpoints.LATE,
            key=keys.current(session),
            witnesses=witnesses.newest_of_each(session),
            split=witnesses.split_views(session),
            verified=verified,
        )


@blueprint.get("/audit/export")
def export() -> Response:
    """Give the log as one file with all that is needed to check it; the export itself is an entry."""
    actor = require_reader()
    subject = request.args.get("subject") or None
    if subject is not None:
        with reading() as session:
            checkpoints.latest(session)
    with transaction(once=False) as session:
        exporting.announce(session, actor=actor, subject=subject)
    world = runtime()
    with verification.snapshot(world.database, world.clock) as session:
        file = bundles.write(session, subject=subject)
    return send_file(file, "application/zip", as_attachment=True, download_name="nhat-ky.zip")


def _verified() -> Verification:
    world = runtime()
    with verification.snapshot(world.database, world.clock) as session:
        return sealed.examine(session, world.seal.outside)

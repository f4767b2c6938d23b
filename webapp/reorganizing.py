"""`lienthong reorganize`: hands the open work of merged or split bodies to their successors."""

import argparse
import csv
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.orm import Session

from engine import reorganizations
from engine.jobs import committing
from engine.unit import unit
from models.errors import Invalid
from models.orders import Order
from models.organizations import Organization
from models.permissions import Actor
from webapp.runtime import Runtime


def add_options(moving: argparse.ArgumentParser) -> None:
    """Add what the command asks for."""
    moving.add_argument("file", type=Path, metavar="FILE", help="CSV: from, to (ids of organizations), kind")
    moving.add_argument("--user", required=True, metavar="NAME", help="the login of the administrator")
    moving.add_argument("--document", default="", metavar="TEXT", help="the document the reorganization is based on")
    moving.add_argument("--dry-run", action="store_true", help="only list the open work and who would take it")


def reorganize(runtime: Runtime, options: argparse.Namespace, *, actor: Callable[[Session], Actor]) -> list[str]:
    """Say what open work goes where; unless it is a dry run, hand it over in one transaction."""
    changes, opened = _changes_in(options.file), unit if options.dry_run else committing
    with opened(runtime.database, runtime.clock) as session:
        if options.dry_run:
            pieces = reorganizations.survey(session, changes)
        else:
            pieces = reorganizations.reorganize(session, changes, actor=actor(session), document=options.document)
        return [_told(session, piece) for piece in pieces]


def _told(session: Session, piece: reorganizations.Piece) -> str:
    order = session.get(Order, piece.order_id) if piece.order_id else None
    names = [session.get_one(Organization, one).name for one in piece.successors]
    body = session.get_one(Organization, piece.body_id).name
    where = order.number or order.title if order else "-"
    who = names[0] if piece.successor else f"? ({', '.join(names) or '-'})"
    return f"{body} | {where} | {piece.shares} shares, {piece.tasks} tasks | {who}"


def _changes_in(path: Path) -> list[reorganizations.Change]:
    """Read a table (CSV, UTF-8) with the columns from, to and kind; `to` is empty where nobody follows."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file)
        if not {"from", "to", "kind"} <= set(table.fieldnames or ()):
            raise Invalid({"file": "columns"}, file=path.name, columns="from, to, kind")
        rows = [{name: (row[name] or "").strip() for name in ("from", "to", "kind")} for row in table]
        return [reorganizations.Change(row["from"], row["to"] or None, row["kind"]) for row in rows]

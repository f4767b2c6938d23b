"""Reorganizations in the browser: bodies and successors chosen in the address, a dry run, then one button."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Self

from flask import flash, make_response, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from engine import notation, organizations, reorganizations
from engine.calendar import local_day
from engine.clock import ZONE, now
from models.errors import Invalid
from models.orders import Order
from models.organizations import Organization
from models.permissions import Permission, may
from webapp.auth import current_actor
from webapp.idempotency import see
from webapp.organizations import queries
from webapp.organizations.blueprint import blueprint
from webapp.text import say
from webapp.text.refusals import field_messages
from webapp.transaction import reading, transaction

KINDS = {"merge": "Sáp nhập", "split": "Chia tách", "rename": "Đổi tên", "abolish": "Giải thể"}
CHOSEN = ("bodies", "successors")
MOST_CHOSEN = 100
MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Said:
    """What the address or the form says; bodies and successors by key."""

    kind: str
    bodies: tuple[str, ...]
    successors: tuple[str, ...]
    document: str
    day: str

    @classmethod
    def read(cls, given: MultiDict[str, str]) -> Self:
        """Read it, with what a button has just added or dropped."""
        return cls(
            given.get("kind", "merge"), _chosen(given, "bodies"), _chosen(given, "successors"),
            given.get("document", "").strip()[:300], given.get("day", "").strip()[:20],
        )  # fmt: skip

    def changes(self) -> list[reorganizations.Change]:
        """Return what it makes of the bodies."""
        return reorganizations.changes_of(self.kind, self.bodies, self.successors)

    def since(self, session: Session) -> datetime | None:
        """Return the instant at which the day begins; None where none is named."""
        if not self.day:
            return None
        try:
            day = notation.parse_date(self.day, today=local_day(now(session)))
        except notation.BadNotation:
            raise Invalid({"at": "not_a_day"}, reason="not_a_day") from None
        return datetime.combine(day, time(), ZONE)


def _chosen(given: MultiDict[str, str], name: str) -> tuple[str, ...]:
    dropped = given.getlist(f"drop_{name}")
    kept = dict.fromkeys((*given.getlist(name), *given.getlist(f"add_{name}")))
    return tuple(key for key in kept if key not in dropped)[:MOST_CHOSEN]


@dataclass(frozen=True, slots=True)
class Line:
    """The open work of one body within one order (or outside orders), and who would get it."""

    body: Organization
    order: Order | None
    shares: int
    tasks: int
    successors: Sequence[str]


def manages() -> bool:
    """Tell whether the actor keeps the register."""
    return may(current_actor(), Permission.ORGANIZATION_MANAGE)


@blueprint.get("/organizations/reorganization")
def ask_for_reorganization() -> str:
    """Show what was chosen so far; with `tried`, the open work and who would take it."""
    with reading() as session:
        organizations.require_manager(current_actor())
        shown = _content(session, Said.read(request.args), tried="tried" in request.args)
        return render_template("organizations/reorganization.html", **shown)


@blueprint.post("/organizations/reorganization")
def reorganize() -> Response:
    """Record it and hand over the open work, in one transaction."""
    said = Said.read(request.form)
    try:
        with transaction() as session:
            organizations.require_manager(current_actor())
            pieces = reorganizations.reorganize(
                session, said.changes(), actor=current_actor(), document=said.document, at=said.since(session)
            )
            flash(_done(pieces))
            return see(url_for("organizations.show", id=said.bodies[0]))
    except Invalid as wrong:
        with reading() as session:
            shown = _content(session, said, tried=True)
            shown["errors"] |= field_messages(wrong)
            return make_response(render_template("organizations/reorganization.html", **shown), 422)


def _done(pieces: Sequence[reorganizations.Piece]) -> str:
    handed = sum(piece.successor is not None for piece in pieces)
    if handed == len(pieces):
        return say("Đã sắp xếp; bàn giao {n} phần việc.", n=handed)
    return say(
        "Đã sắp xếp; bàn giao {n} phần việc, {asked} phần chờ quý vị chọn đơn vị nhận trong «Việc của tôi».",
        n=handed, asked=len(pieces) - handed,
    )  # fmt: skip


def _content(session: Session, said: Said, *, tried: bool) -> dict[str, Any]:
    q = request.args.get("q", "").strip()[:200]
    chosen = _named(session, (*said.bodies, *said.successors))
    shown: dict[str, Any] = {
        "said": said,
        "chosen": {name: [chosen[key] for key in getattr(said, name) if key in chosen] for name in CHOSEN},
        "kinds": KINDS,
        "q": q,
        "found": session.scalars(queries.found(q, at=now(session)).limit(MOST_FOUND)).unique().all() if q else (),
        "errors": {},
        "lines": None,
    }
    if tried:
        try:
            shown["lines"] = _lines(session, reorganizations.survey(session, said.changes()))
        except Invalid as wrong:
            shown["errors"] = field_messages(wrong)
    return shown


def _named(session: Session, keys: Sequence[str]) -> dict[str, Organization]:
    return {body.id: body for body in session.scalars(queries.several(keys)).unique()} if keys else {}


def _lines(session: Session, pieces: Sequence[reorganizations.Piece]) -> list[Line]:
    bodies = _named(session, [key for piece in pieces for key in (piece.body_id, *piece.successors)])
    concerned = select(Order).where(Order.id.in_([piece.order_id for piece in pieces if piece.order_id]))
    orders = {order.id: order for order in session.scalars(concerned)}
    return [
        Line(
            bodies[piece.body_id], orders.get(piece.order_id or ""), piece.shares, piece.tasks,
            [bodies[key].name for key in piece.successors],
        )
        for piece in pieces
    ]  # fmt: skip

"""Orders for people: the list, a new one, the page of one order as a document, its print, amendment and withdrawal."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, make_response, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import amendments, orders, rollups, watches
from engine.clock import close_of, now
from models.assignments import Assignment
from models.errors import Invalid, NotFound
from models.orders import Order
from models.permissions import Actor, Permission, may
from webapp.auth import current_actor
from webapp.days import day_of
from webapp.idempotency import see
from webapp.marks import mark_of
from webapp.orders import page
from webapp.orders.lines import lines_of
from webapp.orders.listing import index_of
from webapp.orders.queries import Filters
from webapp.orders.story import story_of
from webapp.text import language, say
from webapp.text.refusals import field_messages
from webapp.transaction import reading, transaction

blueprint = Blueprint("orders", __name__)
TYPED = ("reason", "due", "organization", "note", *amendments.FIELDS)


@blueprint.get("/orders")
def index() -> str:
    """List the orders one may see."""
    with reading() as session:
        filters = Filters(**{name: request.args.get(name, default) for name, default in asdict(Filters()).items()})
        return render_template("orders/index.html", **index_of(session, current_actor(), filters))


@blueprint.post("/orders")
def create() -> Response:
    """Begin an order and go on to its draft."""
    with transaction() as session:
        order = orders.create(session, actor=current_actor())
        draft = session.scalars(orders.open_tasks(order.id)).first()
        return see(url_for("tasks.show", id=draft.id) if draft else url_for("orders.show", id=order.id))


@blueprint.get("/orders/<id>")
def show(id: str) -> str:
    """Show one order."""
    with reading() as session:
        return render_template(
            "orders/show.html", **content(session, current_actor(), page.fetch(session, current_actor(), id))
        )


@blueprint.get("/orders/<id>/print")
def print_view(id: str) -> str:
    """Show one order as the document that is printed."""
    with reading() as session:
        shown = content(session, current_actor(), page.fetch(session, current_actor(), id))
        return render_template("orders/print.html", **shown, mark=mark_of(session))


@blueprint.get("/orders/<id>/assignments/<assignment_id>")
def branch(id: str, assignment_id: str) -> str:
    """Show the shares below one local share; alone for htmx, as a page otherwise."""
    with reading() as session:
        order = page.fetch(session, current_actor(), id)
        share = session.get(Assignment, assignment_id)
        if share is None or share.order_id != order.id:
            raise NotFound("not_found")
        nodes = page.branch_of(session, share.id)
        template = "orders/branch_part.html" if request.headers.get("HX-Request") else "orders/branch.html"
        return render_template(template, order=order, nodes=nodes, name=page.name_of(share))


@blueprint.post("/orders/<id>/withdrawal")
def withdraw(id: str) -> Response:
    """Withdraw an order with a reason."""
    try:
        with transaction() as session:
            order = page.pick(session, current_actor(), id)
            orders.withdraw(session, order, actor=current_actor(), reason=request.form.get("reason", ""))
            flash(say("Đã thu hồi đặt hàng {number}.", number=order.number or ""))
            return see(url_for("orders.show", id=id))
    except Invalid as wrong:
        return again(id, "withdrawal", wrong)


@blueprint.post("/orders/<id>/amendment")
def amend(id: str) -> Response:
    """Change what an order under way says or when it is due; the lead is asked to confirm."""
    try:
        with transaction() as session:
            order = page.pick(session, current_actor(), id)
            changes = {name: request.form[name] for name in amendments.FIELDS if name in request.form}
            due = request.form.get("due", "").strip()
            amendments.amend(
                session, order, actor=current_actor(), changes=changes, reason=request.form.get("reason", ""),
                due_at=due_of(session, due) if due else None,
            )  # fmt: skip
            flash(say("Đã điều chỉnh đặt hàng; đơn vị chủ trì được đề nghị xác nhận."))
            return see(url_for("orders.show", id=id))
    except Invalid as wrong:
        if "due_on" in wrong.fields:
            wrong.fields["due"] = wrong.fields.pop("due_on")
        return again(id, "amendment", wrong)


def due_of(session: Session, typed: str) -> datetime:
    """Read a new due, which is the end of its day; Invalid where the day cannot be read or can be read in two ways."""
    return close_of(day_of(session, typed, field="due"))


@blueprint.post("/orders/<id>/watch")
def watch(id: str) -> Response:
    """Follow an order."""
    with transaction() as session:
        watches.add(session, page.pick(session, current_actor(), id), actor=current_actor())
        return see(url_for("orders.show", id=id))


@blueprint.post("/orders/<id>/watch/end")
def unwatch(id: str) -> Response:
    """Stop following an order."""
    with transaction() as session:
        watches.remove(session, page.pick(session, current_actor(), id), actor=current_actor())
        return see(url_for("orders.show", id=id))


def again(order_id: str, opened: str, wrong: Invalid) -> Response:
    """Show the order with the form that was wrong open, and what was typed."""
    errors = field_messages(wrong)
    with reading() as session:
        shown = content(session, current_actor(), page.fetch(session, current_actor(), order_id))
        typed = {name: request.form.get(name, "") for name in TYPED}
        html = render_template("orders/show.html", **shown | {"errors": errors, "opened": opened, "typed": typed})
        return make_response(html, 422)


def content(session: Session, who: Actor, order: Order) -> dict[str, Any]:
    """Gather what the page of an order shows."""
    shares = page.shares_of(session, order)
    choices = page.choices_of(session, who, order, shares)
    found = rollups.results(session, order, locale=language())
    return {
        "order": order,
        "reads_log": may(who, Permission.AUDIT_READ),
        "head": page.head_of(order),
        "shares": shares,
        "choices": choices,
        "state_chip": page.chip(page.order_deadline(session, order), order.due_at),
        "lines": lines_of(order, found),
        "coverage": found[0].coverage if found else rollups.coverage(session, order),
        "entries": story_of(session, order, {key: node.part for key, node in shares.nodes.items()}),
        "files": page.files_of(session, order),
        "mine": page.task_of(session, who, order),
        "members": page.members_of(session, order) if choices.replace_lead else [],
        "at": now(session),
        "errors": {},
        "opened": "",
        "typed": {},
    }

"""Acts on shares of an order: urge who is late, ask for more time, change the lead."""

from flask import Blueprint, flash, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine import assignments
from engine.clock import now
from models.assignments import Assignment
from models.errors import Invalid, NotFound, existing
from models.orders import Order
from models.organizations import Organization
from webapp.auth import current_actor
from webapp.idempotency import see
from webapp.orders import again, due_of
from webapp.orders.page import pick
from webapp.text import say
from webapp.transaction import transaction

blueprint = Blueprint("assignments", __name__)


def _share(session: Session, share_id: str) -> Assignment:
    visible = select(Order.id).where(Order.is_visible_to(current_actor()))
    return existing(
        session.scalar(select(Assignment).where(Assignment.id == share_id, Assignment.order_id.in_(visible)))
    )


@blueprint.post("/orders/<order_id>/urgings")
def urge(order_id: str) -> Response:
    """Urge the body that has the chosen share."""
    with transaction() as session:
        order = pick(session, current_actor(), order_id)
        share = _share(session, request.form.get("assignment", ""))
        if share.order_id != order.id:
            raise NotFound("not_found")
        assignments.urge(session, share, actor=current_actor(), note=request.form.get("note", "").strip()[:500])
        flash(say("Đã gửi đôn đốc đến {name}.", name=share.organization.name))
        return see(url_for("orders.show", id=order_id))


@blueprint.post("/assignments/<id>/extensions")
def request_extension(id: str) -> Response:
    """Ask for more time for one's own share."""
    order_id = ""
    try:
        with transaction() as session:
            share = _share(session, id)
            order_id = share.order_id
            assignments.request_extension(
                session, share, actor=current_actor(), new_due_at=due_of(session, request.form.get("due", "")),
                reason=request.form.get("reason", ""),
            )  # fmt: skip
            flash(say("Đã gửi đề nghị gia hạn; cấp giao việc sẽ trả lời."))
            return see(url_for("orders.show", id=order_id))
    except Invalid as wrong:
        if "new_due" in wrong.fields:
            wrong.fields["due"] = wrong.fields.pop("new_due")
        return again(order_id, "extension", wrong)


@blueprint.post("/orders/<order_id>/lead")
def replace_lead(order_id: str) -> Response:
    """Give the lead to another member of the bloc."""
    try:
        with transaction() as session:
            order = pick(session, current_actor(), order_id)
            members = Organization.members_of(order.focal_id, at=now(session))
            body = session.scalar(members.where(Organization.id == request.form.get("organization", "")))
            if body is None:
                raise Invalid({"organization": "required"})
            assignments.replace_lead(
                session, order, actor=current_actor(), organization=body, reason=request.form.get("reason", "")
            )
            flash(say("Đã điều chỉnh chủ trì: {name}.", name=body.name))
            return see(url_for("orders.show", id=order_id))
    except Invalid as wrong:
        return again(order_id, "lead", wrong)

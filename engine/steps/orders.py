"""The steps of an order: drafted, compared with what runs, signed, accepted or returned."""

from typing import Any

from engine import audit, orders
from engine.audit import Fact
from engine.clock import now
from engine.operators import Call, operator
from engine.steps.dues import close_of_day, day_of
from engine.targets import close_topics, set_indicators
from models.errors import Invalid
from models.orders import CLARITIES, Order, Receiver, Topic
from models.organizations import Organization
from models.text import fold, nfc

ORDER_FIELDS = ("title", "topic_code", "basis", *CLARITIES)


@operator("orders.save_draft")
def save_draft(call: Call) -> dict[str, Any]:
    """Write the drafted order: the six clarities, topics, period, indicators with targets."""
    order, values = call.order, call.values
    before = _said_of(order)
    for name in ORDER_FIELDS:
        if name in values:
            setattr(order, name, values[name] or None)
    order.title = order.title or ""
    order.title_fold = fold(order.title)
    order.due_at = close_of_day(values.get("due_on")) or order.due_at
    order.period_from = day_of(values.get("period_from")) or order.period_from
    order.period_to = day_of(values.get("period_to")) or order.period_to
    _set_topics(order, str(values.get("topics") or ""))
    _set_receivers(call, order)
    _set_indicators(call, order)
    call.session.flush()
    after = _said_of(order)
    changed = [name for name in after if before[name] != after[name]]
    audit.record(
        call.session,
        call.actor,
        Fact.ORDER_SAVED,
        order,
        order_id=order.id,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return {"topic_code": order.topic_code}


def _said_of(order: Order) -> dict[str, Any]:
    return {name: getattr(order, name) for name in ORDER_FIELDS} | {"due": order.due_at}


def _set_topics(order: Order, text: str) -> None:
    names = [nfc(line.strip()) for line in text.splitlines() if line.strip()]
    if names != [topic.name for topic in order.topics]:
        order.topics = [Topic(position=n, name=name) for n, name in enumerate(names)]


def _set_receivers(call: Call, order: Order) -> None:
    if order.kind == "order" and not order.receivers:
        members = call.session.scalars(Organization.members_of(order.focal_id, at=now(call.session)))
        order.receivers = [Receiver(organization_id=member.id) for member in members]


def _set_indicators(call: Call, order: Order) -> None:
    chosen = list(call.values.get("indicators") or [])
    if not chosen:
        return
    targets = {figure.indicator: figure.value for figure in (call.cleaned.figures if call.cleaned else ())}
    set_indicators(call.session, order, chosen, targets=targets)


@operator("orders.check_overlap", gives={"overlaps": 0, "overlap_orders": []})
def check_overlap(call: Call) -> dict[str, Any]:
    """Count the running orders on the same topic, place and time; a person decides what to do about them."""
    order = call.order
    found = orders.overlaps(call.session, order)
    if found:
        audit.record(
            call.session,
            call.actor,
            Fact.OVERLAP_FOUND,
            order,
            order_id=order.id,
            others=[other.number for other in found],
        )
    return {"overlaps": len(found), "overlap_orders": [other.id for other in found]}


@operator("orders.resolve_overlap")
def resolve_overlap(call: Call) -> dict[str, Any]:
    """Record whether overlapping orders are merged, delimited, or both kept with a reason."""
    order, values = call.order, call.values
    audit.record(
        call.session,
        call.actor,
        Fact.OVERLAP_RESOLVED,
        order,
        order_id=order.id,
        reason=values.get("reason"),
        decision=values.get("decision"),
        others=[other.number for other in orders.overlaps(call.session, order)],
    )
    return {}


@operator("orders.sign")
def sign(call: Call) -> dict[str, Any]:
    """Sign an order: it gets its number and date; refused while one of the six clarities is empty."""
    order, values = call.order, call.values
    if values.get("decision") != "sign":
        return {}
    empty = [name for name in CLARITIES if not (getattr(order, name) or "").strip()]
    if empty:
        raise Invalid({"decision": "clarities_missing"}, reason="clarities_missing", missing=empty)
    order.number = order.number or orders.next_number(call.session, order)
    order.signed_at = now(call.session)
    if order.due_at is not None and order.due_at < order.signed_at:
        raise Invalid({"decision": "due_has_passed"}, reason="due_has_passed")
    call.session.flush()
    audit.record(call.session, call.actor, Fact.ORDER_SIGNED, order, order_id=order.id, number=order.number)
    return {}


@operator("orders.nghiem_thu")
def nghiem_thu(call: Call) -> dict[str, Any]:
    """Record the verdict on the result; a final one closes the order and its topics."""
    order, decision = call.order, call.values.get("decision")
    order.verdict = decision
    if decision != "khong_dat_lam_lai":
        order.closed_at = now(call.session)
        close_topics(call.session, order, reached=decision != "khong_dat")
        orders.drop_questions(call.session, order, actor=call.actor)
        audit.record(call.session, call.actor, Fact.ORDER_CLOSED, order, order_id=order.id, verdict=decision)
    else:
        reason = call.values.get("reason")
        audit.record(
            call.session, call.actor, Fact.ORDER_RETURNED, order, order_id=order.id, verdict=decision, reason=reason
        )
    return {}

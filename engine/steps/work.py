"""The step that gives an organization's own work to one below."""

from typing import Any

from engine import audit, orders
from engine.audit import Fact
from engine.clock import now
from engine.operators import Call, operator
from engine.steps.dues import close_of_day
from engine.targets import set_indicators
from models.assignments import Assignment, Part, Progress
from models.errors import Invalid
from models.orders import Order
from models.organizations import Organization
from models.text import fold


@operator("work.assign")
def assign_work(call: Call) -> dict[str, Any]:
    """Give own work to one organization: its share is this instance itself."""
    order, values = call.order, call.values
    organization = call.session.get(Organization, str(values.get("assignee") or "-"))
    if organization is None:
        raise Invalid({"assignee": "required"}, reason="assignee_required")
    _describe(call, order)
    share = Assignment(
        order_id=order.id,
        organization_id=organization.id,
        area_id=organization.area_id,
        instance_id=call.instance.id,
        part=Part.COORDINATING if organization.area_id == order.area_id else Part.LOCAL,
        progress=Progress.IN_PROGRESS,
        due_at=close_of_day(values.get("due_on")) or order.due_at,
        created_at=now(call.session),
        order=order,
    )
    call.session.add(share)
    call.instance.area_id, call.instance.place = organization.area_id, organization.area.name
    call.session.flush()
    call.instance.assignment_id = share.id
    call.session.flush()
    audit.record(
        call.session,
        call.actor,
        Fact.ASSIGNMENT_CREATED,
        share,
        order_id=order.id,
        part=share.part,
        organization=organization.id,
        due=share.due_at,
        instance=call.instance.id,
        progress=share.progress,
        order={"title": order.title, "number": order.number, "due": order.due_at, "progress": order.progress},
    )
    return {"assignee": organization.id}


def _describe(call: Call, order: Order) -> None:
    values = call.values
    order.title = order.title or str(values.get("title") or "")
    order.title_fold = fold(order.title)
    order.topic_code = order.topic_code or values.get("topic_code")
    order.ro_viec = order.ro_viec or values.get("ro_viec")
    order.due_at = order.due_at or close_of_day(values.get("due_on"))
    chosen = [row.indicator_code for row in order.indicators]
    chosen += [code for code in values.get("indicators") or [] if code not in chosen]
    if chosen:
        set_indicators(call.session, order, chosen)
    if order.number is None:
        order.number, order.signed_at = orders.next_number(call.session, order), now(call.session)
        order.progress = Progress.IN_PROGRESS

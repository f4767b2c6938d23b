"""The steps that hand work on: whom the bloc names, which localities get work, what becomes of refused work."""

from typing import Any

from sqlalchemy import select

from engine import routing
from engine.operators import Call, operator
from engine.recipients import make_shares
from engine.steps.dues import close_of_day, within
from models.assignments import OPEN, Assignment, Part
from models.errors import Invalid


@operator("assignments.assign_lead", gives={"share_due": None})
def assign_lead(call: Call) -> dict[str, Any]:
    """Keep the chosen lead and coordinators: one lead, never among its own coordinators."""
    values = call.values
    lead, coordinators = values.get("lead"), [c for c in values.get("coordinators") or [] if c]
    if not lead:
        raise Invalid({"lead": "required"}, reason="lead_required")
    if lead in coordinators:
        raise Invalid({"coordinators": "lead_among_coordinators"}, reason="lead_among_coordinators")
    due = within(close_of_day(values.get("due_on")), call.share.due_at, "due_on")
    return {"lead": lead, "coordinators": coordinators, "share_due": due.isoformat() if due else None}


@operator("assignments.roll_out", gives={"localities": [], "plan_approved": True})
def roll_out(call: Call) -> dict[str, Any]:
    """Confirm the localities that get work; none chosen means those of the plan, or all directly below."""
    chosen = call.values.get("localities") or call.data.get("localities") or []
    return {"localities": list(chosen), "plan_approved": True}


@operator("assignments.settle_refusal", gives={"reassigned": []})
def settle_refusal(call: Call) -> dict[str, Any]:
    """Give refused work again, to the same localities or others, or leave them out with the reason."""
    values = call.values
    if values.get("decision") != "assign_again":
        return {"reassigned": []}
    chosen = routing.organizations_by_id(call.session, [str(one) for one in values.get("again") or []])
    busy = select(Assignment.organization_id).where(
        Assignment.parent_id == call.instance.assignment_id, Assignment.progress.in_(sorted(OPEN))
    )
    free = [chosen[key] for key in chosen.keys() - set(call.session.scalars(busy))]
    if not free:
        raise Invalid({"again": "works_already"}, reason="works_already")
    made = make_shares(call.session, call.instance, free, Part.LOCAL, call.data, call.actor)
    return {"reassigned": [share.id for share in made]}

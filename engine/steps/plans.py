"""The steps of a lead's plan: drawn up with its targets, handed in."""

from typing import Any

from engine import conflicts, instances, routing
from engine.operators import Call, operator
from engine.steps.dues import close_of_day, within
from engine.targets import share_out
from models.assignments import Assignment, Progress
from models.instances import Instance


@operator("plans.save", gives={"localities": [], "coordinators": [], "share_due": None})
def save_plan(call: Call) -> dict[str, Any]:
    """Keep the lead's plan: localities, cut-off and the targets per locality where some were set."""
    values, share = call.values, call.share
    due = within(close_of_day(values.get("due_on")), share.due_at, "due_on")
    bloc = call.session.get(Assignment, share.parent_id) if share.parent_id else None
    coordinators = _coordinators_of(call, bloc)
    chosen = list(values.get("localities") or [])
    areas = [organization.area_id for organization in routing.organizations_by_id(call.session, chosen).values()]
    planned = {figure.indicator: figure.value for figure in (call.cleaned.figures if call.cleaned else ())}
    share_out(call.session, call.order, areas, planned=planned)
    return {"localities": chosen, "coordinators": coordinators, "share_due": due.isoformat() if due else None}


def _coordinators_of(call: Call, bloc: Assignment | None) -> list[str]:
    """Return whom the bloc named as coordinators; the lead invites them as its own."""
    known = list(call.data.get("coordinators") or [])
    if known or bloc is None or bloc.instance_id is None:
        return known
    return list(
        instances.data_of(call.session, call.session.get_one(Instance, bloc.instance_id)).get("coordinators") or []
    )


@operator("plans.submit")
def submit_plan(call: Call) -> dict[str, Any]:
    """Hand the plan in; what the coordinators said stands with it, and the bloc is asked about who was silent."""
    for share_id in call.data.get("missing_coordinators") or []:
        share = call.session.get_one(Assignment, share_id)
        if share.progress == Progress.NOT_ACCEPTED:
            conflicts.raise_conflict(call.session, share, actor=call.actor, why="silent", reason="")
    return {}

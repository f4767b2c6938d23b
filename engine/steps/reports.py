"""The steps of a report: entered, consolidated, sent back."""

from typing import Any

from sqlalchemy import select

from engine import reports
from engine.operators import Call, operator
from models.assignments import OPEN, Assignment, Part, Progress
from models.errors import Invalid


@operator("reports.report")
def report(call: Call) -> dict[str, Any]:
    """Enter the figures, events and claims of a report."""
    reports.report(call.session, call.instance, actor=call.actor, task=call.task, cleaned=call.cleaned)
    return {}


@operator("reports.consolidate", gives={"returned": [], "returned_coordinators": []})
def consolidate(call: Call) -> dict[str, Any]:
    """Enter the own figures of a level, or name the shares whose reports go back."""
    values = call.values
    if values.get("decision") != "return_localities":
        reports.report(call.session, call.instance, actor=call.actor, task=call.task, cleaned=call.cleaned)
        return {"returned": [], "returned_coordinators": []}
    returned = _shares_of(call, "returned", Part.LOCAL)
    parts = _shares_of(call, "returned_coordinators", Part.COORDINATING)
    if not returned and not parts:
        raise Invalid({"returned": "whom_to_return"}, reason="whom_to_return")
    return {"returned": returned, "returned_coordinators": parts}


def _shares_of(call: Call, field: str, part: Part) -> list[str]:
    """Translate organizations picked in a form into their shares under this one, which have all reported."""
    query = select(Assignment).where(
        Assignment.parent_id == call.instance.assignment_id,
        Assignment.part == part,
        Assignment.progress.in_(sorted(OPEN)),
        Assignment.organization_id.in_([str(one) for one in call.values.get(field) or []]),
    )
    shares = list(call.session.scalars(query))
    silent = [share.organization.name for share in shares if share.progress != Progress.TO_CONFIRM]
    if silent:
        raise Invalid({field: "has_not_reported"}, reason="has_not_reported", who=silent)
    return [share.id for share in shares]

"""The step that grants or refuses an extension."""

from typing import Any

from engine import assignments
from engine.operators import Call, operator
from engine.steps.dues import close_of_day
from models.errors import WrongState
from models.orders import Extension


@operator("extensions.decide")
def decide_extension(call: Call) -> dict[str, Any]:
    """Grant or refuse the extension the instance was started for."""
    values = call.values
    extension = call.session.get(Extension, call.data.get("extension") or "-")
    if extension is None:
        raise WrongState("no_extension", subject=call.instance)
    assignments.decide_extension(
        call.session,
        extension,
        actor=call.actor,
        grant=values.get("decision") == "grant",
        new_due_at=close_of_day(values.get("new_due")),
        remark=str(values.get("remark") or values.get("reason") or ""),
    )
    return {}

"""Starting a process by hand: with the right, only what may be started so, and only with plain routing values."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from engine import instances, orders, uses
from models.definitions import Definition
from models.errors import Invalid, NotAllowed, WrongState
from models.instances import Instance
from models.permissions import Actor, Permission, may

# What an instance knows of itself: nobody may claim it from outside.
OWN = frozenset({"order", "assignment", "organization", "area", "topic_code", "is_leaf", "locality_code", "today",
                 "plan_approved", "accepted", "rework", "level", "missing", "collected"})  # fmt: skip
MAX_VALUES = 50
MAX_TEXT = 200


def start_by_hand(
    session: Session, process_id: str, *, actor: Actor, data: Mapping[str, Any] | None = None
) -> Instance:
    """Start the version of a process in use in the area of the actor's organization.

    An order begins with its draft. Errors: NotAllowed; NotFound; WrongState where only a message starts it; Invalid
    for values that cannot route.
    """
    if not may(actor, Permission.INSTANCE_START):
        raise NotAllowed("may_not_start")
    definition = uses.active(session, process_id, area_id=actor.area_id)
    if not is_startable(definition):
        raise WrongState("started_by_message", subject=definition, process=process_id)
    values = _routing(data or {})
    if process_id == "order":
        return session.get_one(Instance, orders.create(session, actor=actor).instance_id)
    if process_id == "work":
        begun = orders.create_work(session, actor=actor, title=str(values.get("title", "")))
        return session.get_one(Instance, begun.instance_id)
    return instances.start(session, definition, actor=actor, data=values)


def is_startable(definition: Definition) -> bool:
    """Tell whether people start a process: not those that a message or a command of ours starts."""
    return definition.startable and definition.process_id not in orders.ASIDE


def _routing(data: Mapping[str, Any]) -> dict[str, Any]:
    wrong = {f"data.{name}": why for name, value in data.items() if (why := _why_not(name, value))}
    if len(data) > MAX_VALUES:
        wrong["data"] = "too_many_values"
    if wrong:
        raise Invalid(wrong, reason="not_routing_values")
    return dict(data)


def _why_not(name: str, value: Any) -> str | None:
    if not (name.isidentifier() and name.isascii()) or len(name) > 60:
        return "not_a_name"
    if name in OWN:
        return "reserved_name"
    items = value if isinstance(value, list) else [value]
    if isinstance(value, list) and not all(isinstance(item, str) for item in value):
        return "not_a_routing_value"
    if len(items) > MAX_VALUES * 20 or not all(_is_plain(item) for item in items):
        return "not_a_routing_value"
    return None


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= MAX_TEXT
    return value is None or isinstance(value, bool | int | float)

"""The registry of commands that diagrams may name: nothing else of the product can be reached from a diagram."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from engine.forms import Cleaned
from models.assignments import Assignment
from models.errors import ProcessStuck
from models.instances import Instance
from models.orders import Order
from models.permissions import Actor
from models.tasks import Task


@dataclass(frozen=True, slots=True)
class Call:
    """What an operator is given: the instance, its routing data, and the completed task where there is one."""

    session: Session
    instance: Instance
    actor: Actor
    data: dict[str, Any]
    task: Task | None = None
    cleaned: Cleaned | None = None

    @property
    def values(self) -> Mapping[str, Any]:
        """What was answered in the form of the task; nothing where there is none."""
        return self.cleaned.values if self.cleaned is not None else {}

    @property
    def order(self) -> Order:
        """The order the instance serves; raises ProcessStuck without one."""
        if self.instance.order_id is None:
            raise ProcessStuck("this step needs an order")
        return self.session.get_one(Order, self.instance.order_id)

    @property
    def share(self) -> Assignment:
        """The share the instance serves; raises ProcessStuck without one."""
        if self.instance.assignment_id is None:
            raise ProcessStuck("this step needs an assignment")
        return self.session.get_one(Assignment, self.instance.assignment_id)


Operator = Callable[[Call], dict[str, Any]]
_operators: dict[str, Operator] = {}
_gives: dict[str, Mapping[str, Any]] = {}


def operator(name: str, *, gives: Mapping[str, Any] | None = None) -> Callable[[Operator], Operator]:
    """Register a command under the name by which diagrams call it; it returns routing values.

    `gives` are those it returns when there is nothing special, besides what was answered: they stand in for it where a
    diagram is tried without a database.
    """

    def register(function: Operator) -> Operator:
        _operators[name] = function
        _gives[name] = dict(gives or {})
        return function

    return register


def names() -> frozenset[str]:
    """Return the names a diagram may use."""
    _load()
    return frozenset(_operators)


def gives(name: str) -> dict[str, Any]:
    """Return the routing values that stand in for an operator where there is no database; none for an unknown one."""
    _load()
    return dict(_gives.get(name, {}))


def call(name: str, what: Call) -> dict[str, Any]:
    """Run an operator; an unknown name is an incident, since the checker refuses it at deployment."""
    _load()
    if name not in _operators:
        raise ProcessStuck(f"no operator is registered under the name {name}")
    return _operators[name](what)


def _load() -> None:
    # The steps call commands, and commands move instances, which call operators: bound late to close the circle.
    import engine.amendments
    import engine.conflicts
    import engine.reorganizations
    import engine.steps
    import engine.suspicions  # noqa: F401

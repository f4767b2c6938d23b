"""What waits in an instance for the outside: which tokens, under which keys, and what is told of them."""

from typing import Any

from engine.runner import alarms, codec
from engine.runner.activities import Choice, Work
from engine.runner.events import Boundary, Catch, EventGateway
from engine.runner.tree import READY, WAITING, Instance, Token
from engine.runner.values import Waiting


def waiting_in(instance: Instance) -> list[tuple[str, Token, str | None]]:
    """Return key, token and (for an event-based gateway) chosen event of everything the outside can answer."""
    found: list[tuple[str, Token, str | None]] = []
    for scope in reversed(instance.scopes()):
        for token in scope.tasks.values():
            spec = token.task_spec
            if token._state == READY and isinstance(spec, Work):
                found.append((token.id, token, None))
            elif token._state == WAITING and isinstance(spec, EventGateway):
                found += [(f"{token.id}:{target.name}", token, target.name) for target in spec.targets]
            elif token._state == WAITING and isinstance(spec, Catch):
                if spec.event.kind not in ("message", "signal", "timer"):
                    continue  # errors and escalations come from inside
                number = token.internal_data.get("round")
                found.append((f"{token.id}~{number}" if number else token.id, token, None))
    return found


def all_waiting(instance: Instance) -> tuple[Waiting, ...]:
    """Describe everything the outside can answer."""
    known: dict[int, Any] = {}
    return tuple(_described(key, token, child, known) for key, token, child in waiting_in(instance))


def _described(key: str, token: Token, child: str | None, known: dict[int, Any]) -> Waiting:
    spec = token.task_spec if child is None else token.workflow.spec.task_specs[child]
    memory = token.internal_data if child is None else token.internal_data["armed"][child]
    node = getattr(spec, "start", None) or spec.node
    event = spec.event if isinstance(spec, Catch | Boundary) else None
    return Waiting(
        key=key,
        element=node.id,
        name=node.name or node.id,
        kind=spec.kind if event is None else event.kind,
        lane_role=node.ext.get("role") or node.lane_role,
        message=event.name if event is not None and event.kind in ("message", "signal") else None,
        due=alarms.due_of(memory),
        working_days=memory.get("days") if event is not None else None,
        data=codec.copied(token.data, known),
        choices=spec.choices() if isinstance(spec, Choice) else (),
    )

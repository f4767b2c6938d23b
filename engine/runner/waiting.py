"""What waits in an instance for the outside: which tokens, under which keys, and what is told of them."""

from typing import Any, Final

from engine.runner import alarms, codec
from engine.runner.activities import Choice, Work
from engine.runner.ears import Ear
from engine.runner.tree import READY, WAITING, Instance, Token
from engine.runner.values import Waiting

# Errors, escalations and cancellations come from inside. What waits for a condition is told, and is let go by the data.
_FROM_OUTSIDE: Final = frozenset({"message", "signal", "timer", "conditional"})


def waiting_in(instance: Instance) -> list[tuple[str, Token, Ear | None]]:
    """Return key, token and (of an event) trigger of everything the outside can answer."""
    found: list[tuple[str, Token, Ear | None]] = []
    for scope in reversed(instance.scopes()):
        for token in scope.tasks.values():
            if token._state == READY and isinstance(token.task_spec, Work):
                found.append((token.id, token, None))
            elif token._state == WAITING:
                found += [
                    (ear.key, token, ear) for ear in token.task_spec.ears(token) if ear.event.kind in _FROM_OUTSIDE
                ]
    return found


def all_waiting(instance: Instance) -> tuple[Waiting, ...]:
    """Describe everything the outside can answer."""
    known: dict[int, Any] = {}
    return tuple(_described(key, token, ear, known) for key, token, ear in waiting_in(instance))


def _described(key: str, token: Token, ear: Ear | None, known: dict[int, Any]) -> Waiting:
    spec, event = token.task_spec, ear.event if ear is not None else None
    node, memory = (spec.node, token.internal_data) if ear is None else (ear.node, ear.memory)
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

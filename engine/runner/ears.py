"""What a token listens to: each trigger of its event, or of the events behind a gateway, with what it remembers."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from engine.bpmn import Event, Node
from engine.runner import alarms
from engine.runner.tree import Token


class Ear(NamedTuple):
    """One trigger that a token waits for; `part` is its place in a multiple event."""

    key: str
    token: Token
    catch: Any  # the spec of the event that waits
    event: Event
    memory: dict[str, Any]
    part: str | None = None

    @property
    def node(self) -> Node:
        """The event as drawn."""
        node: Node = getattr(self.catch, "start", None) or self.catch.node
        return node

    def hear(self, payload: dict[str, Any]) -> None:
        """The trigger has come."""
        self.token.task_spec.hear(self, payload)


def armed(token: Token, event: Event) -> dict[str, Any]:
    """Return what an event that begins to wait now must remember; of a multiple one, the parts that wait."""
    if event.parts:
        return {"parts": {str(number): armed(token, part) for number, part in enumerate(event.parts)}}
    return alarms.armed(token, event.timer) if event.timer is not None else {}


def ears(key: str, token: Token, catch: Any, memory: dict[str, Any]) -> Iterator[Ear]:
    """Yield every trigger that a waiting event still listens to."""
    waiting = [(key, catch.event, memory, None)]
    if catch.event.parts:
        parts = catch.event.parts
        waiting = [(f"{key}#{part}", parts[int(part)], own, part) for part, own in memory["parts"].items()]
    for name, event, own, part in waiting:
        number = own.get("round")
        yield Ear(f"{name}~{number}" if number else name, token, catch, event, own, part)

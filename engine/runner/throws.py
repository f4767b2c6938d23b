"""What is thrown: by an event, or by an activity that goes on; who catches it in the instance, and what leaves it."""

from collections.abc import Iterable
from typing import Any

from engine.bpmn import Event, Node
from engine.runner.ears import Ear
from engine.runner.events import Boundary, BoundarySplit
from engine.runner.lean import Lean
from engine.runner.tree import FINISHED, WAITING, Token
from engine.runner.values import Thrown


class Throw(Lean):
    """A throw event, send task or end event that says something, or several things."""

    def __init__(self, wf_spec: Any, name: str, *, node: Node | None = None) -> None:
        super().__init__(wf_spec, name, node=node)
        self.thrown: tuple[Event, ...] = node.event.each if node is not None else ()
        self.recipients = node.ext.get("recipients") if node is not None else None

    def _those(self, *kinds: str) -> list[Event]:
        return [event for event in self.thrown if event.kind in kinds]

    def _run_hook(self, my_task: Token) -> bool:
        for event in self._those("message", "signal"):
            self._tell(my_task, event)
        return True

    def _tell(self, my_task: Token, event: Event) -> None:
        place = self.node.id if self.node else ""
        my_task.top.thrown.append(Thrown(place, event.kind, event.name, self.recipients, my_task.data))

    def _on_complete(self, my_task: Token) -> None:
        data, ending = my_task.data, self._those("error", "terminate")
        if ending:
            # Nothing of the scope may go on: no token leaves, what is still alive is cancelled.
            my_task.choice = []
        super()._on_complete(my_task)
        if my_task.choice is None:
            return
        for event in ending:
            if event.kind == "terminate":
                _end_all(my_task, data)
            elif not throw_up(my_task, event, data):
                my_task.top.fail(event.code or event.name, self.bpmn_id)

    def spread(self, my_task: Token) -> None:
        interrupted = [self._escalate(my_task, event) for event in self._those("escalation")]
        if any(interrupted):
            # What an escalation interrupts goes on nowhere, and ends nothing that has ended.
            my_task.choice = None
        if signals := self._those("signal"):
            self._broadcast(my_task, signals, [] if any(interrupted) else self.ways(my_task))
        elif not any(interrupted):
            super().spread(my_task)

    def _broadcast(self, my_task: Token, signals: list[Event], ways: Iterable[Any]) -> None:
        """Let signals be heard by what waits already; what leaves keeps the scope alive, then go on if they may."""
        leaving = [self.step(my_task, way) for way in ways]
        for token in leaving:
            token.data = my_task.data
        for event in signals:
            broadcast(my_task, event.name)
        for token in leaving:
            if not token._state & FINISHED:
                token.task_spec._update(token)

    def _escalate(self, my_task: Token, event: Event) -> bool:
        """Throw an escalation; True when what catches it interrupts."""
        catcher = throw_up(my_task, event, my_task.data)
        if catcher is None:
            self._tell(my_task, event)
        return catcher is not None and bool(catcher.interrupting)


def _end_all(last: Token, data: dict[str, Any]) -> None:
    scope = last.workflow
    for token in list(scope.tasks.values()):
        if token.id in scope.tasks and not token._state & FINISHED:
            token.cancel()
    scope.finish(last, data)


def boundaries_of(token: Token) -> list[Token]:
    """Return the events that wait at the border of an activity."""
    parent = token.workflow.tasks.get(token._parent)
    if parent is not None and parent.task_spec.repeats:
        parent = token.workflow.tasks.get(parent._parent)
    if parent is None or not isinstance(parent.task_spec, BoundarySplit):
        return []
    return [child for child in parent.children if isinstance(child.task_spec, Boundary) and child._state == WAITING]


def throw_up(token: Token, event: Event, payload: dict[str, Any], *, here: bool = False) -> Any:
    """Let the nearest enclosing activity or event sub-process catch an error or escalation; return its spec, or None.

    `here` asks the border of the token's own activity first. A code counts more than a catch-all.
    """
    at_border = boundaries_of(token) if here else []
    scope, within = token.workflow, None
    while True:
        if (catcher := _caught(at_border, event, payload)) is not None:
            return catcher
        beside = [t for t in scope.tasks.values() if t.task_spec.listens and t._state == WAITING]
        others = [t for t in beside if t.task_spec is not within]
        if (catcher := _caught(others, event, payload)) is not None:
            return catcher
        host = getattr(scope, "host", None)
        if host is None:
            return None
        at_border, scope, within = boundaries_of(host), host.workflow, host.task_spec


def _caught(waiting: list[Token], event: Event, payload: dict[str, Any]) -> Any:
    fitting = [ear for token in waiting for ear in token.task_spec.ears(token) if ear.event.kind == event.kind]
    exact = [ear for ear in fitting if ear.event.code == event.code]
    any_code = [ear for ear in fitting if ear.event.code is None]
    for ear in (exact or any_code)[:1]:
        ear.hear(payload)
        return ear.catch
    return None


def announce(token: Token, event: Event, payload: dict[str, Any], place: str) -> None:
    """Throw an event from an activity that goes on: its border may catch it, then what encloses it, then others."""
    if event.kind == "signal":
        broadcast(token, event.name)
    elif event.kind in ("error", "escalation") and throw_up(token, event, payload, here=True):
        return
    elif event.kind == "error":
        token.top.fail(event.code or event.name, place)
        return
    elif event.kind == "message":
        listening = [ear for boundary in boundaries_of(token) for ear in boundary.task_spec.ears(boundary)]
        if heard := [ear for ear in listening if _is(ear, "message", event.name)]:
            heard[0].hear(payload)
            return
    token.top.thrown.append(Thrown(place, event.kind, event.name, None, payload))


def broadcast(token: Token, name: str) -> None:
    """A signal reaches everything that waits for it in this instance at once; other instances are the engine's."""
    for scope in token.top.scopes():
        for waiting in list(scope.tasks.values()):
            if waiting._state != WAITING or waiting.id not in scope.tasks:
                continue
            heard = (ear for ear in waiting.task_spec.ears(waiting) if _is(ear, "signal", name))
            if (first := next(heard, None)) is not None:
                first.hear({})


def _is(ear: Ear, kind: str, name: str) -> bool:
    return (ear.event.kind, ear.event.name) == (kind, name)

"""Events: what is thrown, what is caught, and what happens at the border of an activity."""

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask

from engine.bpmn import Event, Node
from engine.runner import alarms
from engine.runner.lean import Lean
from engine.runner.tree import FINISHED, FUTURE, WAITING, Token
from engine.runner.values import Thrown


class Throw(Lean):
    """A throw event, send task or end event that says something."""

    def __init__(self, wf_spec: Any, name: str, *, node: Node) -> None:
        super().__init__(wf_spec, name, node=node)
        self.event: Event = node.event
        self.recipients = node.ext.get("recipients")

    def _run_hook(self, my_task: Token) -> bool:
        if self.event.kind in ("message", "signal"):
            self._tell(my_task)
        return True

    def _tell(self, my_task: Token) -> None:
        my_task.top.thrown.append(
            Thrown(self.node.id if self.node else "", self.event.kind, self.event.name, self.recipients, my_task.data)
        )

    def _on_complete(self, my_task: Token) -> None:
        data = my_task.data
        if self.event.kind == "error":
            # Nothing of the scope may go on: no token leaves, the catching boundary cancels what is still alive.
            my_task.choice = []
        super()._on_complete(my_task)
        if self.event.kind == "signal":
            broadcast(my_task, self.event.name)
        elif self.event.kind == "error" and not throw_up(my_task, self.event, data):
            my_task.top.fail(self.event.code or self.event.name)
        elif self.event.kind == "escalation" and not throw_up(my_task, self.event, data):
            self._tell(my_task)


class Terminate(Lean):
    """An end event that ends its whole process or sub-process."""

    def _on_complete(self, my_task: Token) -> None:
        scope = my_task.workflow
        my_task.choice = []
        super()._on_complete(my_task)
        for token in list(scope.tasks.values()):
            if token.id in scope.tasks and not token._state & FINISHED:
                token.cancel()
        scope.finish(my_task, my_task.data)


class Catch(Lean):
    """An event that waits for a message, a signal or a time; only the outside lets it go."""

    def __init__(self, wf_spec: Any, name: str, *, node: Node) -> None:
        super().__init__(wf_spec, name, node=node)
        self.event: Event = node.event

    def _update_hook(self, my_task: Token) -> bool:
        if "fired" in my_task.internal_data:
            if "armed" not in my_task.internal_data:
                my_task._inherit_data()
            return True
        if "armed" not in my_task.internal_data:
            my_task._inherit_data()
            my_task._set_state(WAITING)
            my_task.internal_data["armed"] = 1
            if not isinstance(self, Boundary):
                self.enter(my_task)
            if self.event.timer is not None:
                my_task.internal_data.update(alarms.armed(my_task, self.event.timer))
        return False

    def fire(self, my_task: Token, payload: dict[str, Any]) -> None:
        my_task.internal_data["fired"] = 1
        my_task.learn(payload)
        self._update(my_task)


class Boundary(Catch):
    """An event at the border of an activity; an interrupting one stops the activity as soon as it happens."""

    at_border = True

    def fire(self, my_task: Token, payload: dict[str, Any]) -> None:
        if self.node is not None and self.node.interrupting:
            for sibling in my_task.workflow.tasks[my_task._parent].children:
                if sibling is not my_task and not sibling._state & FINISHED:
                    sibling.cancel()
        elif self._comes_again(my_task):
            # Another token takes the branch, so that the branch lives on when this one is cancelled.
            twin = my_task.workflow.tasks[my_task._parent]._add_child(self, FUTURE)
            twin.data = {**my_task.data, **payload}
            twin.internal_data = {"fired": 1, "armed": 1}
            twin._ready()
            return
        super().fire(my_task, payload)

    def _comes_again(self, my_task: Token) -> bool:
        """Messages and signals may come any number of times while the activity lasts, timers as often as they say."""
        if self.event.timer is not None:
            return self.event.timer.kind == "cycle" and alarms.again(my_task)
        return True


class BoundarySplit(Lean):
    """Where an activity and the events at its border begin together; the activity is the first target."""

    splits_border = True

    def spread(self, my_task: Token) -> None:
        activity, *events = self.targets
        begun = self.step(my_task, activity)
        waiting = [my_task._add_child(event, WAITING) for event in events]
        for event in waiting:
            event.task_spec._update(event)
        begun.task_spec._update(begun)


class EventGateway(Lean):
    """Waits for the first of several events; the others are forgotten."""

    def _update_hook(self, my_task: Token) -> bool:
        if "chosen" in my_task.internal_data:
            return True
        if "armed" not in my_task.internal_data:
            my_task._inherit_data()
            my_task._set_state(WAITING)
            self.enter(my_task)
            my_task.internal_data["armed"] = {
                target.name: alarms.armed(my_task, target.event.timer) if target.event.timer else {}
                for target in self.targets
            }
        return False

    def fire(self, my_task: Token, chosen: str, payload: dict[str, Any]) -> None:
        my_task.choice = [target for target in self.targets if target.name == chosen]
        my_task.internal_data["chosen"] = chosen
        my_task.learn(payload)
        self._update(my_task)

    def step(self, my_task: Token, target: Any) -> Token:
        child = super().step(my_task, target)
        child.internal_data["fired"] = 1
        return child


def boundaries_of(token: Token) -> list[Token]:
    """Return the events that wait at the border of an activity."""
    parent = token.workflow.tasks.get(token._parent)
    if parent is not None and isinstance(parent.task_spec, LoopTask):
        parent = token.workflow.tasks.get(parent._parent)
    if parent is None or not isinstance(parent.task_spec, BoundarySplit):
        return []
    return [child for child in parent.children if isinstance(child.task_spec, Boundary) and child._state == WAITING]


def throw_up(token: Token, event: Event, payload: dict[str, Any], *, here: bool = False) -> bool:
    """Let the nearest enclosing activity catch an error or escalation; a code counts more than a catch-all."""
    host: Token | None = token if here else getattr(token.workflow, "host", None)
    while host is not None:
        waiting = [b for b in boundaries_of(host) if b.task_spec.event.kind == event.kind]
        exact = [b for b in waiting if b.task_spec.event.code == event.code]
        any_code = [b for b in waiting if b.task_spec.event.code is None]
        for boundary in (exact or any_code)[:1]:
            boundary.task_spec.fire(boundary, payload)
            return True
        host = getattr(host.workflow, "host", None)
    return False


def broadcast(token: Token, name: str) -> None:
    """A signal reaches everything that waits for it in this instance at once; other instances are the engine's."""
    for scope in token.top.scopes():
        for waiting in list(scope.tasks.values()):
            if waiting._state != WAITING or waiting.id not in scope.tasks:
                continue
            spec = waiting.task_spec
            if isinstance(spec, EventGateway):
                chosen = [t.name for t in spec.targets if t.event.kind == "signal" and t.event.name == name]
                if chosen:
                    spec.fire(waiting, chosen[0], {})
            elif isinstance(spec, Catch) and spec.event.kind == "signal" and spec.event.name == name:
                spec.fire(waiting, {})

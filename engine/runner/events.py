"""Events: what is thrown, what is caught, and what happens at the border of an activity."""

from typing import Any

from engine.bpmn import Event, Node
from engine.runner import alarms
from engine.runner.lean import Lean
from engine.runner.merge import news, split_of
from engine.runner.tree import FINISHED, FUTURE, WAITING, Token, below
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
            my_task.top.fail(self.event.code or self.event.name, self.bpmn_id)

    def spread(self, my_task: Token) -> None:
        # What an escalation interrupts goes on nowhere.
        if self.event.kind == "escalation":
            catcher = throw_up(my_task, self.event, my_task.data)
            if catcher is None:
                self._tell(my_task)
            elif catcher.interrupting:
                return
        super().spread(my_task)


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

    at_side = False  # waits beside the flow: it begins when it happens

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
            if not self.at_side:
                self.enter(my_task)
            if self.event.timer is not None:
                my_task.internal_data.update(alarms.armed(my_task, self.event.timer))
        return False

    def fire(self, my_task: Token, payload: dict[str, Any]) -> None:
        my_task.internal_data["fired"] = 1
        my_task.learn(payload)
        self._update(my_task)

    def comes_again(self, my_task: Token) -> bool:
        """Messages and signals may come any number of times, timers as often as they say."""
        if self.event.timer is not None:
            return self.event.timer.kind == "cycle" and alarms.again(my_task)
        return True


class Boundary(Catch):
    """An event at the border of an activity; an interrupting one stops the activity as soon as it happens."""

    at_border = at_side = True

    @property
    def interrupting(self) -> bool:
        return self.node is None or self.node.interrupting

    def fire(self, my_task: Token, payload: dict[str, Any]) -> None:
        my_task.learn(_ended_in(my_task.workflow))
        if self.interrupting:
            for sibling in my_task.workflow.tasks[my_task._parent].children:
                if sibling is not my_task and not sibling._state & FINISHED:
                    my_task.learn(_changed_inside(sibling))
                    sibling.cancel()
        elif self.comes_again(my_task):
            # Another token takes the branch, so that the branch lives on when this one is cancelled.
            twin = my_task.workflow.tasks[my_task._parent]._add_child(self, FUTURE)
            twin.data = {**my_task.data, **payload}
            twin.internal_data = {"fired": 1, "armed": 1}
            twin._ready()
            return
        super().fire(my_task, payload)


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


def _changed_inside(token: Token) -> dict[str, Any]:
    """Return what a sub-process had written before it is stopped."""
    inner = token.top.subprocesses.get(token.id)
    return {} if inner is None else news(inner.task_tree.data, known_in(inner))


def _ended_in(scope: Any) -> dict[str, Any]:
    return {name: value for name, (_, _, value) in scope.left_behind.items()}


def known_in(scope: Any) -> dict[str, Any]:
    """Return the data of all that is alive in a scope, and of branches that have ended; nearer the end counts more.

    Of a branch counts what it changed since it parted from the others, not what it still has from before.
    """
    known: dict[str, Any] = dict(scope.task_tree.data)
    for token in below(scope.task_tree):
        if token._state & FINISHED and len(token._children) < 2:
            continue
        split, inner = split_of(token), token.top.subprocesses.get(token.id)
        data = token.data if inner is None else {**token.data, **known_in(inner)}
        known |= news({} if split is None else split.data, data)
    return known | _ended_in(scope)


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
    fitting = [token for token in waiting if token.task_spec.event.kind == event.kind]
    exact = [token for token in fitting if token.task_spec.event.code == event.code]
    any_code = [token for token in fitting if token.task_spec.event.code is None]
    for token in (exact or any_code)[:1]:
        token.task_spec.fire(token, payload)
        return token.task_spec
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
        for boundary in boundaries_of(token):
            if boundary.task_spec.event.kind == "message" and boundary.task_spec.event.name == event.name:
                boundary.task_spec.fire(boundary, payload)
                return
    token.top.thrown.append(Thrown(place, event.kind, event.name, None, payload))


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

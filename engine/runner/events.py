"""Events that wait: in the flow, behind a gateway, or at the border of an activity."""

from typing import Any

from engine.bpmn import Event, Node
from engine.runner import alarms, ears
from engine.runner.ears import Ear
from engine.runner.lean import Lean
from engine.runner.merge import news, split_of
from engine.runner.tree import FINISHED, FUTURE, WAITING, Token, below


class Catch(Lean):
    """An event that waits for a message, a signal, a time, a condition, or several; only the outside lets it go."""

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
            my_task.internal_data.update(ears.armed(my_task, self.event))
        return False

    def ears(self, my_task: Token) -> list[Ear]:
        return list(ears.ears(my_task.id, my_task, self, my_task.internal_data))

    def hear(self, ear: Ear, payload: dict[str, Any]) -> None:
        """Let a trigger come: the event happens, a parallel multiple one when none of its triggers is still awaited."""
        awaited = ear.token.internal_data.get("parts", {})
        if self.event.together and len(awaited) > 1:
            del awaited[ear.part]
            ear.token.learn(payload)
        else:
            self.fire(ear, payload)

    def fire(self, ear: Ear, payload: dict[str, Any]) -> None:
        ear.token.internal_data["fired"] = 1
        ear.token.learn(payload)
        self._update(ear.token)

    def comes_again(self, ear: Ear) -> bool:
        """Tell whether the event can happen once more; a timer comes as often as it says, all else any number of times.

        A part of a multiple event that does not come again is not awaited any more. In a parallel multiple event a
        timer comes once.
        """
        memory, timer = ear.token.internal_data, ear.event.timer
        if self.event.together:
            if self.event.has("timer"):
                return False
            memory |= ears.armed(ear.token, self.event)
            for part in memory["parts"].values():
                part["holds"] = True  # a condition must have been false before it becomes true again
            return True
        if timer is None or (timer.kind == "cycle" and alarms.again(ear.memory, now=ear.token.top.now)):
            return True
        if ear.part is not None:
            del memory["parts"][ear.part]
        return bool(memory.get("parts"))


class Boundary(Catch):
    """An event at the border of an activity; an interrupting one stops the activity as soon as it happens."""

    at_border = at_side = True

    @property
    def interrupting(self) -> bool:
        return self.node is None or self.node.interrupting

    def fire(self, ear: Ear, payload: dict[str, Any]) -> None:
        my_task = ear.token
        my_task.learn(_ended_in(my_task.workflow))
        if self.interrupting:
            for sibling in my_task.workflow.tasks[my_task._parent].children:
                if sibling is not my_task and not sibling._state & FINISHED:
                    my_task.learn(changed_inside(sibling))
                    sibling.cancel()
        elif self.comes_again(ear):
            # Another token takes the branch, so that the branch lives on when this one is cancelled.
            twin = my_task.workflow.tasks[my_task._parent]._add_child(self, FUTURE)
            twin.data = {**my_task.data, **payload}
            twin.internal_data = {"fired": 1, "armed": 1}
            twin._ready()
            return
        super().fire(ear, payload)


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
            my_task.internal_data["armed"] = {target.name: ears.armed(my_task, target.event) for target in self.targets}
        return False

    def ears(self, my_task: Token) -> list[Ear]:
        armed = my_task.internal_data["armed"]
        return [
            ear
            for target in self.targets
            for ear in ears.ears(f"{my_task.id}:{target.name}", my_task, target, armed[target.name])
        ]

    def hear(self, ear: Ear, payload: dict[str, Any]) -> None:
        """Let a trigger come: its event is the way to go."""
        my_task = ear.token
        my_task.choice = [ear.catch]
        my_task.internal_data["chosen"] = ear.catch.name
        my_task.learn(payload)
        self._update(my_task)

    def step(self, my_task: Token, target: Any) -> Token:
        child = super().step(my_task, target)
        child.internal_data["fired"] = 1
        return child


def changed_inside(token: Token) -> dict[str, Any]:
    """Return what a sub-process had written before it is stopped."""
    inner = token.top.subprocesses.get(token.id)
    return {} if inner is None else news(token.data, known_in(inner))


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

"""What stands beside the flow of a scope: event sub-processes, and the compensation of what was completed."""

from typing import Any

from engine.bpmn import Node
from engine.runner.activities import SubProcess
from engine.runner.ears import Ear
from engine.runner.events import Catch, known_in
from engine.runner.lean import Lean
from engine.runner.merge import news, same, share
from engine.runner.throws import Throw, boundaries_of
from engine.runner.tree import FINISHED, FUTURE, READY, STARTED, Inner, Token


class EventSubProcess(SubProcess, Catch):
    """A sub-process that its start event begins, any time while its scope is active."""

    listens = at_side = True

    def __init__(self, wf_spec: Any, name: str, *, subworkflow_spec: str, node: Node, start: Node) -> None:
        Lean.__init__(self, wf_spec, name, node=node)
        self.spec = subworkflow_spec
        self.transaction = False
        self.event = start.event
        self.start = start

    @property
    def interrupting(self) -> bool:
        return self.start.interrupting

    def _update_hook(self, my_task: Token) -> bool:
        if self.event.kind == "compensation":
            return bool(SubProcess._update_hook(self, my_task))
        if "fired" not in my_task.internal_data:
            return Catch._update_hook(self, my_task)
        inner = my_task.top.subprocesses.get(my_task.id)
        if inner is None:
            my_task._set_state(STARTED)
            self.start_workflow(my_task)
            return False
        return bool(inner.completed)

    def fire(self, ear: Ear, payload: dict[str, Any]) -> None:
        """Begin: an interrupting one stops all else in the scope, another goes on listening."""
        my_task = chosen = ear.token
        known = known_in(my_task.workflow)
        if self.interrupting:
            my_task.workflow.left_behind.clear()
            for token in list(my_task.workflow.tasks.values()):
                if token is not my_task and token.id in my_task.workflow.tasks and not token._state & FINISHED:
                    token.cancel()
            my_task.internal_data = {}
        elif self.comes_again(ear):
            chosen = my_task.workflow.tasks[my_task._parent]._add_child(self, FUTURE)
        chosen.internal_data = {"fired": 1, "base": known}
        chosen.data = {**known, **payload}
        self._update(chosen)

    def _on_complete(self, my_task: Token) -> None:
        base = my_task.internal_data.get("base", {})
        if not self.interrupting:
            # Where it meets the others at the end of the scope, only what it changed itself may count.
            known = share(my_task, base)
            changed = {name: value for name, value in news(base, my_task.data).items() if name not in known}
            my_task.data = {**my_task.workflow.task_tree.data, **changed}
        SubProcess._on_complete(self, my_task)


class Compensate(Throw):
    """A throw or end event that undoes what its scope completed, newest first, and waits until that is done."""

    def _update_hook(self, my_task: Token) -> bool:
        my_task._inherit_data()
        self.enter(my_task)
        self._gather(my_task)
        my_task._set_state(STARTED)
        return self._is_over(my_task)

    def _gather(self, my_task: Token) -> None:
        """Take from the scope what is to be undone; from an event sub-process, from the scope that it stands in."""
        scope = my_task.workflow
        while isinstance(scope, Inner) and scope.host.task_spec.listens:
            scope = scope.host.workflow
        wanted = {event.activity for event in self._those("compensation")}
        everything = not wanted or None in wanted
        my_task.internal_data["queue"] = [entry for entry in scope.done if everything or entry[0] in wanted]
        scope.done = [entry for entry in scope.done if not (everything or entry[0] in wanted)]

    def _is_over(self, my_task: Token) -> bool:
        """Begin to undo the newest that is left; True when nothing is."""
        queue = my_task.internal_data["queue"]
        if not queue:
            return True
        element, own, inside = queue.pop()
        above = my_task
        while element not in above.workflow.spec.undoing:
            above = above.workflow.host
        spec = above.workflow.spec.undoing[element]
        child = above._add_child(spec, FUTURE)
        child.data = {**my_task.data, **own}
        if inside:
            child.internal_data["inside"] = inside
        my_task.internal_data.update(current=child.id, own=own)
        spec._update(child)
        return False

    def go_on(self, my_task: Token, data: dict[str, Any]) -> None:
        """Take over what a handler has changed; what it was lent of the past is past again."""
        before, lent = my_task.data, my_task.internal_data.get("own", {})
        back = {name for name, value in lent.items() if name in data and same(value, data[name])}
        kept = {name: value for name, value in data.items() if name not in back}
        my_task.data = {**kept, **{name: before[name] for name in back if name in before}}
        if self._is_over(my_task):
            my_task._set_state(READY)


class CancelEnd(Compensate):
    """The end of a transaction that failed: all else stops, what was completed is undone, then its border is told."""

    def _gather(self, my_task: Token) -> None:
        for token in list(my_task.workflow.tasks.values()):
            if token is not my_task and token.id in my_task.workflow.tasks and not token._state & FINISHED:
                token.cancel()
        super()._gather(my_task)

    def _on_complete(self, my_task: Token) -> None:
        data, host = my_task.data, my_task.workflow.host
        my_task.choice = []
        super()._on_complete(my_task)
        for ear in (ear for boundary in boundaries_of(host) for ear in boundary.task_spec.ears(boundary)):
            if ear.event.kind == "cancel":
                ear.hear(data)
                return


class UndoSubProcess(SubProcess):
    """The compensation of a completed sub-process: its own handler, or that of everything completed in it."""

    def start_workflow(self, my_task: Token) -> None:
        inner = my_task.top.open_inner(my_task, self.spec)
        inner.done = my_task.internal_data.pop("inside", [])
        self.listen(my_task, inner)
        root = inner.plant(inner.spec, my_task.data)
        root.choice = [inner.spec.undo]
        root.run()


def undone(workflow: Any, child: Token) -> None:
    """A handler is over: whoever waits for it goes on."""
    keys = {child.id, child._parent}
    for scope in child.top.scopes():
        for token in list(scope.tasks.values()):
            if isinstance(token.task_spec, Compensate) and token.internal_data.get("current") in keys:
                token.task_spec.go_on(token, child.data)
                return

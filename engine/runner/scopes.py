"""Where a process or sub-process begins and where it ends."""

from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.runner.lean import Lean
from engine.runner.merge import news, same, share, split_of
from engine.runner.tree import ALIVE, FUTURE, WAITING, Inner, Token, climb, discard
from engine.runner.values import Stuck


class ProcessSpec(BpmnProcessSpec):  # type: ignore[misc]
    """The specs of one process or sub-process; names with ">" cannot clash with ids of a diagram."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.task_specs: dict[str, Any] = {}
        self.start = Root(self, ">root")
        self.end = EndJoin(self, ">end")
        self.handlers: tuple[Any, ...] = ()  # event sub-processes that listen while the scope is active
        self.watches = False  # something in the scope waits for a condition
        self.undoing: dict[str, Any] = {}  # element -> what compensates it
        self.undo: Any = None  # what compensates the whole scope


class Root(Lean):
    def spread(self, my_task: Token) -> None:
        scope = my_task.workflow
        if my_task.choice is not None:  # a scope that is opened to be undone
            super().spread(my_task)
            return
        first = my_task.top.first
        starts = [t for t in self.targets if t.name == first] if scope is my_task.top and first else []
        my_task.choice = starts or list(self.targets[:1])
        for handler in scope.spec.handlers:
            handler._update(my_task._add_child(handler, WAITING))
        super().spread(my_task)


class EndJoin(Lean):
    """The end of a scope: reached when no token of it is alive any more."""

    rechecked = True

    def _update_hook(self, my_task: Token) -> bool:
        if my_task._state != WAITING:
            my_task._inherit_data()
            my_task._set_state(WAITING)
            split = split_of(my_task)
            my_task.internal_data["shared"] = [] if split is None else share(my_task, split.data)
            for older in my_task.workflow.tasks.values():
                if older.task_spec is self and older is not my_task and older._state == WAITING:
                    leave_behind(older)
                    break
        return not any(
            t._state & (ALIVE | FUTURE)
            and t.task_spec is not self
            and not (t.task_spec.listens and t._state == WAITING)
            for t in my_task.workflow.tasks.values()
        )

    def _on_complete(self, my_task: Token) -> None:
        my_task.workflow.finish(my_task, self._final(my_task))

    def _final(self, my_task: Token) -> dict[str, Any]:
        data = dict(my_task.data)
        strict = isinstance(my_task.workflow, Inner)
        for name, (was_there, before, value) in my_task.workflow.left_behind.items():
            if (name in data) == was_there and same(data.get(name), before):
                data[name] = value
            elif strict and not same(data.get(name), value):
                raise Stuck(
                    f"parallel branches disagree about “{name}”", element=my_task.workflow.host.task_spec.bpmn_id
                )
        return data


def leave_behind(token: Token) -> None:
    """A branch has ended while others go on: remember what it changed and they do not know, and forget the branch."""
    split = split_of(token)
    before = split.data if split is not None else {}
    for name, value in news(before, token.data).items():
        if name not in token.internal_data["shared"]:
            token.workflow.left_behind[name] = [name in before, before.get(name), value]
    above = token.workflow.tasks.get(token._parent)
    discard(token)
    climb(above)

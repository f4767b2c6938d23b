"""Where a process or sub-process begins and where it ends."""

from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.runner.lean import Lean
from engine.runner.tree import ALIVE, FUTURE, WAITING, Inner, Token, ancestors, climb, discard
from engine.runner.values import Stuck


class ProcessSpec(BpmnProcessSpec):  # type: ignore[misc]
    """The specs of one process or sub-process; names with ">" cannot clash with ids of a diagram."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.task_specs: dict[str, Any] = {}
        self.start = Root(self, ">root")
        self.end = EndJoin(self, ">end")


class Root(Lean):
    def spread(self, my_task: Token) -> None:
        first = my_task.top.first
        starts = [t for t in self.targets if t.name == first] if my_task.workflow is my_task.top and first else []
        my_task.choice = starts or list(self.targets[:1])
        super().spread(my_task)


class EndJoin(Lean):
    """The end of a scope: reached when no token of it is alive any more."""

    rechecked = True

    def _update_hook(self, my_task: Token) -> bool:
        if my_task._state != WAITING:
            my_task._inherit_data()
            my_task._set_state(WAITING)
            for older in my_task.workflow.tasks.values():
                if older.task_spec is self and older is not my_task and older._state == WAITING:
                    leave_behind(older)
                    break
        alive = any(t._state & (ALIVE | FUTURE) and t.task_spec is not self for t in my_task.workflow.tasks.values())
        return not alive

    def _on_complete(self, my_task: Token) -> None:
        my_task.workflow.finish(my_task, self._final(my_task))

    def _final(self, my_task: Token) -> dict[str, Any]:
        data = dict(my_task.data)
        strict = isinstance(my_task.workflow, Inner)
        for name, (was_there, before, value) in my_task.workflow.left_behind.items():
            if (name in data) == was_there and data.get(name) == before:
                data[name] = value
            elif strict and data.get(name) != value:
                raise Stuck(
                    f"parallel branches disagree about “{name}”", element=my_task.workflow.host.task_spec.bpmn_id
                )
        return data


def leave_behind(token: Token) -> None:
    """A branch has ended while others go on: remember what it changed, and forget the branch."""
    split = next((above for above in ancestors(token) if len(above._children) > 1), None)
    before = split.data if split is not None else {}
    for name, value in token.data.items():
        if name not in before or before[name] != value:
            token.workflow.left_behind[name] = [name in before, before.get(name), value]
    above = token.workflow.tasks.get(token._parent)
    discard(token)
    climb(above)

"""Tasks, sub-processes and their repetitions."""

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import (
    ParallelMultiInstanceTask,
    SequentialMultiInstanceTask,
    StandardLoopTask,
)
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask

from engine.bpmn import Node
from engine.runner.decisions import Decision, Undecided
from engine.runner.lean import Lean
from engine.runner.tree import READY, Inner, Token
from engine.runner.values import Stuck


class Work(Lean):
    """A task that somebody outside completes; `kind` says who."""

    def __init__(self, wf_spec: Any, name: str, *, node: Node, kind: str) -> None:
        super().__init__(wf_spec, name, node=node, manual=True)
        self.kind = kind


class Script(Lean):
    def _run_hook(self, my_task: Token) -> bool:
        script = self.node.script if self.node is not None else None
        my_task.learn(my_task.top.execute(my_task, script or ""))
        return True


class Rule(Lean):
    """A business rule task decided by a table of the bundle."""

    def __init__(self, wf_spec: Any, name: str, *, node: Node, decision: Decision) -> None:
        super().__init__(wf_spec, name, node=node)
        self.decision = decision

    def _run_hook(self, my_task: Token) -> bool:
        top = my_task.top
        try:
            my_task.learn(self.decision.decide(lambda text, extra: top.evaluate_with(my_task, text, extra)))
        except Undecided as why:
            raise Stuck(str(why), element=self.bpmn_id) from why
        return True


class SubProcess(SubWorkflowTask, Lean):  # type: ignore[misc]
    """An embedded sub-process or a call activity of the bundle."""

    def start_workflow(self, my_task: Token) -> None:
        self.enter(my_task)
        inner = my_task.top.open_inner(my_task, self.spec)
        self.listen(my_task, inner)
        inner.plant(inner.spec, my_task.data).run()

    def listen(self, my_task: Token, inner: Inner) -> None:
        inner.completed_event.connect(self._on_subworkflow_completed, my_task)

    def _on_subworkflow_completed(self, subworkflow: Inner, my_task: Token) -> None:
        my_task.data = subworkflow.data
        my_task._set_state(READY)

    def _on_complete(self, my_task: Token) -> None:
        my_task.top.drop_inner(my_task)
        Lean._on_complete(self, my_task)

    def _on_cancel(self, my_task: Token) -> None:
        Lean._on_cancel(self, my_task)


class Repetition(Lean):
    """What the loops have in common: finished rounds leave the tree, data is never changed in place."""

    def _merge(self, my_task: Token, child: Token) -> None:
        my_task.data = dict(my_task.data)

    def _own_copy(self, my_task: Token) -> None:
        my_task.data = {
            key: list(value) if type(value) is list else dict(value) if type(value) is dict else value
            for key, value in my_task.data.items()
        }


class StandardLoop(StandardLoopTask, Repetition):  # type: ignore[misc]
    def merge_child(self, workflow: Any, child: Token) -> None:
        my_task = workflow.tasks[child._parent]
        my_task.data = child.data
        my_task.internal_data["rounds"] = my_task.internal_data.get("rounds", 0) + 1
        if self.loop_complete(my_task):
            my_task._set_state(READY)
        else:
            self.create_child(my_task)

    def loop_complete(self, my_task: Token) -> bool:
        rounds = my_task.internal_data.get("rounds", 0)
        if self.maximum is not None and rounds >= self.maximum:
            return True
        return self.condition is not None and not my_task.top.evaluate(my_task, self.condition)


class _MultiInstance(Repetition):
    data_output: Any
    input_item: Any

    def merge_child(self, workflow: Any, child: Token) -> None:
        my_task = workflow.tasks[child._parent]
        self._own_copy(my_task)
        inherited = child.data
        if self.data_output is None and self.input_item is not None:
            child.data = {key: value for key, value in inherited.items() if key != self.input_item.bpmn_id}
        super().merge_child(workflow, child)
        my_task.internal_data["merged"] = my_task.internal_data.get("merged", [])[-1:]

    def init_data_output_with_input_data(self, my_task: Token, input_data: Any) -> None:
        self._own_copy(my_task)
        super().init_data_output_with_input_data(my_task, input_data)

    def init_data_output_with_cardinality(self, my_task: Token) -> None:
        my_task.learn({self.data_output.bpmn_id: []})


class ParallelLoop(_MultiInstance, ParallelMultiInstanceTask, Lean):  # type: ignore[misc]
    pass


class SequentialLoop(_MultiInstance, SequentialMultiInstanceTask, Lean):  # type: ignore[misc]
    pass

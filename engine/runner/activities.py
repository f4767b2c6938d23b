"""Tasks and sub-processes."""

from typing import Any, Final

from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask

from engine.bpmn import Node
from engine.runner import alarms
from engine.runner.decisions import Decision, Undecided
from engine.runner.lean import Lean
from engine.runner.tree import READY, Inner, Token
from engine.runner.values import Stuck
from models.errors import WrongState

CHOSEN: Final = "flow"


class Work(Lean):
    """A task that somebody outside completes; `kind` says who."""

    def __init__(self, wf_spec: Any, name: str, *, node: Node, kind: str) -> None:
        super().__init__(wf_spec, name, node=node, manual=True)
        self.kind = kind

    def _on_ready(self, my_task: Token) -> None:
        super()._on_ready(my_task)
        due = self.node.due if self.node is not None else None
        if due is not None and "due" not in my_task.internal_data:
            my_task.internal_data.update(alarms.armed(my_task, due))

    def take(self, my_task: Token, answers: dict[str, Any]) -> None:
        """Learn what was answered."""
        my_task.write(answers)


class Choice(Work):
    """A gateway whose flows have no conditions: a person says which way to go."""

    def take(self, my_task: Token, answers: dict[str, Any]) -> None:
        given = answers.get(CHOSEN)
        chosen = [target for target in self.targets if given in self._names(target)]
        if not chosen:
            raise WrongState("flow_unknown", flow=str(given)[:100])
        my_task.choice = chosen[:1]

    def choices(self) -> tuple[tuple[str, str], ...]:
        """Return id and name of each way, in the order drawn."""
        return tuple((names[0], names[1]) for names in map(self._names, self.targets))

    def _names(self, target: Any) -> tuple[str, ...]:
        """Return by what a way is known: id of the flow, what it is called, id of what it leads to."""
        flow = self.flow_ids[target.name]
        return flow, self.flow_names.get(target.name) or target.bpmn_name or target.name, target.name


class Script(Lean):
    def _run_hook(self, my_task: Token) -> bool:
        if self.bpmn_id in my_task.top.skipping:
            return True
        script = self.node.script if self.node is not None else None
        my_task.write(my_task.top.execute(my_task, script or ""))
        return True


class Rule(Lean):
    """A business rule task decided by a table of the bundle."""

    def __init__(self, wf_spec: Any, name: str, *, node: Node, decision: Decision) -> None:
        super().__init__(wf_spec, name, node=node)
        self.decision = decision

    def _run_hook(self, my_task: Token) -> bool:
        top = my_task.top
        if self.bpmn_id in top.skipping:
            return True
        try:
            my_task.write(self.decision.decide(lambda text, extra: top.evaluate_with(my_task, text, extra)))
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
        if subworkflow.done:
            my_task.internal_data["inside"] = subworkflow.done
        my_task._set_state(READY)

    def _on_complete(self, my_task: Token) -> None:
        my_task.top.drop_inner(my_task)
        Lean._on_complete(self, my_task)

    def _on_cancel(self, my_task: Token) -> None:
        Lean._on_cancel(self, my_task)

"""What every spec has in common: no predictions, children only when a token leaves, flows and elements told."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec

from engine.bpmn import Copy, Node
from engine.runner.tree import FUTURE, WAITING, Token

if TYPE_CHECKING:
    from engine.runner.ears import Ear


class Lean(BpmnTaskSpec):  # type: ignore[misc]
    """Base of all specs: children are made when a token leaves, nothing is predicted."""

    rechecked = False  # asked again whenever a token of its scope completes
    at_border = False
    splits_border = False
    repeats = False  # its children are the rounds of a loop
    listens = False  # waits without keeping its scope alive
    undone_by: str | None = None  # what compensates it, once completed

    def __init__(self, wf_spec: Any, name: str, *, node: Node | None = None, **kwargs: Any) -> None:
        super().__init__(wf_spec, name, **kwargs)
        self.node = node
        self.bpmn_id = node.id if node is not None and not node.synthetic else None
        self.bpmn_name = node.name if node is not None else None
        self.reads: tuple[Copy, ...] = ()
        self.writes: tuple[Copy, ...] = ()
        self.flow_ids: dict[str, str] = {}
        self.flow_names: dict[str, str | None] = {}
        self.targets: tuple[Any, ...] = ()
        self.reach: frozenset[str] = frozenset()

    def test(self) -> None:
        pass

    def _predict(self, *_args: Any, **_kwargs: Any) -> None:
        pass

    def _update(self, my_task: Token) -> None:
        if my_task.id in my_task.workflow.tasks and self._update_hook(my_task):
            my_task._ready()

    def _update_hook(self, my_task: Token) -> Any:
        self.receive(my_task)
        return True

    def receive(self, my_task: Token) -> None:
        """Take over what the token before knew, and the data that is drawn as input."""
        my_task._inherit_data()
        copy_data(my_task, self.reads)

    def _on_ready(self, my_task: Token) -> None:
        self.enter(my_task)

    def enter(self, my_task: Token) -> None:
        if self.bpmn_id is not None and "in" not in my_task.internal_data:
            my_task.internal_data["in"] = 1
            my_task.top.log.append(("started", self.bpmn_id))

    def _on_complete(self, my_task: Token) -> None:
        copy_data(my_task, self.writes)
        if self.bpmn_id is not None:
            my_task.top.log.append(("completed", self.bpmn_id))
        if self.undone_by is not None:
            remember(my_task)
        self.completed_event.emit(my_task.workflow, my_task)
        my_task.internal_data = {}
        leave_boundary(my_task)
        self.spread(my_task)
        my_task.workflow._task_completed_notify(my_task)

    def ears(self, my_task: Token) -> "Iterable[Ear]":
        """Return what a waiting token listens to."""
        return ()

    def spread(self, my_task: Token) -> None:
        """Put a token on every flow that leaves, or on those chosen."""
        for child in [self.step(my_task, target) for target in self.ways(my_task)]:
            child.task_spec._update(child)

    def ways(self, my_task: Token) -> "Iterable[Any]":
        """Return the specs to which a token leaves."""
        return self.targets if my_task.choice is None else my_task.choice

    def step(self, my_task: Token, target: Any) -> Token:
        flow = self.flow_ids.get(target.name)
        if flow is not None:
            my_task.top.taken.append(flow)
        return my_task._add_child(target, FUTURE)

    def _on_cancel(self, my_task: Token) -> None:
        my_task.top.drop_inner(my_task)
        if self.bpmn_id is not None and "in" in my_task.internal_data:
            my_task.top.log.append(("cancelled", self.bpmn_id))


class Pass(Lean):
    """Something that just happens: start, none event, boundary-less point of the diagram."""


def copy_data(token: Token, copies: tuple[Copy, ...]) -> None:
    """Carry out data associations; what is not there is not copied."""
    for one in copies:
        if one.expression is not None:
            token.write({one.target: token.top.evaluate(token, one.expression)})
        elif one.source in token.data:
            token.write({one.target: token.data[one.source]})


def remember(token: Token) -> None:
    """Keep that an activity was completed which can be compensated, and what only it knows.

    That is the item of its round, what its round of a multi-instance said first, and the data objects drawn in it:
    another round, or another visit, says something else under these names.
    """
    parent, node = token.workflow.tasks.get(token._parent), token.task_spec.node
    own = set(node.holds)
    if parent is not None and parent.task_spec.repeats:
        own |= {parent.task_spec.loop.item}
        own |= token.data.keys() - parent.data.keys() if parent.task_spec.loop.kind != "standard" else set()
    kept = {name: token.data[name] for name in sorted(own & token.data.keys())}
    token.workflow.done.append([node.id, kept, token.internal_data.get("inside", [])])


def leave_boundary(token: Token) -> None:
    """An activity is over: the events at its border wait no longer."""
    parent = token.workflow.tasks.get(token._parent)
    if parent is None or not parent.task_spec.splits_border or token.task_spec.at_border:
        return
    for sibling in parent.children:
        if sibling.task_spec.at_border and sibling._state == WAITING:
            sibling.cancel()

"""How each kind of element behaves: specs of the library, made right where it is wrong (engine.md §5)."""

from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import (
    LoopTask,
    ParallelMultiInstanceTask,
    SequentialMultiInstanceTask,
    StandardLoopTask,
)
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask

from engine.bpmn import Event, Node
from engine.runner import alarms
from engine.runner.decisions import Decision, Undecided
from engine.runner.merge import Conflict, merged
from engine.runner.tree import (
    ALIVE,
    CANCELLED,
    COMPLETED,
    FINISHED,
    FUTURE,
    READY,
    STARTED,
    WAITING,
    Inner,
    Token,
    ancestors,
    climb,
    discard,
)
from engine.runner.values import Stuck, Thrown


class Lean(BpmnTaskSpec):  # type: ignore[misc]
    """Base of all specs: children are made when a token leaves, nothing is predicted."""

    rechecked = False

    def __init__(self, wf_spec: Any, name: str, *, node: Node | None = None, **kwargs: Any) -> None:
        super().__init__(wf_spec, name, **kwargs)
        self.node = node
        self.bpmn_id = node.id if node is not None and not node.synthetic else None
        self.bpmn_name = node.name if node is not None else None
        self.flow_ids: dict[str, str] = {}
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
        my_task._inherit_data()
        return True

    def _on_ready(self, my_task: Token) -> None:
        self.enter(my_task)

    def enter(self, my_task: Token) -> None:
        if self.bpmn_id is not None and "in" not in my_task.internal_data:
            my_task.internal_data["in"] = 1
            my_task.top.entered.append(self.bpmn_id)

    def _on_complete(self, my_task: Token) -> None:
        if self.bpmn_id is not None:
            my_task.top.passed.append(self.bpmn_id)
        self.completed_event.emit(my_task.workflow, my_task)
        my_task.internal_data = {}
        leave_boundary(my_task)
        self.spread(my_task)
        my_task.workflow._task_completed_notify(my_task)

    def spread(self, my_task: Token) -> None:
        """Put a token on every flow that leaves, or on those chosen."""
        targets = self.targets if my_task.choice is None else my_task.choice
        for child in [self.step(my_task, target) for target in targets]:
            child.task_spec._update(child)

    def step(self, my_task: Token, target: Any) -> Token:
        flow = self.flow_ids.get(target.name)
        if flow is not None:
            my_task.top.taken.append(flow)
        return my_task._add_child(target, FUTURE)

    def _on_cancel(self, my_task: Token) -> None:
        my_task.top.drop_inner(my_task)


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


class Pass(Lean):
    """Something that just happens: start, none event, boundary-less point of the diagram."""


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


class Exclusive(Lean):
    """The first condition that holds, in document order; else the default flow."""

    def __init__(self, wf_spec: Any, name: str, *, node: Node) -> None:
        super().__init__(wf_spec, name, node=node)
        self.conditions: list[tuple[str | None, Any]] = []  # None: the default flow

    def _run_hook(self, my_task: Token) -> bool:
        my_task.choice = self.chosen(my_task)
        return True

    def chosen(self, my_task: Token) -> list[Any]:
        for condition, target in self.conditions:
            if condition is not None and my_task.top.evaluate(my_task, condition):
                return [target]
        return self.otherwise()

    def otherwise(self) -> list[Any]:
        default = [target for condition, target in self.conditions if condition is None]
        if not default:
            raise Stuck("no condition holds and there is no default flow", element=self.node.id if self.node else None)
        return default[:1]


class Joining(Lean):
    """Where several tokens become one: a three-way merge against what they had when they parted."""

    def _run_hook(self, my_task: Token) -> bool:
        partners, my_task.partners = my_task.partners, []
        if not partners:
            return True
        base = _meeting_point([my_task, *partners]).data
        try:
            # The library's order of keys is kept: those of the others first.
            my_task.data = merged(base, [*(partner.data for partner in partners), my_task.data])
        except Conflict as conflict:
            raise Stuck(
                f"parallel branches disagree about “{conflict.path}”", element=self.node.id if self.node else None
            ) from conflict
        for partner in partners:
            above = partner.workflow.tasks.get(partner._parent)
            discard(partner)
            climb(above)
        return True

    def arrive(self, my_task: Token) -> None:
        if "via" not in my_task.internal_data:
            my_task._inherit_data()
            my_task.internal_data["via"] = my_task.workflow.tasks[my_task._parent].task_spec.name
            my_task._set_state(WAITING)

    def arrived(self, my_task: Token) -> list[Token]:
        return [t for t in my_task.workflow.tasks.values() if t.task_spec is self and t._state == WAITING]

    def depart(self, leader: Token, partners: list[Token]) -> None:
        for partner in partners:
            partner._set_state(CANCELLED)
        leader.partners = partners


class Parallel(Joining):
    """One token from every incoming flow, one token on every outgoing flow."""

    def _update_hook(self, my_task: Token) -> bool:
        if len(self._inputs) < 2:
            my_task._inherit_data()
            return True
        self.arrive(my_task)
        first: dict[str, Token] = {}
        for token in self.arrived(my_task):
            first.setdefault(token.internal_data["via"], token)
        if len(first) < len(set(self._inputs)):
            return False
        tokens = list(first.values())
        leader = my_task if my_task in tokens else tokens[-1]
        self.depart(leader, [token for token in tokens if token is not leader])
        if leader is not my_task:
            leader._ready()
        return leader is my_task


class Inclusive(Joining, Exclusive):
    """Waits for every token that can still come; leaves on every flow whose condition holds."""

    rechecked = True

    def _update_hook(self, my_task: Token) -> bool:
        if len(self._inputs) < 2:
            my_task._inherit_data()
            return True
        self.arrive(my_task)
        others = [
            t
            for t in my_task.workflow.tasks.values()
            if t._state & (ALIVE | FUTURE) and t.task_spec is not self and self.name in t.task_spec.reach
        ]
        if others:
            return False
        self.depart(my_task, [token for token in self.arrived(my_task) if token is not my_task])
        return True

    def _run_hook(self, my_task: Token) -> bool:
        Joining._run_hook(self, my_task)
        return Exclusive._run_hook(self, my_task)

    def chosen(self, my_task: Token) -> list[Any]:
        true = [
            target
            for condition, target in self.conditions
            if condition is not None and my_task.top.evaluate(my_task, condition)
        ]
        return true or self.otherwise()


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


def boundaries_of(token: Token) -> list[Token]:
    """Return the events that wait at the border of an activity."""
    parent = token.workflow.tasks.get(token._parent)
    if parent is not None and isinstance(parent.task_spec, LoopTask):
        parent = token.workflow.tasks.get(parent._parent)
    if parent is None or not isinstance(parent.task_spec, BoundarySplit):
        return []
    return [child for child in parent.children if isinstance(child.task_spec, Boundary) and child._state == WAITING]


def leave_boundary(token: Token) -> None:
    """An activity is over: the events at its border wait no longer."""
    parent = token.workflow.tasks.get(token._parent)
    if parent is None or not isinstance(parent.task_spec, BoundarySplit) or isinstance(token.task_spec, Boundary):
        return
    for sibling in parent.children:
        if isinstance(sibling.task_spec, Boundary) and sibling._state == WAITING:
            sibling.cancel()


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


def _meeting_point(tokens: list[Token]) -> Token:
    """Return the nearest token that all of them come from."""
    first, *others = tokens
    common = [{above.id for above in ancestors(token)} for token in others]
    for above in ancestors(first):
        if all(above.id in ids for ids in common):
            return above
    raise Stuck("tokens of different scopes meet")


__all__ = ["COMPLETED", "STARTED", "Lean"]

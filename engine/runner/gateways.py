"""Gateways: which flows a token takes, and how several tokens become one."""

from typing import Any

from engine.bpmn import Node
from engine.runner.lean import Lean
from engine.runner.merge import Conflict, merged
from engine.runner.tree import ALIVE, CANCELLED, FUTURE, WAITING, Token, ancestors, climb, discard
from engine.runner.values import Stuck


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

    def arrive(self, my_task: Token) -> dict[str, Token]:
        """Let a token wait here; return the first that waits of each incoming flow."""
        if "via" not in my_task.internal_data:
            my_task._inherit_data()
            my_task.internal_data["via"] = my_task.workflow.tasks[my_task._parent].task_spec.name
            my_task._set_state(WAITING)
        first: dict[str, Token] = {}
        for token in self.arrived(my_task):
            first.setdefault(token.internal_data["via"], token)
        return first

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
        first = self.arrive(my_task)
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
    leading: dict[str, frozenset[str]]  # what a flow comes from -> what can reach that without passing the gateway

    def _update_hook(self, my_task: Token) -> bool:
        if len(self._inputs) < 2:
            my_task._inherit_data()
            return True
        first = self.arrive(my_task)
        if first.get(my_task.internal_data["via"]) is not my_task or self._may_come(my_task, first):
            return False
        self.depart(my_task, [token for token in first.values() if token is not my_task])
        return True

    def _may_come(self, my_task: Token, first: dict[str, Token]) -> bool:
        """Say whether a token can still come by a flow that has brought none (BPMN 2.0, 13.3.3)."""
        return any(
            token._state & (ALIVE | FUTURE)
            and token.task_spec is not self
            and any(token.task_spec.name in before for via, before in self.leading.items() if via not in first)
            and not any(token.task_spec.name in self.leading[via] for via in first)
            for token in my_task.workflow.tasks.values()
        )

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


def _meeting_point(tokens: list[Token]) -> Token:
    """Return the nearest token that all of them come from."""
    first, *others = tokens
    common = [{above.id for above in ancestors(token)} for token in others]
    for above in ancestors(first):
        if all(above.id in ids for ids in common):
            return above
    raise Stuck("tokens of different scopes meet")

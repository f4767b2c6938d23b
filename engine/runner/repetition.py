"""Loops and multi-instances: one token stays while the rounds of the activity run below it."""

from typing import Any, Final

from engine.bpmn import Loop
from engine.runner import throws
from engine.runner.lean import Lean
from engine.runner.loop_numbers import numbers
from engine.runner.merge import news
from engine.runner.tree import FINISHED, FUTURE, READY, STARTED, Token
from engine.runner.values import Stuck

MAX_INSTANCES: Final = 1_000


class Repetition(Lean):
    """What the loops have in common; `each` names the spec of one round, `place` the element as drawn."""

    repeats = True

    def __init__(self, wf_spec: Any, name: str, *, each: str, loop: Loop) -> None:
        super().__init__(wf_spec, name)
        self.place, self.each, self.loop = name, each, loop

    def _round(self, my_task: Token, own: dict[str, Any]) -> None:
        memory = my_task.internal_data
        memory["begun"] += 1
        child = my_task._add_child(my_task.workflow.spec.task_specs[self.each], FUTURE)
        child.data = own
        child.internal_data["counter"] = memory["begun"]
        child.task_spec._update(child)


class StandardLoop(Repetition):
    """Rounds one after another while a condition holds, asked before or after each, up to a maximum."""

    def _update_hook(self, my_task: Token) -> bool:
        self.receive(my_task)
        my_task.internal_data.update(begun=0, done=0)
        if self.loop.test_before and self._is_over(my_task):
            return True
        my_task._set_state(STARTED)
        self._round(my_task, {})
        return False

    def merge_child(self, workflow: Any, child: Token) -> None:
        my_task = workflow.tasks[child._parent]
        my_task.data = child.data
        my_task.internal_data["done"] += 1
        if self._is_over(my_task):
            my_task._set_state(READY)
        else:
            self._round(my_task, {})

    def _is_over(self, my_task: Token) -> bool:
        rounds = my_task.internal_data["done"]
        if self.loop.maximum is not None and rounds >= self.loop.maximum:
            return True
        if self.loop.condition is None:
            return False
        return not my_task.top.evaluate_with(my_task, self.loop.condition, numbers(my_task, rounds))


class MultiInstance(Repetition):
    """One round for each item of a collection, or so many rounds; in parallel or one after another.

    With an output collection, each round gives its output item, and nothing else of it is kept. Without one, what a
    round changed is kept: the next sequential round sees it, of parallel rounds the last change counts.
    """

    def _update_hook(self, my_task: Token) -> bool:
        self.receive(my_task)
        items = self._items(my_task)
        keys = self._keys(my_task, items)
        my_task.internal_data.update(begun=0, done=0, all=len(keys), keys=keys, out={}, changed={})
        if not keys:
            self._finish(my_task)
            return True
        my_task._set_state(STARTED)
        for _ in range(1 if self.loop.kind == "sequential" else len(keys)):
            self._next(my_task, items)
        return False

    def _items(self, my_task: Token) -> list[Any] | dict[Any, Any] | None:
        """Return what there is a round for each of; None where the rounds are only counted."""
        name, text = self.loop.collection, self.loop.items
        if name is None and text is None:
            return None
        if name is not None and name not in my_task.data:
            raise Stuck(f"no data named “{name}”", element=self.place)
        items = my_task.data[name] if name is not None else self._value(my_task, text or "")
        if not isinstance(items, list | dict):
            raise Stuck(f"“{name or text}” is not a list", element=self.place)
        return items

    def _value(self, my_task: Token, text: str) -> Any:
        try:
            return my_task.top.evaluate(my_task, text)
        except Stuck as why:
            raise Stuck(str(why), element=self.place) from why

    def _keys(self, my_task: Token, items: list[Any] | dict[Any, Any] | None) -> list[Any]:
        """Return the indexes or keys of the rounds."""
        if items is not None:
            keys = list(items) if isinstance(items, dict) else list(range(len(items)))
        else:
            count = self._value(my_task, self.loop.cardinality or "0")
            if type(count) is not int or count < 0:
                raise Stuck(f"the number of instances is {count!r}, not a whole number", element=self.place)
            keys = list(range(min(count, MAX_INSTANCES + 1)))
        if len(keys) > MAX_INSTANCES:
            raise Stuck(f"more than {MAX_INSTANCES} instances", element=self.place)
        return keys

    def _next(self, my_task: Token, items: Any) -> None:
        memory = my_task.internal_data
        key = memory["keys"][memory["begun"]]
        own = dict(memory["changed"])
        if self.loop.item is not None:
            own[self.loop.item] = key if items is None else items[key]
        self._round(my_task, own)

    def merge_child(self, workflow: Any, child: Token) -> None:
        my_task = workflow.tasks[child._parent]
        memory = my_task.internal_data
        memory["done"] += 1
        self._learn(my_task, child)
        self._tell(my_task, child)
        if my_task._state & FINISHED:
            return
        if self._is_enough(my_task, child):
            for other in my_task.children:
                if other is not child:
                    other.cancel()
            self._finish(my_task)
        elif memory["done"] == memory["all"]:
            self._finish(my_task)
        elif self.loop.kind == "sequential":
            self._next(my_task, self._items(my_task))

    def _learn(self, my_task: Token, child: Token) -> None:
        memory = my_task.internal_data
        if self.loop.output is not None:
            memory["out"][str(child.internal_data["counter"])] = child.data.get(self.loop.output_item or "")
            return
        changed = news(my_task.data, child.data)
        memory["changed"] |= {name: value for name, value in changed.items() if name != self.loop.item}

    def _tell(self, my_task: Token, child: Token) -> None:
        """Throw what `behavior` names: at the first completion (One) or at each (None)."""
        event = self.loop.tells
        if event is None or (self.loop.behavior == "One" and my_task.internal_data["done"] > 1):
            return
        throws.announce(my_task, event, child.data, self.place)

    def _is_enough(self, my_task: Token, child: Token) -> bool:
        if self.loop.condition is None:
            return False
        extra: dict[str, Any] = numbers(my_task, child.internal_data["counter"])
        if self.loop.output is not None:
            extra[self.loop.output] = self._collected(my_task)
        return bool(my_task.top.evaluate_with(child, self.loop.condition, extra))

    def _collected(self, my_task: Token) -> Any:
        """Return the outputs so far in the order of the rounds; of a dict, under its keys."""
        memory = my_task.internal_data
        given = {memory["keys"][number - 1]: memory["out"][str(number)] for number in sorted(map(int, memory["out"]))}
        items = self._items(my_task)
        if self.loop.output == self.loop.collection and isinstance(items, list):
            return [given.get(at, item) for at, item in enumerate(items)]
        if isinstance(items, dict):
            return {**items, **given} if self.loop.output == self.loop.collection else given
        return list(given.values())

    def _finish(self, my_task: Token) -> None:
        my_task.learn(my_task.internal_data["changed"])
        if self.loop.output is not None:
            my_task.write({self.loop.output: self._collected(my_task)})
        my_task._set_state(READY)

"""The answers given for tasks beforehand, and which of them is meant each time a task opens."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from engine.runner import CHOSEN, Step, Waiting
from engine.simulation.values import Unusable

WAIT: Final = "wait"  # an answer that leaves the task open


class Answers:
    """What is answered at an element; where it is a list, one after the other. Without any, everything waits."""

    def __init__(self, given: Mapping[str, Any] | None) -> None:
        self._given = given
        self._started: Counter[str] = Counter()
        self._turns: dict[str, int] = {}  # what waits -> which run of its element it is

    def number(self, step: Step) -> None:
        """Number what opened among all runs of its element, also those that were stopped before anybody saw them."""
        opened = [one for one in step.waiting if one.key not in self._turns]
        self._started.update(step.entered)
        later = Counter(one.element for one in opened)
        for one in opened:
            self._turns[one.key] = self._started[one.element] - later[one.element]
            later[one.element] -= 1

    def to(self, task: Waiting) -> dict[str, Any] | None:
        """Return what completes a task; None leaves it open. Raises Unusable."""
        if self._given is None:
            return None
        given = self._given.get(task.element, {})
        if isinstance(given, list):
            turn = self._turns[task.key]
            given = given[turn] if turn < len(given) else {}
        if given == WAIT:
            return None
        if task.choices and not isinstance(given, Mapping):
            given = {CHOSEN: given}
        if task.choices and CHOSEN not in given:
            return None
        if not isinstance(given, Mapping):
            raise Unusable(f"the answers for “{task.element}” are not an object")
        return dict(given)

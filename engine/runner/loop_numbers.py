"""What BPMN lets the expressions of a loop's round ask: how many rounds there are, and which one this is."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from engine.runner.tree import Token

# BPMN 2.0, table 10.30, and the same by the names of other engines.
_STANDARD: Final = (
    "numberOfInstances", "numberOfActiveInstances", "numberOfCompletedInstances", "numberOfTerminatedInstances",
)  # fmt: skip
_ELSEWHERE: Final = ("nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances", "nrOfTerminatedInstances")
LOOP_NAMES: Final = frozenset({"loopCounter", *_STANDARD, *_ELSEWHERE})


def numbers(loop: "Token", counter: int) -> dict[str, int]:
    """Return what a round may ask; `counter` is its number, from 1."""
    memory = loop.internal_data
    begun, done = memory["begun"], memory["done"]
    # None is terminated while the condition is asked: that is what it decides.
    values = (memory.get("all", begun), begun - done, done, 0)
    return {
        "loopCounter": counter,
        **dict(zip(_STANDARD, values, strict=True)),
        **dict(zip(_ELSEWHERE, values, strict=True)),
    }


def numbers_around(token: "Token") -> dict[str, int]:
    """Return the numbers of the nearest loop that a token is in, or nothing."""
    current: Token | None = token
    while current is not None:
        parent = current.workflow.tasks.get(current._parent)
        if parent is None:
            current = getattr(current.workflow, "host", None)
            continue
        if parent.task_spec.repeats and "counter" in current.internal_data:
            return numbers(parent, current.internal_data["counter"])
        current = parent
    return {}

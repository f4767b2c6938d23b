"""Conditional events: they happen when what is known of the instance makes their condition true, which it was not."""

from collections.abc import Iterator
from typing import Any

from engine.runner.ears import Ear
from engine.runner.events import changed_inside, known_in
from engine.runner.loop_numbers import numbers_around
from engine.runner.merge import news, same, share
from engine.runner.tree import WAITING, Instance, Token
from engine.runner.values import Stuck
from engine.sandbox import names_of, unknown_names


def watch(instance: Instance) -> None:
    """Let every conditional event happen whose condition has become true, until none does; raises Stuck."""
    while not instance.outcome and (ear := next(_risen(instance), None)) is not None:
        if ear.token.task_spec.at_border:
            _tell_inside(ear.token)
        ear.hear({})


def _risen(instance: Instance) -> Iterator[Ear]:
    for token in [token for scope in instance.scopes() for token in scope.tasks.values() if token._state == WAITING]:
        for ear in token.task_spec.ears(token):
            if ear.event.kind == "conditional" and _rises(instance, ear):
                yield ear


def _rises(instance: Instance, ear: Ear) -> bool:
    """Ask a condition, unless nothing that it reads has changed since it was asked in this move."""
    names, known = names_of(ear.event.condition or ""), {**instance.latest, **_of_rounds(ear.token)}
    asked = {name: known[name] for name in names if name in known}
    before = instance.asked.get(id(ear.memory))
    if before is not None and before[0] is ear.memory and same(before[1], asked):
        return False
    instance.asked[id(ear.memory)] = ear.memory, asked
    held, ear.memory["holds"] = ear.memory.get("holds", False), _holds(instance, ear, asked)
    return bool(ear.memory["holds"]) and not held


def _holds(instance: Instance, ear: Ear, asked: dict[str, Any]) -> bool:
    condition = ear.event.condition or ""
    if ear.node.id in instance.skipping:
        return not ear.catch.at_side  # what stands in the way is passed, what waits beside it does not happen
    try:
        return bool(instance.evaluate_with(ear.token, condition, {**numbers_around(ear.token), **asked}))
    except Stuck as stuck:
        # What nobody has said yet makes nothing true; it may be said any time.
        if unknown_names(condition, frozenset(asked)):
            return False
        stuck.element = ear.node.id
        raise


def _of_rounds(token: Token) -> dict[str, Any]:
    """Return what the rounds of loops around a token know for themselves: their item, and what they have changed."""
    scope, host = token.workflow, getattr(token.workflow, "host", None)
    if host is None:
        return {}
    found, loop = _of_rounds(host), host.workflow.tasks[host._parent]
    if loop.task_spec.repeats:
        item = loop.task_spec.loop.item
        found |= {item: host.data[item]} if item in host.data else {}
        found |= news(host.data, known_in(scope))
    return found


def _tell_inside(boundary: Token) -> None:
    """Let the way of an event at a border, and what goes on beside it, know what the activity has written."""
    before = boundary.data
    for activity in boundary.workflow.tasks[boundary._parent].children:
        boundary.learn(changed_inside(activity))
    share(boundary, before)

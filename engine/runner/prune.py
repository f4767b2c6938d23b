"""Splice the finished past out of the token tree, so that an instance stays as small as what is alive in it."""

from typing import Any

from engine.runner.events import BoundarySplit
from engine.runner.tree import FINISHED, Instance, Token, climb


def prune(instance: Instance) -> None:
    """Drop what no later step can ask for: finished leaves, and finished links of a chain."""
    for scope in [instance, *instance.subprocesses.values()]:
        if not scope.completed:
            _prune_leaves(scope)
            while _splice_links(scope):
                pass


def _prune_leaves(scope: Any) -> None:
    for token in list(scope.tasks.values()):
        if token.id in scope.tasks and token._state & FINISHED and not token._children:
            climb(token)


def _splice_links(scope: Any) -> bool:
    changed = False
    tasks: dict[Any, Token] = scope.tasks
    for token in list(tasks.values()):
        if token._parent is None or not token._state & FINISHED or len(token._children) != 1:
            continue
        child, parent = tasks[token._children[0]], tasks[token._parent]
        if _is_needed(token, child, parent):
            continue
        parent._children[parent._children.index(token.id)] = child.id
        child._parent = parent.id
        del tasks[token.id]
        changed = True
    return changed


def _is_needed(token: Token, child: Token, parent: Token) -> bool:
    """A split knows its activity by its children, so both stay as they are until the activity is over."""
    if isinstance(token.task_spec, BoundarySplit):
        return not child._state & FINISHED
    if isinstance(parent.task_spec, BoundarySplit):
        return any(not sibling._state & FINISHED for sibling in parent.children)
    return bool(parent.task_spec.repeats and not parent._state & FINISHED)

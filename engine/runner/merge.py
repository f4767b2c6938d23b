"""Three-way merge of instance data where parallel branches meet."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from engine.runner.tree import FINISHED, Token, ancestors

_ABSENT: Final = object()


class Conflict(Exception):
    """Two branches changed one variable differently; `path` names it."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def merged(base: Mapping[str, Any], branches: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Join what each branch changed since the split; raises Conflict, never chooses."""
    result: Any = base
    for branch in branches:
        result = _three_way(base, result, branch, "")
    return dict(result)


def _three_way(base: Any, ours: Any, theirs: Any, path: str) -> Any:
    if ours is theirs or same(ours, theirs):
        return ours
    if same(base, theirs):
        return ours
    if same(base, ours):
        return theirs
    if not (isinstance(ours, Mapping) and isinstance(theirs, Mapping)):
        raise Conflict(path)
    origin = base if isinstance(base, Mapping) else {}
    result = {}
    for key in {**origin, **ours, **theirs}:
        value = _three_way(
            origin.get(key, _ABSENT),
            ours.get(key, _ABSENT),
            theirs.get(key, _ABSENT),
            f"{path}.{key}" if path else key,
        )
        if value is not _ABSENT:
            result[key] = value
    return result


def same(left: Any, right: Any) -> bool:
    """Compare as stored values: True is not 1, and a missing field is not an empty one."""
    if left is right:
        return True
    if type(left) is not type(right):
        return False
    if type(left) is dict:
        return left.keys() == right.keys() and all(same(item, right[key]) for key, item in left.items())
    if type(left) is list:
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def news(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is new or changed in `after`, compared as stored values."""
    return {name: value for name, value in after.items() if not same(before.get(name, _ABSENT), value)}


def split_of(token: Token) -> Token | None:
    """Return where the branch of a token parted from others; None where it runs alone."""
    return next((above for above in ancestors(token) if len(above._children) > 1), None)


def _all_in(scope: Any) -> list[Token]:
    """Return the tokens of a scope and of the sub-processes at work in it, at any depth."""
    return [token for one in scope.task_tree.top.scopes() if _lies_in(one, scope) for token in one.tasks.values()]


def _lies_in(one: Any, scope: Any) -> bool:
    while one is not scope and (host := getattr(one, "host", None)) is not None:
        one = host.workflow
    return one is scope


def share(token: Token, base: Mapping[str, Any]) -> list[str]:
    """Let the rest of its scope, and what works inside it, know what an ended branch changed; return what all took.

    Who has changed a variable himself keeps his own value: the end of the scope decides. The past takes it over as
    well, so that what is changed from now on is seen as a change of the new value.
    """
    taken = []
    for name, value in news(base, token.data).items():
        agreed, before = True, base.get(name, _ABSENT)
        for other in _all_in(token.workflow):
            theirs = other.data.get(name, _ABSENT)
            if other is not token and same(theirs, before):
                other.learn({name: value})
            elif other is not token and not same(theirs, value) and not other._state & FINISHED:
                agreed = False
        if agreed:
            taken.append(name)
    return taken

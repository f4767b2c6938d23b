"""Three-way merge of instance data where parallel branches meet."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from engine.runner.tree import FINISHED, Token

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
    if ours is theirs or _same(ours, theirs):
        return ours
    if _same(base, theirs):
        return ours
    if _same(base, ours):
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


def _same(left: Any, right: Any) -> bool:
    """Compare as stored values: True is not 1, and a missing field is not an empty one."""
    if left is right:
        return True
    if type(left) is not type(right):
        return False
    if type(left) is dict:
        return left.keys() == right.keys() and all(_same(item, right[key]) for key, item in left.items())
    if type(left) is list:
        return len(left) == len(right) and all(map(_same, left, right))
    return bool(left == right)


def share(token: Token, base: Mapping[str, Any]) -> list[str]:
    """Let the rest of its scope know what an ended branch changed since `base`; return what all of it took over.

    Who has changed a variable himself keeps his own value: the end of the scope decides. The past takes it over as
    well, so that what is changed from now on is seen as a change of the new value.
    """
    taken = []
    for name, value in token.data.items():
        if name in base and _same(base[name], value):
            continue
        agreed, before = True, base.get(name, _ABSENT)
        for other in token.workflow.tasks.values():
            theirs = other.data.get(name, _ABSENT)
            if other is not token and _same(theirs, before):
                other.learn({name: value})
            elif other is not token and not _same(theirs, value) and not other._state & FINISHED:
                agreed = False
        if agreed:
            taken.append(name)
    return taken

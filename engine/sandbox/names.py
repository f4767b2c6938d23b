"""Which names an expression or a script reads and binds, and what is refused before it is run."""

import ast
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple, cast

from engine.sandbox.failures import ScriptFailed, short

MAX_EXPRESSION: Final = 1_000
MAX_SCRIPT: Final = 10_000
_BUILTINS: Final = frozenset(
    {
        "abs", "all", "any", "bool", "dict", "divmod", "enumerate", "filter", "float", "int", "len", "list", "map",
        "max", "min", "pow", "print", "range", "repr", "reversed", "round", "set", "sorted", "str", "sum", "tuple",
        "zip", "Exception", "KeyError", "TypeError", "ValueError", "frozenset", "isinstance",
    }
)  # fmt: skip
_REFUSED_MODULES: Final = frozenset(
    {"os", "sys", "random", "subprocess", "socket", "ctypes", "pathlib", "time", "asyncio", "builtins"}
)
_REFUSED_NAMES: Final = frozenset(
    {"breakpoint", "compile", "eval", "exec", "globals", "help", "input", "locals", "open", "vars"}
)
# Of lists, dicts and sets: what changes them where they are.
_CHANGING: Final = frozenset(
    {
        "add", "append", "clear", "difference_update", "discard", "extend", "insert", "intersection_update", "pop",
        "popitem", "remove", "reverse", "setdefault", "sort", "symmetric_difference_update", "update",
    }
)  # fmt: skip
_OWN_SCOPE: Final = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda,
    ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
)  # fmt: skip


@lru_cache(maxsize=4096)
def names_of(expression: str) -> frozenset[str]:
    """Return the names an expression reads; raises ScriptFailed when it is not one expression we run."""
    tree = _parsed(expression, mode="eval", limit=MAX_EXPRESSION)
    _require_tame(tree, expression)
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


class Names(NamedTuple):
    """What a script does to names: binds at its top level, changes in place, asks for before it binds them, mentions.

    What is changed under another name (`other = rows`, `for row in rows`) is not found by reading the script:
    `changes_in_place` tells that something is changed, whatever it is called.
    """

    bound: frozenset[str]
    changed: frozenset[str]
    asked: frozenset[str]
    mentioned: frozenset[str]
    changes_in_place: bool


@lru_cache(maxsize=1024)
def names_in(script: str) -> Names:
    """Return what a script does to names; raises ScriptFailed."""
    tree = _parsed(script, mode="exec", limit=MAX_SCRIPT)
    _require_tame(tree, script)
    places = [place for node in ast.walk(tree) if (place := _changed_place(node)) is not None]
    asked: set[str] = set()
    _ask(cast(ast.Module, tree).body, set(), asked)
    return Names(
        bound=frozenset(_bound(tree)),
        changed=frozenset(place.id for place in places if isinstance(place, ast.Name)),
        asked=frozenset(asked),
        mentioned=frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name)),
        changes_in_place=bool(places) or any(isinstance(node, ast.AugAssign) for node in ast.walk(tree)),
    )


def _bound(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    pending = [tree]
    while pending:
        for child in ast.iter_child_nodes(pending.pop()):
            if isinstance(child, _OWN_SCOPE):
                continue
            if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
                names.add(child.id)
            pending.append(child)
    return names


def _changed_place(node: ast.AST) -> ast.expr | None:
    """Return what is changed in place by `x[1] = …`, `del x[1]`, `x.append`: the innermost `x`."""
    if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
        place: ast.expr = node.value
    elif isinstance(node, ast.Attribute) and node.attr in _CHANGING:
        place = node.value
    else:
        return None
    while isinstance(place, ast.Subscript | ast.Attribute):
        place = place.value
    return place


def _ask(statements: Iterable[ast.stmt], bound: set[str], asked: set[str]) -> None:
    """Collect the names that statements read while nothing has surely bound them; add to `bound` what they bind."""
    for statement in statements:
        blocks = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
        if isinstance(statement, ast.Try):
            blocks += [handler.body for handler in statement.handlers]
        if not any(blocks) or isinstance(statement, _OWN_SCOPE):
            asked |= _loaded(statement) - bound
            bound |= _bound(ast.Module([statement], []))
            continue
        heads = [child for child in ast.iter_child_nodes(statement) if isinstance(child, ast.expr | ast.withitem)]
        within = bound.union(*map(_stored, heads))
        asked |= set().union(*map(_loaded, heads)) - bound
        ends = []
        for block in blocks:
            ends.append(set(within))
            _ask(block, ends[-1], asked)
        if isinstance(statement, ast.If):
            bound |= ends[0] & ends[1]


def _loaded(node: ast.AST) -> set[str]:
    """Return the names that are read, without those that belong to a comprehension or function in it."""
    names = [name for name in ast.walk(node) if isinstance(name, ast.Name)]
    scopes = [scope for scope in ast.walk(node) if isinstance(scope, _OWN_SCOPE)]
    own = {name.id for scope in scopes for name in ast.walk(scope) if isinstance(name, ast.Name) and _is_stored(name)}
    own |= {argument.arg for scope in scopes for argument in ast.walk(scope) if isinstance(argument, ast.arg)}
    changed = {node.target.id} if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) else set()
    return ({name.id for name in names if not _is_stored(name)} | changed) - own


def _stored(node: ast.AST) -> set[str]:
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name) and _is_stored(name)}


def _is_stored(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _parsed(source: str, *, mode: str, limit: int) -> ast.AST:
    if len(source) > limit:
        raise ScriptFailed(f"Dài quá {limit} ký tự.", source=source[:80])
    if not source.strip():
        raise ScriptFailed("Biểu thức để trống.", source=source)
    try:
        return ast.parse(source.strip() if mode == "eval" else source, mode=mode)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ScriptFailed(f"Không đọc được: {short(error)}", source=source) from None


def _require_tame(tree: ast.AST, source: str) -> None:
    """Refuse early what the sandbox would refuse or what would make replays disagree."""
    for node in ast.walk(tree):
        name = None
        if isinstance(node, ast.Import):
            name = next((alias.name for alias in node.names if alias.name.split(".")[0] in _REFUSED_MODULES), None)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in _REFUSED_MODULES:
            name = node.module
        elif isinstance(node, ast.Attribute) and node.attr.startswith("_"):
            name = node.attr
        elif isinstance(node, ast.Name) and (node.id.startswith("__") or node.id in _REFUSED_NAMES):
            name = node.id
        if name:
            raise ScriptFailed(f"Không được dùng “{name}” trong biểu thức.", source=source)


def unknown_names(expression: str, known: frozenset[str]) -> frozenset[str]:
    """Return names an expression reads that nobody gives it: for the checker."""
    tree = _parsed(expression, mode="eval", limit=MAX_EXPRESSION)
    _require_tame(tree, expression)
    return free_names(tree) - known


def free_names(tree: ast.AST) -> frozenset[str]:
    """Return names that are read but bound nowhere, without those the language knows."""
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    bound = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return frozenset(node.id for node in names) - bound - _BUILTINS

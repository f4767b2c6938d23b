"""Which names an expression or a script reads and binds, and what is refused before it is run."""

import ast
from functools import lru_cache
from typing import Final

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


@lru_cache(maxsize=1024)
def assigned_by(script: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names a script binds at its top level, and all names it mentions; raises ScriptFailed."""
    tree = _parsed(script, mode="exec", limit=MAX_SCRIPT)
    _require_tame(tree, script)
    mentioned = frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
    return frozenset(_bound(tree)), mentioned


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

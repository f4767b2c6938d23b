"""The one place where expressions and scripts of diagrams are evaluated: Monty, a Python subset in worker processes."""

import ast
import atexit
import math
import os
import threading
import time
import unicodedata
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, Self

from pydantic_monty import CollectString, Monty, MontyCrashedError, MontyError, MontySession, MontySyntaxError

from engine import comparison, metrics

MAX_EXPRESSION: Final = 1_000
MAX_SCRIPT: Final = 10_000
MAX_DEPTH: Final = 32
MAX_RESULT: Final = 64_000
# In total a move, while the embedded database's write lock is held. On a busy machine 0.1 s of wall time made honest
# scripts fail; a worker that stands in the queue of the processors has not computed yet.
MAX_SECONDS: Final = 0.5
MAX_MEMORY: Final = 64_000_000
# How errors of the evaluator begin when it ended what took too long or too much.
_LIMITS: Final = ("TimeoutError", "MemoryError", "RecursionError")
_MAX_INTEGER: Final = 2**63
_UNBOUND: Final = "\ue000unbound"
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


class ScriptFailed(Exception):
    """An expression or script could not be evaluated; the message is for the designer."""

    def __init__(self, message: str, *, source: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.source = source


class NotPlain(ValueError):
    """A value is not plain JSON data within the limits."""


class Box:
    """The sandbox of one move: entered lazily, never shared between instances, closed at the end of the move."""

    def __init__(self, *, now: datetime, seconds: float = MAX_SECONDS) -> None:
        if now.tzinfo is None:
            raise ValueError("a naive instant")
        self._now = now
        self._left = seconds
        self._exits = ExitStack()
        self._session: MontySession | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_why: object) -> None:
        self.close()

    def close(self) -> None:
        self._session = None
        self._exits.close()

    def evaluate(self, expression: str, names: Mapping[str, Any]) -> Any:
        """Return the value of one expression over `names`; raises ScriptFailed."""
        plan = comparison.plan(expression)
        if plan is not None:
            try:
                return plain(plan(names))
            except comparison.NotComparable:
                pass
            except NotPlain as error:
                raise ScriptFailed(str(error), source=expression) from None
        used = names_of(expression)
        return self._feed(expression.strip(), {name: names[name] for name in used if name in names})

    def execute(self, script: str, names: Mapping[str, Any]) -> dict[str, Any]:
        """Run a script over `names` and return what it assigned; raises ScriptFailed."""
        assigned, used = assigned_by(script)
        inputs = {name: names[name] for name in used | assigned if name in names}
        listing = ", ".join(f"{name!r}: {name}" for name in sorted(assigned))
        # A name bound in one branch only would be unbound at the end: it keeps the value it came with, or the mark.
        inputs |= {name: _UNBOUND for name in assigned if name not in inputs}
        result = self._feed(f"{script}\n{{{listing}}}", inputs)
        return {name: value for name, value in result.items() if value != _UNBOUND}

    def _feed(self, code: str, inputs: dict[str, Any]) -> Any:
        if self._left <= 0:
            raise ScriptFailed("Đã hết thời gian cho các biểu thức của một bước xử lý.", source=code)
        started = time.monotonic()
        try:
            opened = self._opened()
            started = time.monotonic()
            value = opened.feed_run(
                code, inputs=inputs, print_callback=CollectString(max_bytes=MAX_RESULT), skip_type_check=True
            )
        except MontyCrashedError as error:
            metrics.EVALUATOR_KILLS.labels("crash").inc()
            self.close()
            raise ScriptFailed(f"Bộ chạy biểu thức đã dừng: {_short(error)}", source=code) from None
        except (MontyError, TimeoutError, RuntimeError, ValueError, OverflowError, RecursionError) as error:
            if str(error).startswith(_LIMITS):
                metrics.EVALUATOR_KILLS.labels("limit").inc()
            self.close()
            raise ScriptFailed(_reason(error, code, inputs), source=code) from None
        finally:
            self._left -= time.monotonic() - started
        try:
            return plain(value)
        except NotPlain as error:
            raise ScriptFailed(str(error), source=code) from None

    def _opened(self) -> MontySession:
        if self._session is None:
            self._session = self._exits.enter_context(
                _pool().checkout(
                    limits={
                        "max_feed_duration_secs": max(self._left, 0.001),
                        "max_turn_duration_secs": max(self._left, 0.001),
                        "max_memory": MAX_MEMORY,
                        "max_recursion_depth": 100,
                        "max_suspensions": 0,
                    },
                    os_policy={
                        "datetime": self._now,
                        "timezone": "Asia/Ho_Chi_Minh",
                        "sleep": "zero",
                        "random_start": {"seed": 0},
                    },
                )
            )
        return self._session


def evaluate(expression: str, names: Mapping[str, Any], *, now: datetime) -> Any:
    """Evaluate one expression in a box of its own."""
    with Box(now=now) as box:
        return box.evaluate(expression, names)


def execute(script: str, names: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """Run one script in a box of its own."""
    with Box(now=now) as box:
        return box.execute(script, names)


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


_OWN_SCOPE: Final = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda,
    ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
)  # fmt: skip


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
        raise ScriptFailed(f"Không đọc được: {_short(error)}", source=source) from None


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
    bound = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return names_of(expression) - known - _BUILTINS - bound


def plain(value: Any, *, limit: int = MAX_RESULT) -> Any:
    """Return a deep copy of plain data (JSON types, date, datetime, Decimal); raises NotPlain for anything else."""
    copied, size = _plain(value, 0)
    if size > limit:
        raise NotPlain(f"Giá trị quá lớn (trên {limit} byte).")
    return copied


def _plain(value: Any, depth: int) -> tuple[Any, int]:
    kind = type(value)
    if value is None or kind is bool:
        return value, 4
    if kind is str:
        return _text(value)
    if kind is int:
        if not -_MAX_INTEGER <= value < _MAX_INTEGER:
            raise NotPlain("Số nguyên quá lớn.")
        return value, 8
    if kind is float:
        if not math.isfinite(value):
            raise NotPlain("Giá trị không phải là số (NaN hoặc vô cực).")
        return value, 8
    if depth >= MAX_DEPTH:
        raise NotPlain(f"Dữ liệu lồng nhau quá {MAX_DEPTH} tầng.")
    if kind is list or kind is tuple:
        pairs = [_plain(item, depth + 1) for item in value]
        return [item for item, _ in pairs], 2 + sum(size + 1 for _, size in pairs)
    if kind is dict:
        return _plain_dict(value, depth)
    return _plain_other(value)


def _plain_dict(value: dict[Any, Any], depth: int) -> tuple[dict[str, Any], int]:
    copied: dict[str, Any] = {}
    total = 2
    for key, item in value.items():
        if type(key) is not str:
            raise NotPlain("Tên trường phải là chữ.")
        name, name_size = _text(key)
        copied[name], size = _plain(item, depth + 1)
        total += name_size + size + 2
    return copied, total


def _plain_other(value: Any) -> tuple[Any, int]:
    if type(value) is Decimal:
        if not value.is_finite() or value.adjusted() > 60 or len(value.as_tuple().digits) > 60:
            raise NotPlain("Số thập phân không hợp lệ hoặc quá lớn.")
        return value, 16
    if type(value) is datetime:
        if value.tzinfo is None:
            raise NotPlain("Thời điểm phải có múi giờ.")
        return datetime.fromisoformat(value.isoformat()), 32
    if type(value) is date:
        return value, 10
    raise NotPlain(f"Kiểu dữ liệu không được chấp nhận: {type(value).__name__}.")


def _text(value: str) -> tuple[str, int]:
    if value.isascii():
        return value, len(value) + 2
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        raise NotPlain("Chuỗi ký tự bị hỏng.") from None
    return unicodedata.normalize("NFC", value), size + 2


_lock = threading.Lock()
_owned: tuple[int, Monty] | None = None


def _pool() -> Monty:
    """Return this process's pool, started at first use.

    A child forked after that cannot have one: the library's threads do not survive a fork and it would hang for ever
    (seen in 1.4.0). It is told so instead. Fork first, evaluate later.
    """
    global _owned
    with _lock:
        if _owned is not None and _owned[0] != os.getpid():
            raise RuntimeError("the sandbox was in use before this process was forked")
        if _owned is None:
            pool = Monty(
                min_processes=1,
                max_processes=max(2, min(4, os.cpu_count() or 2)),
                checkout_timeout=5.0,
                request_timeout=2.0,
                max_checkouts_per_worker=10_000,
            )
            pool.__enter__()
            _owned = (os.getpid(), pool)
        return _owned[1]


def close() -> None:
    """Stop the workers of this process; the next evaluation starts new ones."""
    global _owned
    with _lock:
        if _owned is not None and _owned[0] == os.getpid():
            _owned[1].__exit__(None, None, None)
            _owned = None


atexit.register(close)


def _reason(error: BaseException, code: str, inputs: Mapping[str, Any]) -> str:
    """Say what happened; an unknown name reaches us as a refused question to the host."""
    text = _short(error)
    if "suspension limit" in text:
        tree = ast.parse(code)
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        bound = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        unknown = sorted({node.id for node in names} - bound - _BUILTINS - inputs.keys())
        if unknown:
            return f"NameError: không có dữ liệu tên {', '.join(unknown[:5])}"
    return text


def _short(error: BaseException) -> str:
    text = str(error) or type(error).__name__
    if isinstance(error, MontySyntaxError):
        text = f"SyntaxError: {text}"
    return " ".join(text.split())[:300]

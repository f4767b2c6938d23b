"""The box in which the expressions and scripts of one move are evaluated."""

import ast
import copy
import time
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from typing import Any, Final, Self

from pydantic_monty import CollectString, MontyCrashedError, MontyError, MontySession, MontySyntaxError

from engine import comparison
from engine.sandbox import killed
from engine.sandbox.failures import ScriptFailed, short
from engine.sandbox.names import free_names, names_in, names_of
from engine.sandbox.pool import MAX_SECONDS, checkout
from engine.sandbox.values import MAX_RESULT, NotPlain, plain

# How errors of the evaluator begin when it ended what took too long or too much.
_LIMITS: Final = ("TimeoutError", "MemoryError", "RecursionError")
_UNBOUND: Final = "\ue000unbound"
_CAME: Final = "__as_it_came"


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
        """Run a script over `names` and return what it assigned or changed in place; raises ScriptFailed."""
        said = names_in(script)
        inputs = {name: names[name] for name in said.mentioned | said.bound if name in names}
        told = {name: name for name in said.bound}
        if said.changes_in_place:
            # Whatever a list or dict is called where it is changed: it is told if it does not read as it came.
            came = {name: value for name, value in inputs.items() if isinstance(value, list | dict)}
            inputs |= {name + _CAME: copy.deepcopy(value) for name, value in came.items()}
            for name in came.keys() - told.keys():
                told[name] = f"{name} if repr({name}) != repr({name}{_CAME}) else {_UNBOUND!r}"
        listing = ", ".join(f"{name!r}: {told[name]}" for name in sorted(told))
        # A name bound in one branch only would be unbound at the end: it keeps the value it came with, or the mark.
        inputs |= {name: _UNBOUND for name in said.bound if name not in inputs}
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
            killed.tell("crash")
            self.close()
            raise ScriptFailed(f"Bộ chạy biểu thức đã dừng: {short(error)}", source=code) from None
        except (MontyError, TimeoutError, RuntimeError, ValueError, OverflowError, RecursionError) as error:
            if str(error).startswith(_LIMITS):
                killed.tell("limit")
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
            self._session = self._exits.enter_context(checkout(now=self._now, seconds=self._left))
        return self._session


def evaluate(expression: str, names: Mapping[str, Any], *, now: datetime) -> Any:
    """Evaluate one expression in a box of its own."""
    with Box(now=now) as box:
        return box.evaluate(expression, names)


def execute(script: str, names: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """Run one script in a box of its own."""
    with Box(now=now) as box:
        return box.execute(script, names)


def _reason(error: BaseException, code: str, inputs: Mapping[str, Any]) -> str:
    """Say what happened; an unknown name reaches us as a refused question to the host."""
    text = short(error)
    if "suspension limit" in text and (unknown := sorted(free_names(ast.parse(code)) - inputs.keys())):
        return f"NameError: không có dữ liệu tên {', '.join(unknown[:5])}"
    return f"SyntaxError: {text}"[:300] if isinstance(error, MontySyntaxError) else text

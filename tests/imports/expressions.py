"""An expression of another tool, answered as ours."""

from datetime import UTC, datetime
from typing import Any

from engine import sandbox
from engine.bpmn.dialects import translated

NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


def answer(text: str, dialect: str, data: dict[str, Any], *, truth: bool = True) -> Any:
    ours = translated(text, dialect, truth=truth)
    assert ours is not None, f"{text} is not translated"
    return sandbox.evaluate(ours, data, now=NOW)

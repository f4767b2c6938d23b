"""Timers of one token: when they are due, and when they come again. Working days are the engine's."""

from datetime import UTC, datetime
from typing import Any

from engine import iso8601
from engine.bpmn import Timer
from engine.runner.tree import Token
from engine.runner.values import Stuck


def armed(token: Token, timer: Timer) -> dict[str, Any]:
    """Return what a timer that starts now must remember."""
    if timer.kind == "workingDays":
        return {"days": timer.working_days}
    text = timer.text
    if not iso8601.is_literal(text):
        value = token.top.evaluate(token, text)
        if value is None and timer.kind == "due":
            return {}
        text = value.isoformat() if isinstance(value, datetime) else str(value)
    try:
        if timer.kind == "cycle":
            cycle = iso8601.cycle(text, now=token.top.now)
            return {"due": _stamp(cycle.first), "every": cycle.every, "left": cycle.times, "round": 0}
        return {"due": _stamp(iso8601.due(timer.kind, text, now=token.top.now))}
    except iso8601.BadTimer as bad:
        raise Stuck(f"bad timer “{text}”: {bad}", element=token.task_spec.bpmn_id) from bad


def again(memory: dict[str, Any], *, now: datetime) -> bool:
    """Set a repeating timer to its next time after now; False when there is none."""
    left = memory.get("left")
    if left is not None and left <= 1:
        return False
    due = iso8601.next_round(datetime.fromisoformat(memory["due"]), memory["every"], now=now)
    memory.update(due=_stamp(due), left=None if left is None else left - 1, round=memory["round"] + 1)
    return True


def due_of(memory: dict[str, Any]) -> datetime | None:
    return datetime.fromisoformat(memory["due"]) if "due" in memory else None


def _stamp(due: datetime) -> str:
    return due.astimezone(UTC).isoformat()

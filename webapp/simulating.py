"""The command `lienthong simulate`: a run in memory, answered in one object or a few lines."""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from engine import simulation
from webapp.bounded import bounded
from webapp.checking import LEVELS, coloured, file_name

SECONDS, MEMORY = 30, 1024 * 1024 * 1024
KINDS = ("message", "signal", "timer")
WORDS = {
    "finished": ("đã xong", "finished"),
    "waiting": ("đang chờ", "waiting"),
    "stuck": ("bị kẹt", "stuck"),
    "failed": ("bị lỗi", "failed"),
    "refused": ("không chạy được", "refused"),
    "started": ("bắt đầu", "started"),
    "completed": ("xong", "completed"),
    "cancelled": ("bị hủy", "cancelled"),
}
SIGNS = {"started": "▷", "completed": "✓", "cancelled": "✗"}


class BadOption(ValueError):
    """An option or its file cannot be used; the message names it."""


def act_of(text: str) -> simulation.Happen:
    """Read `KIND:NAME[=JSON]`."""
    kind, colon, rest = text.partition(":")
    name, equals, body = rest.partition("=")
    if kind not in KINDS or not colon or not name:
        raise argparse.ArgumentTypeError(f"{text!r}: KIND:NAME[=JSON], KIND one of {', '.join(KINDS)}")
    payload = _json(body, text) if equals else {}
    if not isinstance(payload, dict):
        raise argparse.ArgumentTypeError(f"{text!r}: the data after = is an object")
    return simulation.Happen(kind, name, payload)


def advance_of(text: str) -> simulation.Advance:
    """Read a duration."""
    return simulation.Advance(text)


def answers_in(path: Path | None) -> dict[str, Any]:
    """Read the answers: an object of element id -> answers."""
    if path is None:
        return {}
    try:
        read = _json(path.read_text(encoding="utf-8-sig"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise BadOption(f"{path}: {getattr(error, 'strerror', None) or 'not UTF-8'}") from None
    except argparse.ArgumentTypeError as error:
        raise BadOption(str(error)) from None
    if not isinstance(read, dict):
        raise BadOption(f"{path}: an object of element ids is expected")
    return read


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise argparse.ArgumentTypeError(f"{where}: not JSON ({str(error)[:100]})") from None


def run(
    paths: Sequence[Path],
    *,
    processes: Sequence[str],
    answers: Mapping[str, Any],
    acts: Sequence[simulation.Act],
) -> simulation.Simulated:
    """Simulate the first file, with the tables and forms given beside it; raises BadOption."""
    files = {}
    for path in paths:
        try:
            files[file_name(path)] = path.read_bytes()
        except OSError as error:
            raise BadOption(f"{path}: {error.strerror}") from None
    result = bounded(partial(_simulated, files, processes, answers, acts), seconds=SECONDS, memory=MEMORY)
    if isinstance(result, str):
        raise BadOption(result)
    if result is None:
        why = {"element": None, "message": f"more than {SECONDS} s of CPU or {MEMORY // 2**20} MB"}
        return simulation.Simulated("failed", error=why)
    return result


def _simulated(
    files: Mapping[str, bytes], processes: Sequence[str], answers: Mapping[str, Any], acts: Sequence[simulation.Act]
) -> simulation.Simulated | str:
    try:
        return simulation.simulate(files, processes=processes, answers=answers, acts=acts, now=datetime.now(UTC))
    except simulation.Unusable as unusable:
        return str(unusable)


def said(result: simulation.Simulated, language: str) -> dict[str, Any]:
    """Return the object that is printed."""
    return {
        "outcome": result.outcome,
        "trace": [{"element": one.element, "type": one.type, "event": one.event} for one in result.trace],
        "waiting": [
            {
                "element": one.element,
                "kind": one.kind,
                "name": one.name,
                "due": one.due.isoformat() if one.due else None,
            }
            for one in result.waiting
        ],
        "data": dict(result.data),
        "ended_at": list(result.ended_at),
        "error": dict(result.error) if result.error else None,
        "findings": [
            {
                "level": LEVELS[one.level],
                "rule": one.rule,
                "element": one.element,
                "line": one.line,
                "message": one.message_vi if language == "vi" else one.message_en,
            }
            for one in result.findings
        ],
    }


def lines_of(result: simulation.Simulated, *, as_json: bool, language: str) -> Iterator[str]:
    """Yield one JSON object on one line, or lines for people."""
    told = said(result, language)
    if as_json:
        yield json.dumps(told, ensure_ascii=False, default=str)
        return
    at = 0 if language == "vi" else 1
    for one in told["findings"]:
        yield f"{coloured(one['level'], one['level'])} {one['rule']} {one['element'] or ''}: {one['message']}"
    for one in told["trace"]:
        yield f"{SIGNS[one['event']]} {one['element']} ({one['type']}) {WORDS[one['event']][at]}"
    for one in told["waiting"]:
        yield f"… {one['element']} ({one['kind']}) {one['name']} {one['due'] or ''}".rstrip()
    if told["data"]:
        yield json.dumps(told["data"], ensure_ascii=False, default=str)
    if told["error"]:
        yield f"! {told['error']['element'] or ''} {told['error']['message']}"
    yield WORDS[result.outcome][at]

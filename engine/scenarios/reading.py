"""Scenario files: read with a clear refusal of what is wrong where, and written in one form."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from engine import iso8601
from engine.clock import ZONE
from engine.scenarios.values import Expectation, Scenario, Step
from models.errors import Invalid

FOLDER: Final = "scenarios/"
MAX_STEPS: Final = 200
MAX_BYTES: Final = 200_000
# A Monday morning in an ordinary week: what a run does may not depend on the day it is run.
BEGINNING: Final = datetime(2026, 1, 5, 8, tzinfo=ZONE)
OUTCOMES: Final = ("finished", "waiting", "stuck", "failed")
_KINDS: Final = {
    "complete": ("answers", "operator"),
    "message": ("data",),
    "signal": ("data",),
    "timer": (),
    "skip": (),
    "advance": (),
}
_TOP: Final = {"name": str, "process": str, "at": str, "data": dict, "steps": list, "expect": dict}
_EXPECT: Final = {"outcome": str, "ended_at": list, "data": dict}


def is_scenario(name: str) -> bool:
    """Tell the file of a scenario from the other files of a bundle by its name."""
    return name.startswith(FOLDER) and name.endswith(".json") and not name.endswith(".form.json")


def name_of(file: str, content: bytes | str) -> str:
    """Return what a scenario is called; where it cannot be read, its file's name."""
    try:
        return read(file, content).name
    except Invalid:
        return file.removeprefix(FOLDER).removesuffix(".json")


def read(file: str, content: bytes | str) -> Scenario:
    """Read a scenario; raises Invalid (bad_scenario), whose facts say the file, the step, what is wrong and why."""
    return scenario_of(file, _parsed(file, content))


def scenario_of(file: str, said: Any) -> Scenario:
    """Check what a scenario says; raises Invalid as `read` does."""
    place = _Place(file)
    top = place.object(said, _TOP)
    for name in ("name", "process"):
        if not str(top.get(name) or "").strip():
            raise place.refusal("missing", key=name)
    steps = top.get("steps", [])
    if len(steps) > MAX_STEPS:
        raise place.refusal("too_many_steps", most=MAX_STEPS, count=len(steps))
    return Scenario(
        name=top["name"].strip()[:200],
        process=top["process"],
        at=_instant(place, top["at"]) if "at" in top else BEGINNING,
        data=top.get("data", {}),
        steps=tuple(_step(_Place(file, number), one) for number, one in enumerate(steps, start=1)),
        expect=_expectation(place, top.get("expect", {})),
    )


def said_of(scenario: Scenario) -> dict[str, Any]:
    """Return what a scenario says as plain values, without what goes without saying."""
    expect = scenario.expect
    expected = {
        "outcome": expect.outcome,
        "ended_at": list(expect.ended_at) if expect.ended_at is not None else None,
        "data": dict(expect.data),
    }
    said = {
        "name": scenario.name,
        "process": scenario.process,
        "at": scenario.at.isoformat() if scenario.at != BEGINNING else None,
        "data": dict(scenario.data),
        "steps": [_said_step(step) for step in scenario.steps],
        "expect": {key: value for key, value in expected.items() if value not in (None, {})},
    }
    return {key: value for key, value in said.items() if key == "steps" or value not in (None, {})}


def write(scenario: Scenario) -> bytes:
    """Write the file of a scenario."""
    return (json.dumps(said_of(scenario), ensure_ascii=False, indent=2) + "\n").encode()


def _said_step(step: Step) -> dict[str, Any]:
    parts = {"answers": step.answers, "operator": step.operator, "data": step.data}
    return {step.kind: step.name, **{key: dict(value) for key, value in parts.items() if value}}


class _Place:
    """Where in a file one reads, and the refusal of what stands there."""

    def __init__(self, file: str, step: int | None = None) -> None:
        self.file, self.step = file, step

    def refusal(self, what: str, **facts: Any) -> Invalid:
        reason = f"scenario_{what}" if self.step is None else f"scenario_step_{what}"
        return Invalid({"content": reason}, reason=reason, file=self.file, step=self.step, **facts)

    def object(self, said: Any, known: Mapping[str, type]) -> dict[str, Any]:
        """Return an object with known keys only, each of its kind."""
        if not isinstance(said, dict):
            raise self.refusal("no_object")
        for key, value in said.items():
            if key not in known:
                raise self.refusal("unknown", key=str(key)[:100], known=", ".join(known))
            if not isinstance(value, known[key]):
                raise self.refusal("kind", key=key, kind=known[key].__name__)
        return said


def _parsed(file: str, content: bytes | str) -> Any:
    if len(content) > MAX_BYTES:
        raise _Place(file).refusal("too_large", most=MAX_BYTES // 1000)
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise _Place(file).refusal("no_json", line=line) from None


def _step(place: _Place, said: Any) -> Step:
    kinds = [kind for kind in _KINDS if isinstance(said, dict) and kind in said]
    if len(kinds) != 1:
        raise place.refusal("no_kind", known=", ".join(_KINDS))
    kind = kinds[0]
    known = place.object(said, {kind: str, **dict.fromkeys(_KINDS[kind], dict)})
    if not known[kind].strip():
        raise place.refusal("missing", key=kind)
    if kind == "advance":
        try:
            iso8601.after(BEGINNING, known[kind])
        except iso8601.BadTimer:
            raise place.refusal("no_duration", value=known[kind][:50]) from None
    return Step(kind, known[kind], known.get("answers", {}), known.get("operator", {}), known.get("data", {}))


def _expectation(place: _Place, said: Any) -> Expectation:
    known = place.object(said, _EXPECT)
    if "outcome" in known and known["outcome"] not in OUTCOMES:
        raise place.refusal("no_outcome", value=known["outcome"][:50], known=", ".join(OUTCOMES))
    ended_at = known.get("ended_at")
    if ended_at is not None and not all(isinstance(one, str) for one in ended_at):
        raise place.refusal("kind", key="ended_at", kind="list")
    return Expectation(known.get("outcome"), tuple(ended_at) if ended_at is not None else None, known.get("data", {}))


def _instant(place: _Place, text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise place.refusal("no_instant", value=text[:50]) from None
    if at.tzinfo is None or not 1900 < at.year < 3000:
        raise place.refusal("no_instant", value=text[:50])
    return at.astimezone(UTC) if at.tzinfo == UTC else at

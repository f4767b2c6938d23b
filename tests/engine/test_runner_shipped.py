"""The shipped processes run to an end on random paths, reloaded at every step, and every path of them is walked."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import processes
from engine import lint, runner
from engine.runner import Bundle, Complete, Deliver, Fire, Step, Waiting

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ROOT = Path(processes.__file__).parent
FOLDERS = sorted(path.name for path in ROOT.iterdir() if path.is_dir() and any(path.glob("*.bpmn")))


def files(folder: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((ROOT / folder).iterdir()) if path.is_file()}


def choices(content: dict[str, bytes], form: str | None) -> dict[str, list[Any]]:
    """The answers a form offers for its fields that decide something."""

    def inside(component: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
        if component.get("type") in ("select", "radio") and component.get("values"):
            yield component["key"], [value["value"] for value in component["values"]]
        elif component.get("type") == "checkbox":
            yield component["key"], [True, False]
        for child in component.get("components", ()):
            yield from inside(child)

    name = f"{form}.form.json"
    return dict(inside(json.loads(content[name]))) if name in content else {}


class Walk:
    """One random life of a process."""

    def __init__(self, bundle: Bundle, content: dict[str, bytes], process: str, seed: int) -> None:
        self.bundle, self.content, self.process = bundle, content, process
        self.random = random.Random(seed)
        data = {
            "order": "o",
            "assignment": "a",
            "area": "x",
            "organization": "y",
            "is_leaf": self.random.random() < 0.5,
            "level": "commune",
            "today": "2018-10-12",
            "locality_code": self.random.choice(["qn-2018-hai-ha", "qn-2018-hoanh-bo", "other"]),
            "rework": 0,
            "plan_approved": self.random.random() < 0.5,
            "topic_code": "x",
        }
        messages = sorted(bundle.start_events[process])
        message = self.random.choice(messages) if messages else None
        self.taken: set[str] = set()
        self.step = self._kept(runner.start(bundle, process, data=data, now=NOW, message=message))

    def _kept(self, step: Step) -> Step:
        self.taken |= set(step.taken)
        return step

    def go(self, steps: int) -> None:
        for _ in range(steps):
            if self.step.ended:
                return
            given = self._answer(self.random.choice(self.step.waiting))
            self.step = self._kept(runner.advance(self.bundle, self.process, self.step.rest, given, now=NOW))

    def _answer(self, waiting: Waiting) -> runner.Input:
        if waiting.kind == "timer":
            return Fire(waiting.key)
        if waiting.kind in ("message", "signal"):
            return Deliver(waiting.key, {"plan_approved": self.random.random() < 0.7})
        form = self.bundle.elements(self.process)[waiting.element].form
        answers = {key: self.random.choice(values) for key, values in choices(self.content, form).items()}
        if waiting.kind == "service":
            answers = {"overlaps": self.random.randint(0, 1)}
        return Complete(waiting.key, answers)


@pytest.mark.parametrize("folder", FOLDERS)
def test_shipped_processes_pass_the_checker(folder: str) -> None:
    report = lint.check(files(folder))
    assert report.outcome == "runnable"
    assert [finding for finding in report.findings if finding.level == "warning"] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_shipped_processes_end_and_every_flow_of_them_is_walked(folder: str) -> None:
    content = files(folder)
    bundle = runner.compile_bundle(content)
    for process in bundle.processes:
        ended, taken = 0, set()
        for seed in range(40):
            walk = Walk(bundle, content, process, seed)
            walk.go(150)
            ended += walk.step.ended is not None
            taken |= walk.taken
            assert len(walk.step.rest) < 10_000
        assert ended >= 20
        assert {flow.id for flow in bundle.flows(process)} - taken == set()

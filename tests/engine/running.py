"""One instance in the runner alone, reloaded before every input."""

from datetime import UTC, datetime, timedelta
from typing import Any

from engine import runner
from engine.runner import Complete, Deliver, Step, Wake
from tests.engine.diagrams import bundle, end, flows, fork, join, process, start, user

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

TWO_BRANCHES = bundle(
    process(
        start(), fork("f"), user("a"), user("b"), join("j"), end(),
        flows(("start", "f"), ("f", "a"), ("f", "b"), ("a", "j"), ("b", "j"), ("j", "end")),
    )
)  # fmt: skip


class Run:
    """One instance, reloaded from its rest state before every input."""

    def __init__(
        self,
        files: dict[str, bytes],
        data: dict[str, Any] | None = None,
        *,
        process: str = "p",
        message: str | None = None,
    ) -> None:
        self.bundle = runner.compile_bundle(files)
        self.process = process
        self.now = NOW
        self.passed: list[str] = []
        self.step = self._kept(runner.start(self.bundle, process, data=data or {}, now=NOW, message=message))

    def _kept(self, step: Step) -> Step:
        self.step = step
        self.passed += step.passed
        return step

    def give(self, input: runner.Input) -> Step:
        return self._kept(runner.advance(self.bundle, self.process, self.step.rest, input, now=self.now))

    def key(self, element: str) -> str:
        return next(waiting.key for waiting in self.step.waiting if waiting.element == element)

    def done(self, element: str, **answers: Any) -> Step:
        return self.give(Complete(self.key(element), answers))

    def said(self, element: str, **payload: Any) -> Step:
        return self.give(Deliver(self.key(element), payload))

    def later(self, **time: float) -> Step:
        self.now += timedelta(**time)
        return self.give(Wake())

    @property
    def open(self) -> list[str]:
        return sorted(waiting.element for waiting in self.step.waiting)

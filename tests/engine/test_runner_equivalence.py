"""Random processes behave as in the plain library in memory, though ours are written, pruned and reloaded each step."""

import itertools
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.util.task import TaskState

from engine import runner
from engine.runner import Complete
from tests.engine.diagrams import document, element, end, flows, fork, process, script, start, sub, user, xor

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@dataclass
class Drawing:
    """Draws a random structured process; every block has one way in and one way out."""

    random: random.Random
    parts: list[str] = field(default_factory=list)
    lines: list[tuple[str, ...]] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    loops: dict[str, str] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def id(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def block(self, depth: int, *, loop: bool = False) -> tuple[str, str]:
        kinds = ["user", "user", "script"]
        if depth > 0:
            kinds += ["sequence", "xor", "sub", "sequence"] + ([] if loop else ["and", "and", "or", "loop"])
        return getattr(self, f"_{self.random.choice(kinds)}")(depth, loop)

    def _user(self, depth: int, loop: bool) -> tuple[str, str]:
        id = self.id("u")
        self.parts.append(user(id))
        return id, id

    def _script(self, depth: int, loop: bool) -> tuple[str, str]:
        id = self.id("s")
        self.parts.append(script(id, f"{id} = {self.count} + 1"))
        return id, id

    def _sequence(self, depth: int, loop: bool) -> tuple[str, str]:
        blocks = [self.block(depth - 1, loop=loop) for _ in range(self.random.randint(2, 3))]
        for (_, before), (after, _) in itertools.pairwise(blocks):
            self.lines.append((before, after))
        return blocks[0][0], blocks[-1][1]

    def _between(self, opening: str, closing: str, depth: int, loop: bool, condition: bool) -> tuple[str, str]:
        for number in range(self.random.randint(2, 3)):
            into, out = self.block(depth - 1, loop=loop)
            text = ""
            if condition and number:
                name = self.id("k")
                self.data[name] = self.random.randint(0, 1)
                text = f"{name} == 1"
            flow = f"{opening}_default" if condition and not number else f"{opening}_{number}"
            self.lines.append((opening, into, text, flow))
            self.lines.append((out, closing))
        return opening, closing

    def _xor(self, depth: int, loop: bool) -> tuple[str, str]:
        opening, closing = self.id("x"), self.id("x")
        self.parts += [xor(opening, f"{opening}_default"), xor(closing)]
        return self._between(opening, closing, depth, loop, True)

    def _and(self, depth: int, loop: bool) -> tuple[str, str]:
        opening, closing = self.id("g"), self.id("g")
        self.parts += [fork(opening), fork(closing)]
        return self._between(opening, closing, depth, loop, False)

    def _or(self, depth: int, loop: bool) -> tuple[str, str]:
        opening, closing = self.id("o"), self.id("o")
        self.parts.append(element("inclusiveGateway", opening, default=f"{opening}_default"))
        self.parts.append(element("inclusiveGateway", closing))
        return self._between(opening, closing, depth, loop, True)

    def _loop(self, depth: int, loop: bool) -> tuple[str, str]:
        opening, closing, turn = self.id("x"), self.id("x"), self.id("u")
        into, out = self.block(depth - 1, loop=True)
        self.parts += [xor(opening), user(turn), xor(closing, f"{closing}_back")]
        self.loops[turn] = f"n_{turn}"
        self.data[f"n_{turn}"] = 0
        leave = self.id("s")
        self.parts.append(script(leave, f"{leave} = 1"))
        self.lines += [
            (opening, into), (out, turn), (turn, closing), (closing, opening, "", f"{closing}_back"),
            (closing, leave, f"n_{turn} > {self.random.randint(0, 3)}"),
        ]  # fmt: skip
        return opening, leave

    def _sub(self, depth: int, loop: bool) -> tuple[str, str]:
        id = self.id("p")
        outer_parts, outer_lines, self.parts, self.lines = self.parts, self.lines, [], []
        into, out = self.block(depth - 1, loop=loop)
        self.lines = [(f"{id}s", into), *self.lines, (out, f"{id}e")]
        inner = "".join(self.parts) + flows(*self.lines, prefix=f"{id}f")
        self.parts, self.lines = outer_parts, outer_lines
        self.parts.append(sub(id, start(f"{id}s"), inner, end(f"{id}e")))
        return id, id


def draw(seed: int) -> tuple[bytes, Drawing]:
    drawing = Drawing(random.Random(seed))
    into, out = drawing.block(4)
    last = drawing.id("u")
    drawing.parts.append(user(last))
    lines = [("start", into), *drawing.lines, (out, last), (last, "end")]
    return document(process(start(), *drawing.parts, end(), flows(*lines))), drawing


def plain(content: bytes, drawing: Drawing, order: random.Random) -> tuple[list[Any], dict[str, Any]]:
    """Run in the library alone: what was open and what was passed at each step, and the data at the end."""
    parser = BpmnParser()
    parser.add_bpmn_str(content)
    workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
    workflow.task_tree.data.update(drawing.data)
    story: list[Any] = []
    passed: list[str] = []

    def completed(task: Any) -> None:
        if task.task_spec.bpmn_id is not None:
            passed.append(task.task_spec.bpmn_id)

    while True:
        workflow.do_engine_steps(did_complete_task=completed)
        ready = {t.task_spec.bpmn_id: t for t in workflow.get_tasks(state=TaskState.READY, manual=True)}
        story.append((sorted(ready), list(passed)))
        passed.clear()
        if not ready:
            return story, workflow.data
        name = order.choice(sorted(ready))
        ready[name].data.update(answers(name, ready[name].data, drawing))
        ready[name].run()
        passed.append(name)


def ours(content: bytes, drawing: Drawing, order: random.Random) -> tuple[list[Any], dict[str, Any]]:
    bundle = runner.compile_bundle({"p.bpmn": content})
    step = runner.start(bundle, "p", data=drawing.data, now=NOW)
    story: list[Any] = []
    while True:
        waiting = {one.element: one for one in step.waiting}
        story.append((sorted(waiting), list(step.passed)))
        if step.ended:
            return story, step.data
        name = order.choice(sorted(waiting))
        given = answers(name, waiting[name].data, drawing)
        step = runner.advance(bundle, "p", step.rest, Complete(waiting[name].key, given), now=NOW)


def answers(name: str, data: dict[str, Any], drawing: Drawing) -> dict[str, Any]:
    counter = drawing.loops.get(name)
    if counter is None:
        return {f"done_{name}": True}
    drawing.counted[counter] = data[counter] + 1
    return {f"done_{name}": True, counter: data[counter] + 1}


@pytest.mark.parametrize("part", range(6))
def test_random_processes_run_as_in_the_plain_library(part: int) -> None:
    for seed in range(part * 25, part * 25 + 25):
        content, drawing = draw(seed)
        expected, expected_data = plain(content, drawing, random.Random(seed))
        story, data = ours(content, drawing, random.Random(seed))
        assert (seed, [open for open, _ in story]) == (seed, [open for open, _ in expected])
        # Sorted, because BPMN leaves open which of two parallel automatic elements goes first.
        assert (seed, [sorted(passed) for _, passed in story]) == (seed, [sorted(passed) for _, passed in expected])
        # The library loses what one branch counted when another one arrives later at the join: ours must not.
        counters = set(drawing.loops.values())
        assert (seed, data.keys()) == (seed, expected_data.keys())
        assert (seed, {k: v for k, v in data.items() if k not in counters}) == (
            seed,
            {k: v for k, v in expected_data.items() if k not in counters},
        )
        assert (seed, {k: data[k] for k in counters}) == (seed, {k: drawing.counted.get(k, 0) for k in counters})

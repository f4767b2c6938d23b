"""Random processes changed at random: what migrates can be loaded, waits where it waited, and comes to its end."""

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from lxml import etree

from engine import migration, runner
from engine.bpmn.model import MODEL
from engine.migration import fitting
from engine.runner import Complete, Step
from tests.engine.migrating import deploy, migrate, survey
from tests.engine.operating import begin
from tests.engine.test_runner_equivalence import NOW, Drawing, answers, draw
from tests.play import Story

BPMN = f"{{{MODEL}}}"
# Why something that was changed like this may not be able to go on.
MAY_BE = {"migration_no_target", "migration_other_join", "migration_never_joins"}


@dataclass
class Redrawing:
    """A drawing whose tasks are renamed, dropped, followed by new ones, or given an event at their border."""

    content: bytes
    random: random.Random
    mapping: dict[str, str | None] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    added: int = 0

    def __post_init__(self) -> None:
        self.root = etree.fromstring(self.content)

    def change(self, loops: set[str]) -> bytes:
        """Return the drawing changed in up to four places; what counts the rounds of a loop stays."""
        tasks = [one for one in self.root.iter(f"{BPMN}userTask") if one.get("id") not in loops]
        for task in self.random.sample(tasks, min(len(tasks), self.random.randint(1, 4))):
            self.random.choice((self.rename, self.drop, self.insert, self.border))(task)
        return etree.tostring(self.root)

    def _lines(self, end: str, id: str) -> list[Any]:
        return [one for one in self.root.iter(f"{BPMN}sequenceFlow") if one.get(end) == id]

    def _new(self, task: Any, tag: str, **attrs: str) -> str:
        self.added += 1
        id = f"new{self.added}"
        etree.SubElement(task.getparent(), f"{BPMN}{tag}", id=id, **attrs)
        return id

    def rename(self, task: Any) -> None:
        old, new = task.get("id"), f"{task.get('id')}_renamed"
        for line in self._lines("sourceRef", old):
            line.set("sourceRef", new)
        for line in self._lines("targetRef", old):
            line.set("targetRef", new)
        task.set("id", new)
        self.mapping[old] = new

    def drop(self, task: Any) -> None:
        (out,) = self._lines("sourceRef", task.get("id"))
        for line in self._lines("targetRef", task.get("id")):
            line.set("targetRef", out.get("targetRef"))
        self.dropped.add(task.get("id"))
        for gone in (out, task):
            gone.getparent().remove(gone)

    def insert(self, task: Any) -> None:
        (out,) = self._lines("sourceRef", task.get("id"))
        added = self._new(task, "userTask")
        self._new(task, "sequenceFlow", sourceRef=added, targetRef=out.get("targetRef"))
        out.set("targetRef", added)

    def border(self, task: Any) -> None:
        event = self._new(task, "boundaryEvent", attachedToRef=task.get("id"))
        definition = etree.SubElement(task.getparent()[-1], f"{BPMN}timerEventDefinition")
        etree.SubElement(definition, f"{BPMN}timeDuration").text = "PT4H"
        self._new(task, "sequenceFlow", sourceRef=event, targetRef=self._new(task, "endEvent"))


def played(old: runner.Bundle, drawing: Drawing, chance: random.Random) -> Step:
    """Play some of the steps of a process, not to its end."""
    step = runner.start(old, "p", data=drawing.data, now=NOW)
    for _ in range(chance.randint(0, 6)):
        after = done(old, step, drawing, chance)
        if after.ended:
            break
        step = after
    return step


def done(bundle: runner.Bundle, step: Step, drawing: Drawing, chance: random.Random) -> Step:
    work = sorted((one for one in step.waiting if one.kind == "user"), key=lambda one: one.element)
    one = chance.choice(work)
    given = answers(one.element, one.data, drawing)
    return runner.advance(bundle, "p", step.rest, Complete(one.key, given), now=NOW)


def outcome(seed: int) -> str:
    """Let one random process go on under one random change; return the reason where it cannot."""
    chance = random.Random(seed)
    content, drawing = draw(seed)
    old = runner.compile_bundle({"p.bpmn": content})
    redrawn = Redrawing(content, chance)
    new = runner.compile_bundle({"p.bpmn": redrawn.change(set(drawing.loops))})
    step = played(old, drawing, chance)
    mapping = migration.propose(old, new, "p") | redrawn.mapping
    reason = None
    try:
        moved = fitting.carried(old, new, "p", step.rest, mapping, now=NOW)
    except runner.Misfit as misfit:
        reason = misfit.reason
    lost = bool({one.element for one in step.waiting} & redrawn.dropped)
    assert (reason == "migration_no_target") <= lost <= (reason is not None), seed
    if reason is not None:
        return reason
    assert {one.key: mapping[one.element] for one in step.waiting} == {
        one.key: one.element for one in moved.waiting if one.key in moved.keys.values()
    }, seed
    step = Step(moved.rest, moved.waiting, (), (), (), (), None, None, {})
    for _ in range(200):
        if step.ended:
            break
        step = done(new, step, drawing, chance)
    assert (seed, step.ended) == (seed, "finished")
    return "went"


@pytest.mark.once
@pytest.mark.parametrize("part", range(2))
def test_what_goes_on_under_a_changed_diagram_comes_to_its_end(part: int) -> None:
    told = Counter(outcome(seed) for seed in range(part * 50, part * 50 + 50))
    assert told.keys() <= {"went", *MAY_BE}
    assert told["went"] > 15
    assert told["migration_no_target"] > 0


@pytest.mark.parametrize("seed", range(5))
def test_the_dry_run_says_what_the_migration_does(story: Story, seed: int) -> None:
    chance = random.Random(seed)
    content, drawing = draw(seed)
    drawn = {"p.bpmn": content}
    found = [begin(story, drawn, **drawing.data) for _ in range(3)]
    for _ in range(chance.randint(1, 6)):
        if waiting := [one for one in story.tasks(state="open") if one.element not in drawing.loops]:
            one = chance.choice(waiting)
            story.answer("thietke", one.element)
    redrawn = Redrawing(content, chance)
    deploy(story, {"p.bpmn": redrawn.change(set(drawing.loops))})
    dry = survey(story, **redrawn.mapping)
    held = {id: one.misfit.reason for one in dry.obstacles for id in one.instances}
    told: dict[str, str | None] = {}
    for id in [*dry.going, *held]:
        try:
            migrate(story, id, **redrawn.mapping)
            real = None
        except runner.Misfit as misfit:
            real = misfit.reason
        told[id] = real
    assert told == {**dict.fromkeys(dry.going), **held}
    assert told.keys() <= set(found)

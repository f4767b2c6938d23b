"""Random diagrams: what is built of blocks is sound, one wrong block is found, and the runner never proves us wrong."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import bpmn, lint, runner
from engine.bpmn import Process
from engine.lint import soundness
from engine.lint.tokens import Game, Marking, Net
from engine.runner import Complete, Fire, SetData, Stuck, tree
from tests.engine.diagrams import (
    boundary,
    catch,
    document,
    element,
    end,
    error,
    flows,
    fork,
    process,
    start,
    sub,
    timer,
    user,
)

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
TERMINATE = "<bpmn:terminateEventDefinition/>"


def regular(content: bytes) -> Process:
    diagram = bpmn.read("p.bpmn", content)
    return bpmn.normalised(diagram.processes[0])


# Diagrams of blocks, each with one way in and one way out

Block = str | tuple[str, list["Block"]]
KINDS = ["sequence", "choice", "parallel", "some", "events", "loop", "part", "deadline", "reminder"]
BLOCKS: st.SearchStrategy[Block] = st.recursive(
    st.just("step"),
    lambda inner: st.tuples(st.sampled_from(KINDS), st.lists(inner, min_size=2, max_size=3)),
    max_leaves=8,
)
GATES = {"choice": "exclusiveGateway", "parallel": "parallelGateway", "some": "inclusiveGateway"}


@dataclass
class Drawing:
    """Draws a block; `wrong` is the join of a block that splits otherwise than it meets."""

    parts: list[str] = field(default_factory=list)
    lines: list[tuple[str, ...]] = field(default_factory=list)
    count: int = 0
    wrong: str | None = None
    looping: bool = False  # an inclusive join inside a loop is refused by another rule

    def id(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def add(self, kind: str, part: str, *inner: str, **attrs: str) -> str:
        id = self.id(kind)
        self.parts.append(element(part, id, *inner, **attrs))
        return id

    def block(self, block: Block) -> tuple[str, str]:
        if isinstance(block, str):
            id = self.add("step", "userTask")
            return id, id
        kind, inside = block
        if kind == "some" and self.looping:
            kind = "parallel"
        if kind in GATES:
            return self.between(GATES[kind], GATES[kind], inside)
        if kind.startswith("wrong"):
            ends = self.between(GATES[kind.removeprefix("wrong ")], "parallelGateway", inside, default=False)
            self.wrong = ends[1]
            return ends
        drawn: tuple[str, str] = getattr(self, kind)(inside)
        return drawn

    def sequence(self, inside: list[Block]) -> tuple[str, str]:
        drawn = [self.block(each) for each in inside]
        self.lines += [(before, after) for (_, before), (after, _) in itertools.pairwise(drawn)]
        return drawn[0][0], drawn[-1][1]

    def between(self, opening: str, closing: str, inside: list[Block], *, default: bool = True) -> tuple[str, str]:
        split, meet = self.id("g"), self.id("g")
        chooses = opening != "parallelGateway"
        otherwise = {"default": f"d{split}"} if chooses and default else {}
        self.parts += [element(opening, split, **otherwise), element(closing, meet)]
        for number, each in enumerate(inside):
            into, out = self.block(each)
            rest = ("", f"d{split}") if otherwise and not number else ("n > 1",) if chooses else ()
            self.lines += [(split, into, *rest), (out, meet)]
        return split, meet

    def events(self, inside: list[Block]) -> tuple[str, str]:
        split, meet = self.add("g", "eventBasedGateway"), self.add("g", "exclusiveGateway")
        for each in inside:
            event = self.id("m")
            self.parts.append(catch(event, timer("P1D")))
            into, out = self.block(each)
            self.lines += [(split, event), (event, into), (out, meet)]
        return split, meet

    def loop(self, inside: list[Block]) -> tuple[str, str]:
        again, done = self.add("g", "exclusiveGateway"), self.add("g", "exclusiveGateway")
        outer, self.looping = self.looping, True
        into, out = self.sequence(inside)
        self.looping = outer
        self.lines += [(again, into), (out, done), (done, again, "n > 1")]
        return again, done

    def part(self, inside: list[Block]) -> tuple[str, str]:
        id, *outer = self.id("part"), self.parts, self.lines, self.looping
        self.parts, self.lines, self.looping = [start(f"{id}_start"), end(f"{id}_end")], [], False
        into, out = self.sequence(inside)
        self.lines += [(f"{id}_start", into), (out, f"{id}_end")]
        drawn = sub(id, *self.parts, flows(*self.lines, prefix=f"{id}_"))
        self.parts, self.lines, self.looping = outer
        self.parts.append(drawn)
        return id, id

    def deadline(self, inside: list[Block]) -> tuple[str, str]:
        id, _ = self.part(inside[1:])
        late, meet = self.id("late"), self.add("g", "exclusiveGateway")
        self.parts.append(boundary(late, id, timer("P1D")))
        into, out = self.block(inside[0])
        self.lines += [(id, meet), (late, into), (out, meet)]
        return id, meet

    def reminder(self, inside: list[Block]) -> tuple[str, str]:
        id, _ = self.part(inside[1:])
        late, over = self.id("late"), self.add("end", "endEvent")
        self.parts.append(boundary(late, id, timer("P1D"), interrupting=False))
        into, out = self.block(inside[0])
        self.lines += [(late, into), (out, over)]
        return id, id

    def whole(self, block: Block) -> bytes:
        into, out = self.block(block)
        lines = flows(("start", into), *self.lines, (out, "end"), prefix="f")
        return document(process(start(), *self.parts, end(), lines))


def with_wrong(block: Block, wrong: str, at: int) -> Block:
    """Put a wrong block in the place of a step; the steps are counted from the left."""
    left = itertools.count()

    def put(block: Block) -> Block:
        if isinstance(block, str):
            return (wrong, ["step", "step"]) if next(left) == at else block
        return block[0], [put(each) for each in block[1]]

    return put(block)


def steps(block: Block) -> int:
    return 1 if isinstance(block, str) else sum(map(steps, block[1]))


@settings(max_examples=60)
@given(BLOCKS)
def test_what_is_built_of_blocks_is_sound(block: Block) -> None:
    assert soundness.check(regular(Drawing().whole(block))) == []


@pytest.mark.parametrize(("wrong", "rule"), [("wrong choice", "join-never"), ("wrong some", "join-may-wait")])
@settings(max_examples=30)
@given(block=BLOCKS, data=st.data())
def test_the_one_wrong_block_is_found(wrong: str, rule: str, block: Block, data: st.DataObject) -> None:
    drawing = Drawing()
    at = data.draw(st.integers(0, steps(block) - 1))
    found = soundness.check(regular(drawing.whole(with_wrong(block, wrong, at))))
    if "reminder" in str(block):
        # What one round of a loop reminds of may meet what another one did, or pile up in a loop of its own.
        found = [problem for problem in found if problem.rule != "tokens-multiply"]
        rule = found[0].rule if found[0].rule == "join-may-wait" else rule
    assert [(problem.rule, problem.element) for problem in found] == [(rule, drawing.wrong)]


def test_what_goes_wrong_in_a_plain_course_is_seen_before_tokens_pile_up() -> None:
    choice: Block = ("choice", ["step", "step"])
    reminder: Block = ("reminder", [("events", [("wrong some", ["step", "step"]), "step"]), choice])
    drawing = Drawing()
    found = soundness.check(regular(drawing.whole(("loop", [reminder, "step"]))))
    assert [(problem.rule, problem.element) for problem in found] == [("join-may-wait", drawing.wrong)]


# Diagrams without any order


class Tangle:
    """Draws elements and lines as they come; its decisions ask for the variables `names`."""

    def __init__(self, seed: int, *, backwards: bool = True) -> None:
        self.random = random.Random(seed)
        self.back = self.random.choice([0, 0, 2]) if backwards else 0
        self.names: list[str] = []
        self.count = 0
        inside = self.scope(self.random.randint(3, 9), deep=True)
        self.content = document(process(inside), errors=("E",))

    def id(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def scope(self, count: int, *, deep: bool) -> str:
        chance = self.random
        first, last = self.id("start"), [self.id("end")]
        parts = [start(first), end(last[0])]
        for likely, inner in ((0.3, TERMINATE), (0.15, error("E"))):
            if chance.random() < likely:
                last.append(self.id("end"))
                parts.append(end(last[-1], inner))
        kinds = [chance.choice([*"uuxxfffi", "p" if deep else "u"]) for _ in range(count)]
        ids = [self.id(kind) for kind in kinds]
        lines: list[tuple[str, ...]] = [(first, ids[0])]
        for number, (kind, id) in enumerate(zip(kinds, ids, strict=True)):
            near = ids[max(0, number - self.back) : number] + ids[number + 1 : number + 4] + last
            targets = sorted({chance.choice(near) for _ in range(chance.choice([1, 1, 2, 2, 3]))})
            parts.append(self.element(kind, id))
            lines += self.leaving(kind, id, targets)
            if kind in "up" and chance.random() < 0.35:
                parts.append(boundary(f"b{id}", id, timer("P1D"), interrupting=chance.random() < 0.5))
                lines.append((f"b{id}", chance.choice(ids[number + 1 : number + 4] + last)))
        return "".join(parts) + flows(*lines, prefix=self.id("f") + "_")

    def element(self, kind: str, id: str) -> str:
        if kind in "xi":
            return element("exclusiveGateway" if kind == "x" else "inclusiveGateway", id, default=f"d{id}")
        if kind == "p":
            return sub(id, self.scope(self.random.randint(2, 4), deep=False))
        return fork(id) if kind == "f" else user(id)

    def leaving(self, kind: str, id: str, targets: list[str]) -> list[tuple[str, ...]]:
        if kind in "up":
            return [(id, targets[0])]
        if kind == "f":
            return [(id, target) for target in targets]
        names = [self.id("v") for _ in targets[1:]]
        self.names += names
        chosen = [(id, target, f"{name} == 1") for name, target in zip(names, targets[1:], strict=True)]
        return [(id, targets[0], "", f"d{id}"), *chosen]

    def answers(self, chance: random.Random) -> dict[str, int]:
        return {name: chance.randint(0, 1) for name in self.names}


def tangles(seeds: range) -> Iterator[tuple[int, Tangle]]:
    """Those of which nothing but their soundness is in question."""
    for seed in seeds:
        tangle = Tangle(seed)
        findings = lint.check({"p.bpmn": tangle.content}).findings
        if {finding.rule for finding in findings if finding.level == "refused"} <= lint.SOUNDNESS:
            yield seed, tangle


@dataclass
class Life:
    """What happened to an instance that somebody answered at random."""

    entered: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)
    ended: str | None = None
    stuck: bool = False


def lived(tangle: Tangle, bundle: runner.Bundle, chance: random.Random) -> Life:
    life = Life()
    try:
        step = runner.start(bundle, "p", data=tangle.answers(chance), now=NOW)
        for _ in range(40):
            life.entered |= set(step.entered)
            life.passed |= set(step.passed)
            life.ended = step.ended
            if step.ended:
                break
            step = runner.advance(bundle, "p", step.rest, SetData(tangle.answers(chance)), now=NOW)
            one = chance.choice(step.waiting)
            given = Complete(one.key, {}) if one.kind == "user" else Fire(one.key)
            step = runner.advance(bundle, "p", step.rest, given, now=NOW)
    except Stuck as stuck:
        life.stuck = "no way on" in str(stuck)
    return life


RULES = ("join-never", "join-may-wait", "dead-node", "loop-without-exit")


def test_the_runner_never_does_what_is_impossible_and_is_never_stuck_without_a_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tree, "MAX_STEPS", 300)  # loops that turn by themselves
    told, stuck = set(), 0
    for seed, tangle in tangles(range(150)):
        found = soundness.check(regular(tangle.content))
        rules = {rule: {problem.element for problem in found if problem.rule == rule} for rule in RULES}
        bundle = runner.compile_bundle({"p.bpmn": tangle.content})
        for turn in range(4):
            life = lived(tangle, bundle, random.Random(seed * 10 + turn))
            assert not rules["join-never"] & life.passed, seed
            assert not rules["dead-node"] & life.entered, seed
            assert not (life.ended == "finished" and rules["loop-without-exit"] & life.entered), seed
            assert not life.stuck or rules["join-never"] or rules["join-may-wait"], seed
            stuck += life.stuck
        told |= {problem.rule for problem in found}
    assert told >= {"join-never", "join-may-wait", "loop-without-exit"}
    assert stuck > 50


def played_in_full(net: Net) -> tuple[set[int], set[int], set[frozenset[int]], bool]:
    """Every course, nothing left out: marked places, elements that moved, where tokens wait for ever, may it end."""
    pending: list[Marking] = [tuple(net.outgoing[first]) for first in net.starts]
    seen: set[Marking] = set()
    moved, stuck = set(), set()
    while pending:
        marking = pending.pop()
        if marking in seen:
            continue
        seen.add(marking)
        if any(place < 0 for place in marking) or len(seen) > 3_000:
            return set(), set(), set(), True
        moves = net.moves(marking)
        if not moves and marking and not set(marking) & net.ending:
            stuck.add(frozenset(net.target[place] for place in marking))
        moved |= {move.node for move in moves}
        pending += (after for move in moves for after in net.after(marking, move))
    marked = {place for marking in seen for place in marking}
    return marked, moved, stuck, () in seen or bool(marked & net.terminating)


def test_the_courses_that_are_left_out_tell_nothing_new() -> None:
    compared = 0
    for seed, tangle in tangles(range(1000, 1160)):
        diagram = regular(tangle.content)
        net = Net(diagram.scope(None), [flow for flow in diagram.flows if flow.parent is None], frozenset())
        full, game = played_in_full(net), Game(net)
        if full[0]:
            compared += 1
            assert (game.marked, game.moved, game.stuck, game.completes) == full, seed
    assert compared > 100

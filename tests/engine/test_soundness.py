"""Nothing is told about sound diagrams, and about each process of a definition for itself."""

import pytest

from engine import lint
from engine.lint import soundness
from tests.engine.diagrams import (
    boundary,
    bundle,
    catch,
    element,
    end,
    error,
    flows,
    fork,
    join,
    message,
    process,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
    xor,
)
from tests.engine.soundness_drawn import (
    COMPENSATE,
    LOOPS,
    POLL,
    TERMINATE,
    either,
    inclusive,
    inner,
    lines,
    regular,
    told,
    users,
)

CANCEL = "<bpmn:cancelEventDefinition/>"

MAY_FAIL = inner("part", end("bad", error("E")), xor("x"), lines("part_start > x > part_end", "x > bad", prefix="i"))

LINK = '<bpmn:linkEventDefinition name="L"/>'

SOUND = {
    "a line": [users("a b"), lines("start > a > b > end")],
    "a choice that meets again": [
        xor("x"), users("a b"), xor("y"), lines("start > x > a > y > end", "x > b > y"),
    ],
    "branches that run together and meet again": [
        fork("f"), users("a b"), join("j"), lines("start > f > a > j > end", "f > b > j"),
    ],
    "some branches that meet again": [
        inclusive("o", "d"), users("a b c"), inclusive("j"),
        lines("start > o ? a > j > end", "o ? b > j", "c > j"), flows(("o", "c", "", "d"), prefix="d"),
    ],
    "some branches of many": [
        inclusive("o"), users(" ".join(f"u{n}" for n in range(9))), inclusive("j"),
        lines("start > o", "j > end", *(f"o ? u{n} > j" for n in range(9))),
    ],
    "an event gateway": [
        either("g"), catch("m", message("m")), catch("t", timer("P1D")), xor("y"),
        lines("start > g > m > y > end", "g > t > y"),
    ],
    "work that is done again until it is accepted": [
        xor("again"), users("work review"), xor("accepted"),
        lines("start > again > work > review > accepted > end", "accepted > again"),
    ],
    "parallel work that is done again": [
        xor("again"), fork("f"), users("a b"), join("j"), xor("accepted"),
        lines("start > again > f > a > j > accepted > end", "f > b > j", "accepted > again"),
    ],
    "a loop inside each branch": [
        fork("f"), join("j"), *(xor(f"{k}{n}") for k in "xy" for n in range(3)), users("a0 a1 a2"),
        lines("start > f", "j > end", *(f"f > x{n} > a{n} > y{n} > j" for n in range(3))),
        lines(*(f"y{n} > x{n}" for n in range(3)), prefix="b"),
    ],
    "a deadline that leads back to the flow": [
        users("a b"), boundary("late", "a", timer("P1D")), xor("y"), lines("start > a > y > end", "late > b > y"),
    ],
    "a deadline in a parallel branch that leads to the join": [
        fork("f"), users("a b"), boundary("late", "a", timer("P1D")), xor("y"), join("j"),
        lines("start > f > a > y > j > end", "late > y", "f > b > j"),
    ],
    "a reminder in a loop": [
        xor("again"), users("work remind"), boundary("late", "work", timer("P1D"), interrupting=False), xor("done"),
        lines("start > again > work > done > end", "done > again", "late > remind"),
    ],
    "a parallel step of every round that nobody waits for": [
        xor("again"), fork("f"), users("work file"), xor("done"),
        lines("start > again > f > work > done > end", "f > file", "done > again"),
    ],
    "branches that go on without meeting": [
        fork("f"), users("a b c d g h"), xor("y"),
        lines("start > f > a > y > h > end", *(f"f > {k} > y" for k in "bcdg")),
    ],
    "the first of two ends everything": [
        fork("f"), users("a b"), end("stop", TERMINATE), lines("start > f > a > stop", "f > b > end"),
    ],
    "a join that a terminate end makes superfluous": [
        fork("f"), users("a b"), join("j"), xor("x"), end("stop", TERMINATE),
        lines("start > f > a > j > end", "f > b > x > j", "x > stop"),
    ],
    "polling that a terminate end stops": [
        fork("f"), POLL, users("a"), end("stop", TERMINATE), lines("start > f > again", "f > a > stop"),
    ],
    "polling that an error in another sub-process stops": [
        fork("f"), POLL, MAY_FAIL, lines("start > f > again", "f > part > end"),
    ],
    "polling that an event around it stops": [
        sub("part", start("part_start"), POLL, lines("part_start > again", prefix="i")),
        boundary("told", "part", message("m")), lines("start > part", "told > end"),
    ],
    "polling that an event two levels up stops": [
        sub("part", start("part_start"), lines("part_start > deep", prefix="i"),
            inner("deep", POLL, lines("deep_start > again", prefix="k"))),
        boundary("told", "part", message("m")), lines("start > part", "told > end"),
    ],
    "polling that an event sub-process stops": [
        sub("part", start("part_start"), POLL, lines("part_start > again", prefix="i"),
            sub("told", start("told_start", message("m")), end("told_end"), lines("told_start > told_end", prefix="k"),
                triggeredByEvent="true")),
        users("after"), lines("start > part > after > end"),
    ],
    "polling by one of several, until enough have answered": [
        inner("part", POLL, xor("x"), lines("part_start > x > part_end", "x > again", prefix="i"),
              "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality>"
              "<bpmn:completionCondition>n > 1</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics>"),
        lines("start > part > end"),
    ],
    "a sub-process that may fail": [
        MAY_FAIL, boundary("failed", "part", error("E")), users("mend"), xor("y"),
        lines("start > part > y > end", "failed > mend > y"),
    ],
    "parallel work inside a sub-process": [
        inner("part", fork("f"), join("j"), users("a b"),
              lines("part_start > f > a > j > part_end", "f > b > j", prefix="i")),
        lines("start > part > end"),
    ],
    "blocks that overlap and still meet": [
        fork("f"), fork("g"), join("j"), join("k"), users("a b c"),
        lines("start > f > a > j > k > end", "f > g > b > j", "g > c > k"),
    ],
    "several flows out of a step that meet in a join": [
        users("a b c"), join("j"), lines("start > a > b > j > end", "a > c > j"),
    ],
    "two messages that may begin": [
        start("also", message("o")), start("told", message("m")), xor("y"), users("a"),
        lines("start > y", "told > y", "also > y > a > end"),
    ],
    "a link that leads back": [
        users("a"), xor("x"), throw("out", LINK), catch("in", LINK), xor("y"),
        lines("start > y > a > x > end", "x > out", "in > y"),
    ],
    "a step that is undone": [
        users("a b"), boundary("undo", "a", COMPENSATE), user("back", isForCompensation="true"),
        element("association", "as", sourceRef="undo", targetRef="back"),
        fork("f"), join("j"), throw("all", COMPENSATE), lines("start > f > a > j > all > end", "f > b > j"),
    ],
    "a sub-process that always fails, but may not be needed": [
        inner("part", end("bad", error("E")), lines("part_start > bad", prefix="i"),
              "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>n</bpmn:loopCardinality>"
              "</bpmn:multiInstanceLoopCharacteristics>"),
        users("after"), lines("start > part > after > end"),
    ],
    "inclusive joins in a loop, which another rule refuses": [
        xor("again"), inclusive("o"), inclusive("q"), inclusive("k"), inclusive("j"), users("a b c"), xor("x"),
        lines("start > again > o ? q ? a > k > j > x > end", "q ? b > k", "o ? c > j", "x > again"),
    ],
    "a transaction that may be called off": [
        element("transaction", "part", start("part_start"), end("part_end"), end("off", CANCEL), xor("x"),
                lines("part_start > x > part_end", "x > off", prefix="i")),
        boundary("called_off", "part", CANCEL), users("tell"), lines("start > part > end", "called_off > tell > end"),
    ],
    "signals and steps beside the flow": [
        users("a b"), sub("told", start("told_start", signal("s")), users("c"), end("told_end"),
                          lines("told_start > c > told_end", prefix="i"), triggeredByEvent="true"),
        lines("start > a > b > end"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(SOUND))
def test_nothing_is_told_about_a_sound_diagram(kind: str) -> None:
    assert told(*SOUND[kind]) == []


def test_a_loop_says_how_long_it_is_without_what_normalisation_added() -> None:
    (found,) = soundness.check(regular(users("a b c"), join("j"), lines("start > a > b > j > a", "a > c > j")))
    assert (found.rule, found.element, found.facts) == ("loop-without-exit", "a", {"nodes": 4})


def test_a_graph_that_had_to_be_mended_is_left_alone() -> None:
    assert soundness.check(regular(users("a"), lines("start > a > a", "a > nowhere"))) == []


def test_a_definition_of_all_its_processes_is_told_about_each() -> None:
    _, *parts = LOOPS["polling for ever"]
    ends = process(start("s"), end("e"), lines("s > e", prefix="e"), id="q")
    report = lint.check(bundle(process(start(), end(), *parts), ends))
    assert [finding.element for finding in report.findings if finding.rule == "loop-without-exit"] == ["again"]

"""Before deployment it is known which joins never complete, which steps no run reaches and which loops have no exit."""

import time

import pytest

from engine import bpmn, lint
from engine.lint import soundness
from tests.engine.diagrams import (
    boundary,
    bundle,
    catch,
    document,
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

TERMINATE = "<bpmn:terminateEventDefinition/>"
COMPENSATE = "<bpmn:compensateEventDefinition/>"
CANCEL = "<bpmn:cancelEventDefinition/>"


def inclusive(id: str, default: str | None = None) -> str:
    return element("inclusiveGateway", id, **({"default": default} if default else {}))


def either(id: str) -> str:
    return element("eventBasedGateway", id)


def users(ids: str) -> str:
    return "".join(user(id) for id in ids.split())


def lines(*texts: str, prefix: str = "f") -> str:
    """Flows written as `a > b > c`; `a ? b` has a condition."""
    pairs: list[tuple[str, ...]] = []
    for text in texts:
        words = text.split()
        for source, arrow, target in zip(words[::2], words[1::2], words[2::2], strict=False):
            pairs.append((source, target, "n > 1") if arrow == "?" else (source, target))
    return flows(*pairs, prefix=prefix)


def regular(*parts: str) -> bpmn.Process:
    content = document(process(start(), end(), *parts), messages=("m", "o"), signals=("s",), errors=("E",))
    return bpmn.normalised(bpmn.read("p.bpmn", content).processes[0])


def told(*parts: str) -> list[str]:
    """What is told about a diagram between `start` and `end`, as `rule element`."""
    diagram = regular(*parts)
    assert [problem.rule for problem in diagram.problems if problem.level == "refused"] == []
    return [f"{problem.rule} {problem.element}" for problem in soundness.check(diagram)]


def inner(id: str, *parts: str, prefix: str = "i", **attrs: str) -> str:
    """A sub-process between `<id>_start` and `<id>_end`."""
    return sub(id, start(f"{id}_start"), end(f"{id}_end"), *parts, **attrs)


POLL = "".join(
    [xor("again"), users("ask"), catch("pause", timer("P1D")), lines("again > ask > pause > again", prefix="p")]
)

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


NEVER = {
    "one is chosen, both are awaited": (
        ["join-never j"], xor("x"), join("j"), users("a b"), lines("start > x > a > j > end", "x > b > j"),
    ),
    "one event happens, both are awaited": (
        ["join-never j"], either("g"), catch("m", message("m")), catch("t", timer("P1D")), join("j"),
        lines("start > g > m > j > end", "g > t > j"),
    ),
    "done and late exclude one another": (
        ["join-never j"], users("a"), boundary("late", "a", timer("P1D")), join("j"),
        lines("start > a > j > end", "late > j"),
    ),
    "the beginning of a loop waits for its end": (
        ["join-never j"], join("j"), users("a"), xor("x"), lines("start > j > a > x > end", "x > j"),
    ),
    "the default flow is taken instead of the others": (
        ["join-never j"], inclusive("o", "d"), users("a b"), join("j"),
        lines("start > o ? a > j > end", "b > j"), flows(("o", "b", "", "d"), prefix="d"),
    ),
    "two beginnings, of which one happens": (
        ["join-never j"], start("told", message("m")), users("a b"), join("j"),
        lines("start > a > j > end", "told > b > j"),
    ),
    "nothing leads to one of the branches": (
        ["join-never j"], users("a lost"), join("j"), lines("start > a > j > end", "lost > j"),
        start("told", message("m")), flows(("told", "end"), prefix="d"),
    ),
    "nothing leads to a branch that would never end": (
        ["loop-without-exit again", "join-never j"], users("a"), join("j"), lines("start > a > j > end", "part > j"),
        sub("part", start("part_start"), POLL, lines("part_start > again", prefix="i")),
        start("told", message("m")), flows(("told", "end"), prefix="d"),
    ),
    "two joins wait for each other": (
        ["join-never j"], fork("f"), join("j"), join("k"), fork("g"), fork("h"), users("a b"),
        lines("start > f > j > g > a > end", "f > k > h > b > end", "g > k", "h > j"),
    ),
    "what comes behind is not told again": (
        ["join-never j"], fork("f"), xor("x"), join("j"), join("k"), users("a b c after"),
        lines("start > f > x > a > j > k > after > end", "x > b > j", "f > c > k"),
    ),
    "an inclusive join waits for what stands before": (
        ["join-never j"], fork("f"), xor("x"), join("j"), inclusive("k"), users("a b c"),
        lines("start > f > x > a > j > k > end", "x > b > j", "f > c > k"),
    ),
    "inside a sub-process, and what comes behind is not told again": (
        ["join-never j"], inner("part", xor("x"), join("j"), users("a b"),
                                lines("part_start > x > a > j > part_end", "x > b > j", prefix="i")),
        fork("f"), join("k"), users("c"), lines("start > f > part > k > end", "f > c > k"),
    ),
    "two sub-processes deep": (
        ["join-never j"], users("a b after"), lines("start > part > after > end"),
        inner("part", lines("part_start > deep > part_end", prefix="i"),
              inner("deep", xor("x"), join("j"), users("c d"),
                    lines("deep_start > x > c > j > deep_end", "x > d > j", prefix="k"))),
    ),
    "both errors at once": (
        ["join-never j", "join-never k"], fork("f"), *(xor(id) for id in ("x", "y")), join("j"), join("k"),
        users("a b c d"), lines("start > f > x > a > j > end", "x > b > j", "f > y > c > k > end", "y > d > k"),
    ),
    "even where tokens pile up elsewhere": (
        ["join-never j", "tokens-multiply g"], fork("f"), xor("x"), join("j"), users("a b"),
        lines("start > f > x > a > j > end", "x > b > j", "f > again"),
        xor("again"), fork("g"), xor("y"), users("c d"),
        lines("again > g > c > y > again", "g > d > again", "y > end", prefix="g"),
    ),
}  # fmt: skip

WAITS = {
    "some are chosen, all are awaited": (
        ["join-may-wait j"], inclusive("o"), users("a b"), join("j"), lines("start > o ? a > j > end", "o ? b > j"),
    ),
    "a branch may end on its own": (
        ["join-may-wait j"], fork("f"), users("a b"), xor("x"), join("j"),
        lines("start > f > a > x > j > end", "x > end", "f > b > j"),
    ),
    "a branch may be cut off": (
        ["join-may-wait j"], fork("f"), users("a b"), boundary("late", "a", timer("P1D")), join("j"),
        lines("start > f > a > j > end", "late > end", "f > b > j"),
    ),
    "a reminder may not be needed": (
        ["join-may-wait j"], users("a b"), boundary("late", "a", timer("P1D"), interrupting=False), join("j"),
        lines("start > a > j > end", "late > b > j"),
    ),
    "only the first of the joins that wait": (
        ["join-may-wait j"], inclusive("o"), fork("f"), users("a b c"), join("j"), join("k"),
        lines("start > f > o ? a > j > k > end", "o ? b > j", "f > c > k"),
    ),
    "more tokens come than are taken": (
        ["join-may-wait j"], fork("f"), fork("g"), users("a b c"), xor("y"), join("j"),
        lines("start > f > a > j > end", "f > g > b > y > j", "g > c > y"),
    ),
    "what a round of a loop begins beside it": (
        ["join-may-wait j"], xor("again"), users("work a b"), xor("done"), inclusive("o"), join("j"),
        boundary("late", "work", timer("P1D"), interrupting=False),
        lines("start > again > work > done > end", "done > again", "late > o ? a > j > end", "o ? b > j"),
    ),
    # With c and d alone, which is not tried, k would go on.
    "where not every choice was tried": (
        ["join-may-wait i", "join-may-wait j"], inclusive("o", "rest"), join("i"), join("j"), inclusive("k"),
        users("a b c d v w x y z"), lines(*(f"o ? {id} > end" for id in "vwxyz"), prefix="e"),
        lines("start > o ? c > i > k > end", "o ? d > i", "o ? a > j > k", "b > j"),
        flows(("o", "b", "", "rest"), prefix="d"),
    ),
    "the same question is asked twice": (
        ["join-may-wait j"], fork("f"), xor("x"), xor("y"), join("j"), users("a b"),
        lines("start > f > x > a > j > end", "x > end", "f > y > b > j", "y > end"),
    ),
}  # fmt: skip

LOOPS = {
    "a step that leads to itself": (
        ["loop-without-exit a"], xor("x"), users("a"), xor("y"), lines("start > x > end", "x > y > a > y"),
    ),
    "polling for ever": (["loop-without-exit again"], POLL, lines("start > again")),
    "beside a branch that ends": (
        ["loop-without-exit again"], fork("f"), POLL, users("a"), lines("start > f > again", "f > a > end"),
    ),
    "a terminate end on another way does not stop it": (
        ["loop-without-exit again"], xor("x"), POLL, end("stop", TERMINATE), lines("start > x > again", "x > stop"),
    ),
    "a reminder that never stops": (
        ["loop-without-exit again"], users("a"), boundary("late", "a", timer("P1D"), interrupting=False), POLL,
        lines("start > a > end", "late > again"),
    ),
    "inside a sub-process, and what comes behind is not told again": (
        ["loop-without-exit again"], sub("part", start("part_start"), POLL, lines("part_start > again", prefix="i")),
        users("after"), lines("start > part > after > end"),
    ),
    "what is told beside a sub-process does not stop it": (
        ["loop-without-exit again"], sub("part", start("part_start"), POLL, lines("part_start > again", prefix="i")),
        boundary("told", "part", message("m"), interrupting=False), lines("start > part", "told > end"),
    ),
    "an event at another border does not stop it": (
        ["loop-without-exit again"], fork("f"), POLL, users("a"), boundary("late", "a", timer("P1D")),
        lines("start > f > again", "f > a > end", "late > end"),
    ),
    "what undoes it does not stop it": (
        ["loop-without-exit again"], sub("part", start("part_start"), POLL, lines("part_start > again", prefix="i")),
        boundary("undo", "part", COMPENSATE), user("back", isForCompensation="true"),
        element("association", "as", sourceRef="undo", targetRef="back"), lines("start > part"),
    ),
    "a loop within the loop": (
        ["loop-without-exit a"], users("a b"), xor("x"), xor("y"), xor("z"), end("never"), start("told", message("m")),
        lines("start > x > a > y > b > z > x", "z > y", "told > end"),
    ),
    "two loops": (
        ["loop-without-exit a", "loop-without-exit b"], fork("f"), users("a b"), xor("x"), xor("y"),
        lines("start > f > x > a > x", "f > y > b > y"),
    ),
}  # fmt: skip

OTHERWISE = {
    "a sub-process that always fails": (
        ["dead-node after"],
        inner("part", end("bad", error("E")), users("a"), lines("part_start > a > bad", prefix="i")),
        boundary("failed", "part", error("E")), users("after more"),
        lines("start > part > after > more > end", "failed > end"),
    ),
    "polling that is stopped never goes on behind": (
        ["dead-node after"], sub("part", start("part_start"), POLL, lines("part_start > again", prefix="i")),
        boundary("told", "part", message("m")), users("after"), lines("start > part > after > end", "told > end"),
    ),
    "every round begins two": (
        ["tokens-multiply f"], xor("again"), fork("f"), users("a b"), xor("x"),
        lines("start > again > f > a > x > again", "f > b > again", "x > end"),
    ),
    "every round begins two at a step": (
        ["tokens-multiply a"], xor("again"), users("a b"), xor("x"),
        lines("start > again > a > x > again", "a > b > again", "x > end"),
    ),
    "a reminder goes back to the beginning": (
        ["tokens-multiply a"], xor("again"), users("a"), boundary("late", "a", timer("P1D"), interrupting=False),
        xor("x"), lines("start > again > a > x > end", "x > again", "late > again"),
    ),
}  # fmt: skip

UNSOUND = {
    f"{group}: {kind}": case
    for group, cases in {"never": NEVER, "may wait": WAITS, "loop": LOOPS, "otherwise": OTHERWISE}.items()
    for kind, case in cases.items()
}


@pytest.mark.parametrize("kind", sorted(UNSOUND))
def test_an_unsound_diagram_is_told_once_and_where(kind: str) -> None:
    expected, *parts = UNSOUND[kind]
    assert told(*parts) == expected


def test_only_what_is_certain_is_refused() -> None:
    levels = {p.rule: p.level for _, *parts in UNSOUND.values() for p in soundness.check(regular(*parts))}
    assert levels == {
        "join-never": "refused",
        "dead-node": "warning",
        "loop-without-exit": "refused",
        "join-may-wait": "warning",
        "tokens-multiply": "warning",
    }
    refused = {rule for rule, level in levels.items() if level == "refused"}
    assert refused | {"unreachable"} == lint.SOUNDNESS


def test_a_finding_names_the_place_in_both_languages() -> None:
    _, *parts = NEVER["one is chosen, both are awaited"]
    files = bundle(process(start(), end(), *parts))
    report = lint.check(files)
    finding = next(finding for finding in report.findings if finding.rule == "join-never")
    line = next(n for n, text in enumerate(files["p.bpmn"].decode().splitlines(), 1) if 'id="j"' in text)
    assert report.outcome == "refused"
    assert (finding.level, finding.file, finding.line, finding.element) == ("refused", "p.bpmn", line, "j")
    assert "“j” waits for 2 branches" in finding.message_en
    assert "“j” chờ 2 nhánh" in finding.message_vi
    assert "gộp bằng cổng loại trừ" in finding.remedy_vi


@pytest.mark.parametrize("kind", sorted(WAITS))
def test_what_may_go_well_is_not_refused(kind: str) -> None:
    _, *parts = WAITS[kind]
    report = lint.check(bundle(process(start(), end(), *parts)))
    assert "join-may-wait" in {finding.rule for finding in report.findings if finding.level == "warning"}
    assert {finding.rule for finding in report.findings if finding.level == "refused"} <= {"condition-missing"}


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


def branches(count: int, *each: str, split: str, meet: str) -> list[str]:
    """Many branches between `f` and `j`; in the flows and ids of a branch `#` is its number."""
    *parts, drawn = each
    many = [part.replace("#", str(number)) for number in range(count) for part in parts]
    flows = [line.replace("#", str(number)) for number in range(count) for line in drawn.split("; ")]
    return [split, *many, meet, lines("start > f", "j > end", *flows)]


STEP = (user("u#"), "f > u# > j")
CHOICE = (xor("x#"), user("a#"), user("b#"), xor("y#"), "f > x# > a# > y# > j; x# > b# > y#")
WRONG = (xor("x#"), user("a#"), user("b#"), "f > x# > a# > j; x# > b# > j")
LOOP = (xor("x#"), user("a#"), xor("y#"), "f > x# > a# > y# > j; y# > x#")
ALL = {"split": fork("f"), "meet": join("j")}
SOME = {"split": inclusive("f"), "meet": inclusive("j")}
LONG = [f"u{number}" for number in range(398)]
LARGE: dict[str, tuple[list[str], list[str]]] = {
    "a chain of 400": ([], [users(" ".join(LONG)), lines(" > ".join(["start", *LONG, "end"]))]),
    "12 branches": ([], branches(12, *STEP, **ALL)),
    "12 branches of which some": ([], branches(12, user("u#"), "f ? u# > j", **SOME)),
    "12 choices": ([], branches(12, *CHOICE, **ALL)),
    "12 loops": ([], branches(12, *LOOP, **ALL)),
    "6 wrong choices": (["join-never j"], branches(6, *WRONG, **ALL)),
    "396 branches": ([], branches(396, *STEP, **ALL)),
    "99 choices": ([], branches(99, *CHOICE, **ALL)),
    "130 loops": ([], branches(130, *LOOP, **ALL)),
    "a long loop that begins two each round": (
        ["join-never j", "tokens-multiply g"],
        [
            *(
                fork("f"),
                xor("x"),
                join("j"),
                users("a b"),
                xor("again"),
                fork("g"),
                xor("y"),
                users(" ".join(LONG[:20])),
            ),
            lines("start > f > x > a > j > end", "x > b > j", "f > again", prefix="e"),
            lines("again > g > " + " > ".join(LONG[:20]) + " > y > again", "g > again", "y > end"),
        ],
    ),
    # Not played to the end: what would be refused otherwise is only a warning, and a terminate end may come in time.
    "130 wrong choices": (["join-may-wait j"], branches(130, *WRONG, **ALL)),
    "120 wrong choices beside a loop": (
        [],
        [
            *branches(120, *WRONG, **ALL),
            *(POLL, xor("z"), end("stop", TERMINATE)),
            lines("f > again", "f > z > end", "z > stop", prefix="e"),
        ],
    ),
}


@pytest.mark.parametrize("kind", sorted(LARGE))
def test_large_diagrams_take_less_than_half_a_second(kind: str) -> None:
    expected, parts = LARGE[kind]
    diagram = regular(*parts)
    assert len(diagram.nodes) <= 400
    before = time.process_time()
    found = soundness.check(diagram)
    assert time.process_time() - before < 0.5
    assert [f"{problem.rule} {problem.element}" for problem in found] == expected

"""Joins that never complete, steps no run reaches and loops without exit are known before deployment."""

import pytest

from engine import lint
from engine.lint import soundness
from tests.engine.diagrams import (
    boundary,
    bundle,
    catch,
    end,
    error,
    flows,
    fork,
    join,
    message,
    process,
    start,
    sub,
    timer,
    xor,
)
from tests.engine.soundness_drawn import LOOPS, POLL, either, inclusive, inner, lines, regular, told, users

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

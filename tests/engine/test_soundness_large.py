"""Large diagrams are checked fast."""

import time

import pytest

from engine.lint import soundness
from tests.engine.diagrams import (
    end,
    fork,
    join,
    user,
    xor,
)
from tests.engine.soundness_drawn import POLL, TERMINATE, inclusive, lines, regular, users


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

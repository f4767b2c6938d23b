"""Small diagrams between a start and an end, and what is told about them."""

from engine import bpmn
from engine.lint import soundness
from tests.engine.diagrams import (
    boundary,
    catch,
    document,
    element,
    end,
    flows,
    fork,
    message,
    process,
    start,
    sub,
    timer,
    user,
    xor,
)

TERMINATE = "<bpmn:terminateEventDefinition/>"

COMPENSATE = "<bpmn:compensateEventDefinition/>"


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

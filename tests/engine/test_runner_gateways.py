"""Gateways split and join as BPMN says, and no branch loses what another did."""

import pytest

from engine.runner import Stuck
from tests.engine.diagrams import (
    bundle,
    element,
    end,
    flows,
    fork,
    join,
    process,
    start,
    user,
    xor,
)
from tests.engine.running import TWO_BRANCHES, Run


def test_parallel_branches_join_without_losing_what_either_did() -> None:
    run = Run(
        bundle(
            process(
                start(),
                fork("f"),
                user("a"),
                user("b"),
                join("j"),
                user("after"),
                end(),
                flows(("start", "f"), ("f", "a"), ("f", "b"), ("a", "j"), ("b", "j"), ("j", "after"), ("after", "end")),
            )
        ),
        {"x": 1, "y": 1, "list": [1, 2, 3]},
    )
    run.done("a", x=2, list=[1, 2, 3, 4])
    assert run.done("b", y=2).data == {"x": 2, "y": 2, "list": [1, 2, 3, 4]}


def test_branches_that_disagree_are_an_incident_never_a_choice() -> None:
    run = Run(TWO_BRANCHES)
    run.done("a", decision="accept")
    with pytest.raises(Stuck, match="decision") as stuck:
        run.done("b", decision="refuse")
    assert stuck.value.element == "j"


def test_a_join_in_a_loop_waits_for_both_branches_every_round_in_any_order() -> None:
    run = Run(
        bundle(
            process(
                start(),
                xor("again"),
                fork("f"),
                user("a"),
                user("b"),
                join("j"),
                xor("x", "back"),
                end(),
                flows(
                    ("start", "again"),
                    ("again", "f"),
                    ("f", "a"),
                    ("f", "b"),
                    ("a", "j"),
                    ("b", "j"),
                    ("j", "x"),
                    ("x", "end", "stop"),
                    ("x", "again", "", "back"),
                ),
            )
        ),
        {"stop": False},
    )
    sizes = []
    for number in range(30):
        first, second = ("a", "b") if number % 2 else ("b", "a")
        run.done(first)
        assert run.open == [second]
        run.done(second, stop=number == 29)
        sizes.append(len(run.step.rest))
    assert run.step.ended == "finished"
    assert max(sizes[1:-1]) == min(sizes[1:-1])


def test_the_first_condition_in_document_order_wins() -> None:
    run = Run(
        bundle(
            process(
                start(),
                xor("x"),
                user("a"),
                user("b"),
                end(),
                flows(("start", "x"), ("x", "b", "n > 1"), ("x", "a", "n > 0"), ("a", "end"), ("b", "end")),
            )
        ),
        {"n": 5},
    )
    assert run.open == ["b"]


def test_no_condition_and_no_default_is_an_incident_at_the_gateway() -> None:
    files = bundle(
        process(
            start(),
            xor("x"),
            user("a"),
            user("b"),
            end(),
            flows(("start", "x"), ("x", "a", "n > 1"), ("x", "b", "n > 2"), ("a", "end"), ("b", "end")),
        )
    )
    with pytest.raises(Stuck) as stuck:
        Run(files, {"n": 0})
    assert stuck.value.element == "x"


def test_a_deadlock_is_an_incident_and_not_silence() -> None:
    files = bundle(
        process(
            start(),
            xor("x", "go"),
            user("a"),
            join("j"),
            end(),
            flows(("start", "x"), ("x", "a", "", "go"), ("x", "j", "n == 1"), ("a", "j"), ("j", "end")),
        )
    )
    run = Run(files, {"n": 0})
    with pytest.raises(Stuck, match="no way on") as stuck:
        run.done("a")
    assert stuck.value.element == "j"


def test_an_inclusive_gateway_waits_for_every_branch_it_opened() -> None:
    run = Run(
        bundle(
            process(
                start(),
                element("inclusiveGateway", "f", default="d"),
                user("a"),
                user("b"),
                user("c"),
                element("inclusiveGateway", "j"),
                end(),
                flows(
                    ("start", "f"),
                    ("f", "a", "n > 0"),
                    ("f", "b", "n > 1"),
                    ("f", "c", "", "d"),
                    ("a", "j"),
                    ("b", "j"),
                    ("c", "j"),
                    ("j", "end"),
                ),
            )
        ),
        {"n": 2},
    )
    assert run.open == ["a", "b"]
    assert run.done("a", x=1).ended is None
    assert run.done("b", y=1).data == {"n": 2, "x": 1, "y": 1}
    assert run.step.ended == "finished"

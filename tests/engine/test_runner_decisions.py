"""Decision tables decide in the sandbox, by the three hit policies, and say when they cannot."""

from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

import pytest

from engine import runner
from engine.runner import Step, Stuck
from tests.engine.diagrams import bundle, chain, element, end, process, start, user

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def table(policy: str, *rows: tuple[str, str]) -> bytes:
    rules = "".join(
        f'<rule id="r{number}"><inputEntry id="i{number}"><text>{escape(test)}</text></inputEntry>'
        f'<outputEntry id="o{number}"><text>{escape(answer)}</text></outputEntry></rule>'
        for number, (test, answer) in enumerate(rows, 1)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
        f'<decision id="pick" name="Pick"><decisionTable id="t" hitPolicy="{policy}"><input id="in">'
        '<inputExpression id="e"><text>kind</text></inputExpression></input><output id="out" name="lead"/>'
        f"{rules}</decisionTable></decision></definitions>"
    ).encode()


def decide(content: bytes, kind: Any) -> Step:
    rule = element("businessRuleTask", "pick_lead", lt={"decision": "pick"})
    files = bundle(process(start(), rule, user("a"), end(), chain("start", "pick_lead", "a", "end")))
    pack = runner.compile_bundle({**files, "pick.dmn": content})
    return runner.start(pack, "p", data={"kind": kind}, now=NOW)


@pytest.mark.parametrize(
    ("test", "kind", "holds"),
    [
        ('"môi trường"', "môi trường", True),
        ('"a", "b"', "b", True),
        ('"a", "b"', "c", False),
        ('not("a")', "b", True),
        ("> 5", 6, True),
        ("[1..5]", 5, True),
        ("(1..5)", 5, False),
        ("? in ['x', 'y']", "y", True),
        ("1 < ? < 3", 2, True),
        ("-", "anything", True),
        ("", None, True),
        ("true", True, True),
        ("null", None, True),
        ("len(?) > 3", "four", True),
    ],
)
def test_cells_say_what_holds(test: str, kind: Any, holds: bool) -> None:
    assert decide(table("FIRST", (test, '"hlhpn"')), kind).data["lead"] == ("hlhpn" if holds else None)


def test_first_takes_the_first_and_collect_takes_all() -> None:
    rows = (("> 1", "1"), ("> 2", "2"), ("> 9", "3"))
    assert decide(table("FIRST", *rows), 5).data["lead"] == 1
    assert decide(table("COLLECT", *rows), 5).data["lead"] == [1, 2]


def test_unique_refuses_two_answers() -> None:
    with pytest.raises(Stuck, match="r1, r2") as stuck:
        decide(table("UNIQUE", ("> 1", "1"), ("> 2", "2")), 5)
    assert stuck.value.element == "pick_lead"


def test_answers_may_be_computed() -> None:
    assert decide(table("UNIQUE", ("-", "kind + '!'")), "x").data["lead"] == "x!"

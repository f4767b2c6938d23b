"""Expressions of other tools mean the same in ours, or are left to a person; never is their text evaluated raw."""

from collections.abc import Iterator
from typing import Any

import pytest

from engine import sandbox
from engine.bpmn.dialects import translated
from tests.imports.expressions import NOW, answer


@pytest.fixture(scope="module", autouse=True)
def _pool() -> Iterator[None]:
    yield
    sandbox.close()


CONDITIONS = [
    ("camunda", "${amount > 1000}", {"amount": 1001}, True),
    ("camunda", "#{amount > 1000}", {"amount": 1000}, False),
    ("camunda", "${a lt 1 or b gt 2}", {"a": 5, "b": 3}, True),
    ("camunda", "${a le 1 && b ge 2}", {"a": 1, "b": 2}, True),
    ("camunda", "${status eq 'open' and not closed}", {"status": "open", "closed": False}, True),
    ("camunda", "${status ne 'open' || closed}", {"status": "open", "closed": False}, False),
    ("camunda", "${!(a == 1 && b != 2)}", {"a": 1, "b": 2}, True),
    ("camunda", "${empty reason}", {"reason": ""}, True),
    ("camunda", "${empty reason}", {"reason": None}, True),
    ("camunda", "${empty reasons}", {"reasons": []}, True),
    ("camunda", "${empty count}", {"count": 0}, False),
    ("camunda", "${not empty reason}", {"reason": "late"}, True),
    ("camunda", "${order.total > 10 && order['kind'] == \"a\"}", {"order": {"total": 11, "kind": "a"}}, True),
    ("camunda", "${order.missing == null}", {"order": {}}, True),
    ("camunda", "${items[1].price == 3}", {"items": [{}, {"price": 3}]}, True),
    ("camunda", "${roles.contains('lead')}", {"roles": ["lead", "x"]}, True),
    ("camunda", "${name.contains(part)}", {"name": "abc", "part": "bc"}, True),
    ("camunda", "${!roles.isEmpty()}", {"roles": []}, False),
    ("camunda", "${roles.size() - 1 == 1}", {"roles": [1, 2]}, True),
    ("camunda", "${name.length() > 2 and name.startsWith('a') and name.endsWith('c')}", {"name": "abc"}, True),
    ("camunda", "${'approve'.equals(outcome)}", {"outcome": "approve"}, True),
    ("camunda", '${outcome.equals("it\'s")}', {"outcome": "it's"}, True),
    ("camunda", "${outcome == 'it\\'s'}", {"outcome": "it's"}, True),
    ("camunda", '${execution.getVariable("amount") > 3}', {"amount": 4}, True),
    ("camunda", "${a + b * 2 - 6 / 3 == 9}", {"a": 1, "b": 5}, True),
    ("camunda", "${(a + b) * 2 == 12}", {"a": 1, "b": 5}, True),
    ("camunda", "${-a < -1.5}", {"a": 2}, True),
    ("camunda", "${big ? a : b}", {"big": False, "a": True, "b": False}, False),
    ("flowable", "${x == '}' }", {"x": "}"}, True),
    (
        "activiti",
        "${nrOfCompletedInstances/nrOfInstances >= 0.5}",
        {"nrOfCompletedInstances": 1, "nrOfInstances": 2},
        True,
    ),
    ("plain", "${a == 1}", {"a": 1}, True),
    ("zeebe", "= amount > 1000", {"amount": 1001}, True),
    ("zeebe", "=approved", {"approved": True}, True),
    ("zeebe", "=approved", {"approved": "false"}, False),
    ("zeebe", "=not(approved)", {"approved": False}, True),
    ("zeebe", '= status = "open" and total <= 5', {"status": "open", "total": 5}, True),
    ("zeebe", '= status != "open" or total < 5', {"status": "open", "total": 5}, False),
    ("zeebe", "= x in [1..5]", {"x": 5}, True),
    ("zeebe", "= x in [1..5)", {"x": 5}, False),
    ("zeebe", "= x in ]1..5]", {"x": 1}, False),
    ("zeebe", "= x between 1 and 5 and y = 2", {"x": 1, "y": 2}, True),
    ("zeebe", '= kind in ("a", "b")', {"kind": "b"}, True),
    ("zeebe", '= not(kind in ["a", "b"])', {"kind": "b"}, False),
    ("zeebe", "= if a > 1 then b else a = 0", {"a": 0, "b": False}, True),
    ("zeebe", '= list contains(roles, "lead")', {"roles": ["lead"]}, True),
    ("zeebe", '= contains(name, "bc") and starts with(name, "a") and ends with(name, "c")', {"name": "abc"}, True),
    ("zeebe", "= count(items) > 1 and string length(name) = 3", {"items": [1, 2], "name": "abc"}, True),
    ("zeebe", "= order.total > 10", {"order": {"total": 11}}, True),
    ("zeebe", "= order.missing = null", {"order": {}}, True),
    ("zeebe", "= items[1] = 7 and items[-1] = 9", {"items": [7, 8, 9]}, True),
    ("zeebe", '= first + " " + last = "a b"', {"first": "a", "last": "b"}, True),
    ("zeebe", "= (a + b) * 2 - 4 / 2 = 10", {"a": 1, "b": 5}, True),
    ("zeebe", '= quote = "a \\"b\\""', {"quote": 'a "b"'}, True),
    ("feel", "a - 1 = 2", {"a": 3}, True),
]


@pytest.mark.parametrize(("dialect", "text", "data", "expected"), CONDITIONS)
def test_a_condition_answers_as_where_it_was_drawn(
    dialect: str, text: str, data: dict[str, Any], expected: bool
) -> None:
    assert answer(text, dialect, data) is expected


@pytest.mark.parametrize(
    ("dialect", "text", "ours"),
    [
        ("camunda", "${items}", "items"),
        ("camunda", "${order.items}", "order.get('items')"),
        ("camunda", "${big ? 3 : 5}", "3 if big in (True, 'true') else 5"),
        ("zeebe", "= items", "items"),
        ("zeebe", '= ["a", "b"]', "['a', 'b']"),
        ("zeebe", '= duration("PT4H")', "'PT4H'"),
        ("zeebe", '= date and time("2026-11-30T08:00:00+07:00")', "'2026-11-30T08:00:00+07:00'"),
        ("zeebe", '= @"P3D"', "'P3D'"),
        ("jbpm", "#{ employee }", "employee"),
    ],
)
def test_values_are_written_as_a_designer_would(dialect: str, text: str, ours: str) -> None:
    assert translated(text, dialect) == ours


OUTSIDE = [
    ("camunda", text)
    for text in (
        "approved", "", "${}", "${a} && ${b}", "PT${hours}H", "${a} == 1", "${a b}", "${a ==}", "${a == 1",
        "${bean.check(a)}", "${check(a)}", "${fn:length(a)}", "${''.getClass()}", "${a.class.forName('x')}",
        "${T(java.lang.Runtime).getRuntime()}", "${execution.setVariable('a', 1)}", "${execution}", "${task.assignee}",
        "${a = 1}", "${a; b}", "${a % 2 == 0}", "${a mod 2 == 0}", "${a < b < c}", "${a == b == c}", "${a[b] == 1}",
        "${a[-1] == 1}", "${'a' + 'b' == c}", "${amount > '1000'}", "${1 == '1'}", "${null > 1}", "${true > 1}",
        "${(a > 1) == b}", "${a.equals(1)}", "${a.contains(1)}", "${1.5.x}", "${12a}", "${a$b}", "${class == 1}",
        "${lambda}", "${None == a}", "${True}", "${input > 1}", "${__import__ == 1}", "${a.__class__ == 1}.x",
        "${len > 1 && a.size() > 1}",
        "${99999999999999999999 > a}", "${x -> x}", "${[1,2]}", "${'\\u0041' == a}", "${a instanceof b}",
    )
] + [
    ("zeebe", text)
    for text in (
        "=", "= now()", "= {a: 1}", "= for i in x return i", "= some i in x satisfies i > 1", "= items[item > 3]",
        "= items[0]", "= a ** 2 > 1", "= a b", "= x in y", "= x in [a, b]", "= x in (1..5", "= 1 = \"1\"",
        "= a < b < c", "= a = b = c", "= amount * 1.1 > 5", "= 'a' = b", "= \"\\u0041\" = a", "= x in ]1, 2[",
        "= date(x) > 1", "= duration(\"PT4H\") > x", "= function(a) a + 1", "= a instance of number", "= a.b()",
        "= list contains(a)", "= list contains(a, true)", "= if a then b", "= not(1)", "= sum(a)", "= -true", "= `a b`",
        "= a // comment", "= true > 1", "= {} = a",
    )
] + [
    ("jbpm", "return x > 1;"), ("jbpm", "#{a.b}"), ("jbpm", "#{a == 1}"), ("xpath", "a = 1"), ("plain", "a == 1"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "text"), OUTSIDE)
def test_what_is_not_certain_is_left_to_a_person(dialect: str, text: str) -> None:
    assert translated(text, dialect) is None
    assert translated(text, dialect, truth=True) is None


@pytest.mark.parametrize(
    "text", ["${'a'}", "${1}", "${a + 1}", "${null}", '= "a"', "= 1", "= [1]", '= duration("P1D")']
)
def test_a_condition_that_is_no_truth_is_left_to_a_person(text: str) -> None:
    assert translated(text, "camunda" if "{" in text else "zeebe", truth=True) is None


@pytest.mark.parametrize(
    ("literal", "alike", "other"),
    [
        ("true", (True, "true"), (False, "false", None, "no")),
        ("false", (False, "false"), (True, "true", None)),
        ("'true'", (True, "true"), (False, "false", None)),
        ("3", (3, 3.0, "3"), (4, "4", None)),
        ("'3'", (3, "3"), (4, "4", None)),
        ("1.5", (1.5, "1.5"), (1, "1", None)),
        ("'007'", (7, "007"), ("7", 8, None)),
        ("'open'", ("open",), ("closed", None)),
        ("null", (None,), ("", 0, False, "null")),
    ],
)
def test_a_literal_equals_its_twin_as_juel_makes_both_sides_alike(
    literal: str, alike: tuple[Any, ...], other: tuple[Any, ...]
) -> None:
    for value in (*alike, *other):
        is_alike = any(value is one or (value == one and type(value) is type(one)) for one in alike)
        for text in (f"x == {literal}", f"{literal} eq x"):
            assert answer(f"${{{text}}}", "camunda", {"x": value}) is is_alike, (text, value)
        assert answer(f"${{x != {literal}}}", "camunda", {"x": value}) is not is_alike


@pytest.mark.parametrize("value", [True, "true", False, "false", None, "", "yes"])
def test_a_bare_variable_is_true_where_juel_takes_it_for_true(value: Any) -> None:
    is_true = value in (True, "true")
    assert answer("${x && true}", "camunda", {"x": value}) is is_true
    assert answer("${!x}", "camunda", {"x": value}) is not is_true


@pytest.mark.parametrize(
    ("dialect", "text", "data"),
    [
        ("camunda", "${a * 2 == 'xx'.length()}", None),
        ("camunda", "${a * 2 == 4}", {"a": "x"}),
        ("camunda", "${2 * a == 4}", {"a": "x"}),
        ("camunda", "${a + b > 1}", {"a": "1", "b": "2"}),
        ("camunda", "${a + b == total}", {"a": 1, "b": 2, "total": "3"}),
        ("zeebe", "= a * b = 4", {"a": "xx", "b": 2}),
        ("zeebe", "= order.total > 1", {"order": None}),
        ("camunda", "${missing == 1}", {}),
    ],
)
def test_where_python_would_make_something_of_wrong_data_it_fails_aloud(
    dialect: str, text: str, data: dict[str, Any] | None
) -> None:
    ours = translated(text, dialect, truth=True)
    if data is None:
        assert ours is None
        return
    with pytest.raises(sandbox.ScriptFailed):
        sandbox.evaluate(ours or "", data, now=NOW)

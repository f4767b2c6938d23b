"""Expressions of other tools mean the same in ours, or are left to a person; never is their text evaluated raw."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine import sandbox
from engine.bpmn import parse
from engine.bpmn.dialects import assigned, dialect_of, language_of, meaning, remark, translated, understood
from engine.bpmn.grammar import MAX_DEPTH, MAX_TOKENS

NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
FOLDER = Path(__file__).parent
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


@pytest.fixture(scope="module", autouse=True)
def _pool() -> Iterator[None]:
    yield
    sandbox.close()


def answer(text: str, dialect: str, data: dict[str, Any], *, truth: bool = True) -> Any:
    ours = translated(text, dialect, truth=truth)
    assert ours is not None, f"{text} is not translated"
    return sandbox.evaluate(ours, data, now=NOW)


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


# Random expressions, written in three languages: the tree is the meaning, Python's own evaluation of it the reference.

Tree = tuple[Any, ...]
DATA = {
    "n": 3, "m": 0, "s": "lead", "t": "đầu mối", "yes": True, "no": False, "xs": ["lead", "x"], "none": [],
    "rec": {"k": 2, "name": "lead"},
}  # fmt: skip


def _numbers(depth: int) -> st.SearchStrategy[Tree]:
    leaves = st.one_of(
        st.integers(-9, 9).map(lambda value: ("number", value)),
        st.sampled_from(["n", "m"]).map(lambda name: ("var", name)),
        st.just(("field", "rec", "k")),
        st.sampled_from(["xs", "none"]).map(lambda name: ("count", name)),
    )
    if depth == 0:
        return leaves
    below = _numbers(depth - 1)
    return st.one_of(
        leaves,
        st.tuples(st.just("sum"), st.sampled_from("+-*"), below, below),
        st.tuples(st.just("minus"), below),
        st.tuples(st.just("choice"), _truths(depth - 1), below, below),
    )


TEXTS = st.one_of(
    st.sampled_from(["lead", "đầu mối", "it's", 'a "b"', "a\\b", ""]).map(lambda value: ("text", value)),
    st.sampled_from(["s", "t"]).map(lambda name: ("var", name)),
    st.just(("field", "rec", "name")),
)


def _truths(depth: int) -> st.SearchStrategy[Tree]:
    leaves = st.one_of(
        st.sampled_from(["yes", "no"]).map(lambda name: ("var", name)),
        st.booleans().map(lambda value: ("truth", value)),
        st.tuples(st.just("is"), st.sampled_from(["yes", "no"]), st.booleans()),
        st.tuples(st.just("same"), st.booleans(), TEXTS, TEXTS),
        st.tuples(st.just("among"), st.sampled_from(["xs", "none"]), TEXTS),
        st.tuples(st.just("void"), st.sampled_from(["xs", "none"])),
    )
    if depth == 0:
        return leaves
    below, numbers = _truths(depth - 1), _numbers(depth - 1)
    return st.one_of(
        leaves,
        st.tuples(st.just("order"), st.sampled_from(["<", "<=", ">", ">="]), numbers, numbers),
        st.tuples(st.just("equal"), st.booleans(), numbers, numbers),
        st.tuples(st.just("range"), numbers, st.integers(-5, 0), st.integers(0, 5)),
        st.tuples(st.just("both"), st.booleans(), below, below),
        st.tuples(st.just("not"), below),
    )


def _text_of(value: str, quote: str) -> str:
    return quote + value.replace("\\", "\\\\").replace(quote, f"\\{quote}") + quote


def juel(tree: Tree) -> str:
    match tree:
        case ("number", value):
            return str(value)
        case ("truth", value):
            return str(value).lower()
        case ("text", value):
            return _text_of(value, "'")
        case ("var", name):
            return str(name)
        case ("field", name, key):
            return f"{name}.{key}"
        case ("count", name):
            return f"{name}.size()"
        case ("void", name):
            return f"empty {name}"
        case ("among", name, part):
            return f"{name}.contains({juel(part)})"
        case ("is", name, value):
            return f"{name} == {str(value).lower()}"
        case ("minus", inner):
            return f"-({juel(inner)})"
        case ("not", inner):
            return f"!({juel(inner)})"
        case ("choice", test, then, other):
            return f"({juel(test)} ? {juel(then)} : {juel(other)})"
        case ("range", inner, low, high):
            return f"({juel(inner)}) ge {low} and ({juel(inner)}) <= {high}"
        case ("both", is_and, left, right):
            return f"({juel(left)}) {'&&' if is_and else 'or'} ({juel(right)})"
        case ("same" | "equal", is_equal, left, right):
            return f"({juel(left)}) {'eq' if is_equal else '!='} ({juel(right)})"
        case ("sum" | "order", sign, left, right):
            return f"({juel(left)}) {sign} ({juel(right)})"
    raise AssertionError(tree)


def feel(tree: Tree) -> str:
    match tree:
        case ("text", value):
            return _text_of(value, '"')
        case ("count", name):
            return f"count({name})"
        case ("void", name):
            return f"count({name}) = 0"
        case ("among", name, part):
            return f"list contains({name}, {feel(part)})"
        case ("is", name, value):
            return f"{name} = {str(value).lower()}"
        case ("minus", inner):
            return f"-({feel(inner)})"
        case ("not", inner):
            return f"not({feel(inner)})"
        case ("choice", test, then, other):
            return f"(if {feel(test)} then {feel(then)} else {feel(other)})"
        case ("range", inner, low, high):
            return f"({feel(inner)}) in [{low}..{high}]"
        case ("both", is_and, left, right):
            return f"({feel(left)}) {'and' if is_and else 'or'} ({feel(right)})"
        case ("same" | "equal", is_equal, left, right):
            return f"({feel(left)}) {'=' if is_equal else '!='} ({feel(right)})"
        case ("sum" | "order", sign, left, right):
            return f"({feel(left)}) {sign} ({feel(right)})"
    return juel(tree)


def value_of(tree: Tree) -> Any:
    match tree:
        case ("number" | "truth" | "text", value):
            return value
        case ("var", name):
            return DATA[name]
        case ("field", name, key):
            return DATA[name][key]
        case ("count", name):
            return len(DATA[name])
        case ("void", name):
            return not DATA[name]
        case ("among", name, part):
            return value_of(part) in DATA[name]
        case ("is", name, value):
            return DATA[name] is value
        case ("minus", inner):
            return -value_of(inner)
        case ("not", inner):
            return not value_of(inner)
        case ("choice", test, then, other):
            return value_of(then) if value_of(test) else value_of(other)
        case ("range", inner, low, high):
            return low <= value_of(inner) <= high
        case ("both", is_and, left, right):
            return value_of(left) and value_of(right) if is_and else value_of(left) or value_of(right)
        case ("same" | "equal", is_equal, left, right):
            return (value_of(left) == value_of(right)) is is_equal
        case ("sum" | "order", sign, left, right):
            a, b = value_of(left), value_of(right)
            return {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "<": lambda: a < b,
                    "<=": lambda: a <= b, ">": lambda: a > b, ">=": lambda: a >= b}[sign]()  # fmt: skip
    raise AssertionError(tree)


@settings(max_examples=200, deadline=None)
@given(_truths(2))
def test_any_expression_of_the_subset_means_the_same_in_all_three_languages(tree: Tree) -> None:
    expected = value_of(tree)
    assert answer(f"${{{juel(tree)}}}", "camunda", DATA) is expected
    assert answer(f"= {feel(tree)}", "zeebe", DATA) is expected


WORDS = st.sampled_from(
    [
        "a", "b.c", "xs", "execution", "getVariable", "empty", "not", "and", "or", "eq", "in", "if", "then", "else",
        "between", "list contains", "count", "class", "__class__", "len", "open", "lambda", "import", "1", "2.5", "007",
        "'x'", '"y"', "true", "null", "+", "-", "*", "/", "%", "==", "=", "!=", "<", ">=", "&&", "||", "!", "?", ":",
        "(", ")", "[", "]", ".", "..", ",", "${", "}", "#{", "\\", "@", ";", "\n", "{", "đ", "${a}",
    ]
)  # fmt: skip
HARMLESS = {"get", "startswith", "endswith"}


@settings(max_examples=400, deadline=None)
@given(st.lists(WORDS, max_size=14), st.sampled_from(["camunda", "zeebe", "jbpm", "plain", "ours"]), st.booleans())
def test_no_text_gets_more_than_names_comparisons_and_three_methods_into_the_sandbox(
    words: list[str], dialect: str, truth: bool
) -> None:
    inner = " ".join(words)
    for text in (inner, f"${{{inner}}}", f"={inner}"):
        ours = translated(text, dialect, truth=truth)
        if ours is None:
            continue
        sandbox.names_of(ours)
        for node in ast.walk(ast.parse(ours, mode="eval")):
            assert not isinstance(node, ast.Lambda | ast.NamedExpr | ast.comprehension | ast.JoinedStr)
            if isinstance(node, ast.Attribute):
                assert node.attr in HARMLESS
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id == "len"


@pytest.mark.parametrize("wrap", ["${%s}", "= %s"])
@pytest.mark.parametrize(
    "deep",
    [
        "(" * 5_000 + "a" + ")" * 5_000,
        "-" * 5_000 + "a > 1",
        " + ".join("a" * 5_000) + " > 1",
        "a" + ".b" * 5_000 + " = 1",
        "a > " + "9" * 5_000,
        "a > " + "9" * 400 + ".5",
    ],
)
def test_a_monstrous_expression_is_left_to_a_person(deep: str, wrap: str) -> None:
    assert translated(wrap % deep, "camunda" if "{" in wrap else "zeebe", truth=True) is None


@pytest.mark.parametrize(("more", "is_translated"), [(0, True), (1, False)])
def test_the_limits_do_not_depend_on_the_callers_stack(more: int, is_translated: bool) -> None:
    depth = MAX_DEPTH + more
    assert (translated("${" + "(" * depth + "a" + ")" * depth + "}", "camunda") == "a") is is_translated
    terms = MAX_TOKENS // 2 + more
    assert (translated("${-" + "+".join("a" * terms) + "}", "camunda") is not None) is is_translated


# Which tool, which language.

DRAWN_BY = {
    "activiti_expense": "activiti",
    "bizagi_purchase": "plain",
    "bpmnio_pizza": "plain",
    "camunda7_invoice": "camunda",
    "camunda7_kept_by_ours": "camunda",
    "camunda7_review": "camunda",
    "camunda8_onboarding": "zeebe",
    "camunda8_order": "zeebe",
    "flowable_delivery": "flowable",
    "flowable_leave": "flowable",
    "jbpm_evaluation": "jbpm",
    "signavio_recruiting": "plain",
    "spiffarena_loan": "plain",
    "xpath_claims": "plain",
}


def test_every_diagram_of_the_collection_is_known_by_its_tool() -> None:
    seen = {path.stem: dialect_of(parse(path.read_bytes())) for path in FOLDER.glob("*.bpmn")}
    assert seen == DRAWN_BY


def test_our_own_diagrams_are_ours() -> None:
    paths = list((FOLDER.parents[1] / "processes").glob("*/*.bpmn"))
    assert paths
    assert {dialect_of(parse(path.read_bytes())) for path in paths} == {"ours"}


@pytest.mark.parametrize(
    ("attributes", "dialect"),
    [
        ('xmlns:m="http://camunda.org/schema/modeler/1.0" m:executionPlatform="Camunda Cloud"', "zeebe"),
        ('xmlns:m="http://camunda.org/schema/modeler/1.0" m:executionPlatform="Camunda Platform"', "camunda"),
        ('xmlns:flowable="http://flowable.org/bpmn"', "flowable"),
        ('xmlns:o="http://operaton.org/schema/1.0/bpmn" o:x="1"', "camunda"),
        ('targetNamespace="http://www.jboss.org/drools"', "jbpm"),
        ('xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:lt="urn:lienthong:bpmn:1"', "ours"),
        ('xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core" s:x="1" xmlns:lt="urn:lienthong:bpmn:1"', "ours"),
        ("", "plain"),
    ],
)
def test_a_tool_that_extends_nothing_is_known_by_what_else_it_writes(attributes: str, dialect: str) -> None:
    assert dialect_of(etree.fromstring(f'<definitions xmlns="{BPMN}" {attributes}/>')) == dialect


@pytest.mark.parametrize(
    ("of_all", "own", "text", "language"),
    [
        ("", "", "a == 1", "python"),
        ("http://www.w3.org/1999/XPath", "", "a == 1", "python"),
        ("http://www.w3.org/1999/XPath", "", "${a}", "juel"),
        ("http://www.mvel.org/2.0", "", "a == 1", "mvel"),
        ("", "http://www.w3.org/1999/XPath", "a = 1", "xpath"),
        ("", "http://www.java.com/java", "return a;", "java"),
        ("", "http://www.omg.org/spec/FEEL/20140401", "a = 1", "feel"),
        ("", "http://www.javascript.com/javascript", "a", "javascript"),
        ("", "groovy", "a", "groovy"),
        ("", "Python", "a", "python"),
        ("", "brainwave", "a", "brainwave"),
        ("", "", "= a", "feel"),
        ("", "", "  #{a}", "juel"),
    ],
)
def test_the_language_is_what_is_written_not_what_tools_write_by_habit(
    of_all: str, own: str, text: str, language: str
) -> None:
    root = etree.Element("definitions", expressionLanguage=of_all)
    element = etree.SubElement(root, "conditionExpression", language=own)
    element.text = text
    assert language_of(element, root) == language


def test_an_expression_keeps_what_was_drawn_and_says_what_became_of_it() -> None:
    def told(text: str, dialect: str, language: str | None = None) -> tuple[Any, ...]:
        found = meaning(text, dialect, language=language, truth=True)
        assert found is not None
        said = remark(found)
        return found.drawn, found.text, said and (said.level, said.rule)

    translated_note, left = ("note", "condition-translated"), ("draft", "condition-untranslated")
    assert told(" ${a > 1} ", "camunda") == ("${a > 1}", "a > 1", translated_note)
    assert told("${f(a)}", "camunda") == ("${f(a)}", None, left)
    assert told("a > 1", "camunda") == ("a > 1", "a > 1", None)
    assert told("a is very large", "plain") == ("a is very large", None, left)
    assert told("a is very large", "ours") == ("a is very large", "a is very large", None)
    assert told("= a == 'x'", "ours") == ("a == 'x'", "a == 'x'", None)
    assert told("a > 1", "plain", "groovy") == ("a > 1", None, left)
    assert meaning("  ", "camunda") is None
    assert understood(None, "camunda") is None


@pytest.mark.parametrize(
    ("text", "dialect", "ours"),
    [
        ("staff,HR", "jbpm", "'staff,HR'"),
        ("it's", "jbpm", '"it\'s"'),
        ("#{employee}", "jbpm", "employee"),
        ("#{employee.boss}", "jbpm", None),
        ("amount + 1", "plain", "amount + 1"),
        ("${amount}", "camunda", "amount"),
        ("", "jbpm", None),
    ],
)
def test_a_text_that_jbpm_assigns_without_quotes_is_a_text(text: str, dialect: str, ours: str | None) -> None:
    element = etree.Element("from")
    element.text = text
    found = assigned(element, dialect)
    assert (found.text if found else None) == ours
    assert found is None or remark(found) is None or found.language != "python"


def test_a_literal_of_time_is_no_expression() -> None:
    for text in ("P3D", "R3/PT1H", "2026-11-30T08:00:00+07:00"):
        found = meaning(text, "camunda", time=True)
        assert found is not None
        assert (found.text, remark(found)) == (text, None)

"""Random expressions mean the same in three languages, and no text gets more than its meaning into the sandbox."""

import ast
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import sandbox
from engine.bpmn.dialects import translated
from engine.bpmn.grammar import MAX_DEPTH, MAX_TOKENS
from tests.imports.expressions import answer


@pytest.fixture(scope="module", autouse=True)
def _pool() -> Iterator[None]:
    yield
    sandbox.close()


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


@settings(max_examples=200)
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


@settings(max_examples=400)
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

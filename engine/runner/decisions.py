"""Decision tables (DMN): read safely, cells evaluated in the sandbox, hit policies UNIQUE, FIRST and COLLECT."""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree

from engine import sandbox
from engine.bpmn import Problem, Unreadable, parse

HIT_POLICIES: Final = frozenset({"UNIQUE", "FIRST", "COLLECT"})
MAX_RULES: Final = 500
_CONSTANTS: Final = {"true": True, "false": False, "null": None}
_INPUT: Final = "_value"
_OPERATORS: Final = ("<", ">", "==", "!=", "in ", "not in ")

Evaluate = Callable[[str, dict[str, Any]], Any]


class Undecided(Exception):
    """The table gives no usable answer."""


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: per input an expression over `_value` (None: anything), per output an expression."""

    id: str
    tests: tuple[str | None, ...]
    outputs: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision table."""

    id: str
    name: str | None
    file: str
    line: int | None
    hit_policy: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = field(default=())

    def decide(self, evaluate: Evaluate) -> dict[str, Any]:
        """Return the outputs of the rows that hold; raises Undecided when UNIQUE is not unique."""
        values = [evaluate(text, dict(_CONSTANTS)) for text in self.inputs]
        hits = []
        for row in self.rows:
            if all(
                test is None or evaluate(test, {**_CONSTANTS, _INPUT: value})
                for test, value in zip(row.tests, values, strict=True)
            ):
                hits.append(row)
                if self.hit_policy == "FIRST":
                    break
        if self.hit_policy == "UNIQUE" and len(hits) > 1:
            raise Undecided(f"decision “{self.id}”: rules {', '.join(row.id for row in hits)} hold at the same time")
        answers = [[_output(cell, evaluate) for cell in row.outputs] for row in hits]
        if self.hit_policy == "COLLECT":
            return {name: [answer[at] for answer in answers] for at, name in enumerate(self.outputs)}
        return {name: answers[0][at] if answers else None for at, name in enumerate(self.outputs)}


def _output(cell: str | None, evaluate: Evaluate) -> Any:
    return None if cell is None else evaluate(cell, dict(_CONSTANTS))


def read(file: str, content: bytes) -> tuple[list[Decision], list[Problem]]:
    """Read the decisions of one DMN file; problems instead of exceptions."""
    try:
        root = parse(content)
    except Unreadable as why:
        return [], [Problem("refused", why.rule, file=file, line=why.line, facts={"detail": why.detail})]
    if _local(root) != "definitions" or "DMN" not in str(root.tag):
        return [], [Problem("refused", "not-dmn", file=file, line=root.sourceline)]
    decisions = [_decision(file, element) for element in root if _local(element) == "decision"]
    return decisions, [problem for decision in decisions for problem in decision.problems]


def _decision(file: str, element: etree._Element) -> Decision:
    problems: list[Problem] = []
    own = element.get("id") or ""

    def tell(rule: str, where: etree._Element, **facts: object) -> None:
        problems.append(
            Problem("refused", rule, file, where.sourceline, where.get("id") or own, element.get("name"), dict(facts))
        )

    table = next((child for child in element if _local(child) == "decisionTable"), None)
    if not own:
        tell("decision-unnamed", element)
    if table is None:
        tell("decision-without-table", element)
        return Decision(own, element.get("name"), file, element.sourceline, "UNIQUE", (), (), (), tuple(problems))
    policy = table.get("hitPolicy", "UNIQUE")
    if policy not in HIT_POLICIES or table.get("aggregation"):
        tell("hit-policy", table, policy=f"{policy} {table.get('aggregation') or ''}".strip())
    inputs = [_input(child) for child in table if _local(child) == "input"]
    outputs = [(child.get("name") or child.get("label") or "").strip() for child in table if _local(child) == "output"]
    for text in inputs:
        _check(text, table, tell)
    for name in outputs:
        if not name.isidentifier():
            tell("decision-output-name", table, output=name)
    rules = [child for child in table if _local(child) == "rule"]
    if len(rules) > MAX_RULES:
        tell("decision-too-large", table, count=len(rules))
    rows = tuple(_row(rule, at, len(inputs), len(outputs), tell) for at, rule in enumerate(rules[:MAX_RULES], 1))
    return Decision(
        own, element.get("name"), file, element.sourceline, policy, tuple(inputs), tuple(outputs), rows, tuple(problems)
    )


def _row(rule: etree._Element, number: int, inputs: int, outputs: int, tell: Callable[..., None]) -> Row:
    tests = [_test(_cell(child)) for child in rule if _local(child) == "inputEntry"]
    answers = [_cell(child) or None for child in rule if _local(child) == "outputEntry"]
    if len(tests) != inputs or len(answers) != outputs:
        tell("decision-row-width", rule, row=number)
        tests, answers = (tests + [None] * inputs)[:inputs], (answers + [None] * outputs)[:outputs]
    for text in (*tests, *answers):
        if text is not None:
            _check(text, rule, tell)
    return Row(rule.get("id") or str(number), tuple(tests), tuple(answers))


def _check(text: str, where: etree._Element, tell: Callable[..., None]) -> None:
    try:
        sandbox.names_of(text)
    except sandbox.ScriptFailed as why:
        tell("expression-unreadable", where, expression=text[:200], why=why.message)


def _input(element: etree._Element) -> str:
    expression = next((child for child in element if _local(child) == "inputExpression"), None)
    text = _cell(expression) if expression is not None else ""
    return text or (element.get("label") or "").strip()


def _cell(element: etree._Element) -> str:
    text = next((child.text for child in element if _local(child) == "text"), None)
    return (text or "").strip()


def _test(text: str) -> str | None:
    """Turn a cell into an expression: `> 5`, `"a", "b"`, `[1..5]`, `? in xs`, `not("a")`, or a value to equal."""
    if text in ("", "-"):
        return None
    if len(text) > sandbox.MAX_EXPRESSION:
        return text
    interval = re.fullmatch(r"([\[\](])\s*(.+?)\s*\.\.\s*(.+?)\s*([\[\])])", text)
    if interval:
        opening, low, high, closing = interval.groups()
        return f"({low}) {'<=' if opening == '[' else '<'} {_INPUT} {'<=' if closing == ']' else '<'} ({high})"
    if "?" in re.sub(r"\"[^\"]*\"|'[^']*'", "", text):
        return re.sub(r"\?(?=(?:[^'\"]|\"[^\"]*\"|'[^']*')*$)", _INPUT, text)
    if text.startswith(_OPERATORS):
        return f"{_INPUT} {text}"
    negated = re.fullmatch(r"not\s*\((.+)\)", text, re.DOTALL)
    if negated:
        return f"not ({_test(negated.group(1).strip())})"
    try:
        several = isinstance(ast.parse(text, mode="eval").body, ast.Tuple)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text
    return f"{_INPUT} in ({text})" if several else f"{_INPUT} == ({text})"


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]

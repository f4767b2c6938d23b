"""Whether the text of an expression can be read, and whether two of them say the same."""

import ast
from collections.abc import Iterator

from engine import sandbox
from engine.bpmn import Flow, Node, Problem, Process


def of_expression(process: Process, where: Node | Flow, text: str) -> Iterator[Problem]:
    """Yield why an expression cannot be evaluated."""
    try:
        sandbox.names_of(text)
    except sandbox.ScriptFailed as failed:
        yield process.problem(where, "refused", "expression-unreadable", expression=text[:200], why=failed.message)


def shape(expression: str) -> str:
    """Return an expression without the way it is written."""
    try:
        return ast.dump(ast.parse(expression, mode="eval"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return expression

"""The subset of FEEL (`= …`) that is understood: what Camunda 8 writes in conditions, collections and times.

FEEL never changes a value to compare it; what is not true is not taken. Where a value is missing FEEL goes on with
null; ours fails aloud instead. FEEL counts in decimals, so fractions are compared but not calculated with.
"""

import ast
import re
from collections.abc import Callable
from typing import Final

from engine.bpmn import grammar
from engine.bpmn.grammar import Grammar, Outside, kind, require, require_alike

_KEYWORDS: Final = frozenset(
    {"and", "or", "if", "then", "else", "between", "in", "for", "some", "every", "return", "satisfies", "instance"}
)
_CONSTANTS: Final = {"true": True, "false": False, "null": None}
_TIME: Final = re.compile(r'\s*(?:(?:duration|date and time|date|time)\s*\(\s*"([^"\\]+)"\s*\)|@"([^"\\]+)")\s*')
_FROM_NOW: Final = re.compile(r'\s*now\s*\(\s*\)\s*\+\s*((?:duration\b|@\s*"-?P).*)', re.DOTALL)
_ESCAPED: Final = {'\\"': '"', "\\\\": "\\", "\\n": "\n", "\\t": "\t"}


def time_literal(text: str) -> str | None:
    """Return the ISO 8601 text where the whole expression is a literal of a time, a date or a duration."""
    found = _TIME.fullmatch(text)
    return (found.group(1) or found.group(2)).strip() if found else None


def from_now(text: str) -> str | None:
    """Return the duration where the whole expression is `now()` and a literal of one."""
    found = _FROM_NOW.fullmatch(text)
    return time_literal(found.group(1)) if found else None


class Feel(Grammar):
    """What stands behind the equals sign."""

    pattern = re.compile(
        r"""\s+
        | (?P<number>[0-9]+(?:\.[0-9]+)?(?!\w))
        | (?P<name>[^\W\d]\w*)
        | (?P<string>"(?:[^"\\]|\\["\\nt])*")
        | (?P<sign>\.\.|==|!=|<=|>=|[-+*/<>=.,()\[\]])""",
        re.VERBOSE,
    )

    def choice(self) -> ast.expr:
        if self.accept("if") is None:
            return self.disjunction()
        test = self.truth(self.nested(self.choice))
        self.expect("then")
        then = self.nested(self.choice)
        self.expect("else")
        return ast.IfExp(test, then, self.nested(self.choice))

    def comparison(self) -> ast.expr:
        node = self.sum()
        if sign := self.accept("=", "==", "!="):
            return _equal(node, self.sum(), negated=sign == "!=")
        if sign := self.accept(*grammar.ORDERS):
            return self.order(node, sign, self.sum())
        if self.accept("between"):
            low = self.sum()
            self.expect("and")
            return self._ranged(node, low, self.sum(), "<=", "<=")
        if self.accept("in"):
            return self._among(node)
        return node

    def unary(self) -> ast.expr:
        return self.negative() if self.accept("-") else self.reached()

    def truth(self, node: ast.expr) -> ast.expr:
        if kind(node) == "truth":
            return node
        require(node, "any")
        return grammar.compared(node, ast.Constant(True))

    def denied(self, node: ast.expr) -> ast.expr:
        """Return `not(…)`: of what is neither true nor false FEEL says null, which is not taken."""
        if kind(node) == "truth":
            return grammar.opposite(node)
        require(node, "any")
        return grammar.compared(node, ast.Constant(False))

    def calculated(self, left: ast.expr, sign: str, right: ast.expr) -> ast.expr:
        for node in (left, right):
            require(node, *(("number", "any", "text") if sign == "+" else ("number", "any")))
            if isinstance(node, ast.Constant) and isinstance(node.value, float):
                raise Outside(str(node.value))
        require_alike(left, right)
        if sign == "*":
            left, right = grammar.asserted(left), grammar.asserted(right)
        return grammar.calculation(left, sign, right)

    def _among(self, node: ast.expr) -> ast.expr:
        """Read an interval or several literals behind `in`."""
        opening = self.accept("[", "(", "]")
        if opening is None:
            raise Outside(self.next.text)
        first = self.sum()
        if self.accept(".."):
            last, closing = self.sum(), self.accept("]", ")", "[")
            if closing is None:
                raise Outside(self.next.text)
            return self._ranged(node, first, last, "<=" if opening == "[" else "<", "<=" if closing == "]" else "<")
        choices = self._several(first, {"[": "]", "(": ")"}.get(opening, ""))
        if not all(isinstance(one, ast.Constant) for one in choices):
            raise Outside("a list of what only the data tell")
        for one in choices:
            require_alike(node, one)
        return grammar.within(node, ast.List(choices))

    def _ranged(self, node: ast.expr, low: ast.expr, high: ast.expr, above: str, below: str) -> ast.expr:
        first, second = self.order(low, above, node), self.order(node, below, high)
        require_alike(low, high)
        match first, second:
            case ast.Compare(ops=[more]), ast.Compare(ops=[less]):
                return ast.Compare(low, [more, less], [node, high])
        raise Outside("no interval")

    def _several(self, first: ast.expr, closing: str) -> list[ast.expr]:
        found = [first]
        while self.accept(","):
            found.append(self.sum())
        self.expect(closing)
        return found

    def part(self, node: ast.expr, key: ast.expr) -> ast.expr:
        # FEEL counts from 1, and from the end with a minus.
        match key:
            case ast.Constant(value=int(index)) if kind(key) == "number" and index != 0:
                return grammar.entry(node, index - 1 if index > 0 else index)
        raise Outside(ast.unparse(key))

    def primary(self) -> ast.expr:
        if self.accept("("):
            node = self.nested(self.choice)
            self.expect(")")
            return node
        if self.accept("["):
            return ast.List([] if self.accept("]") else self._several(self.nested(self.sum), "]"))
        if self.next.kind == "number":
            return self.number()
        token = self.take()
        if token.kind == "string":
            return ast.Constant(re.sub(r"\\.", lambda found: _ESCAPED[found.group()], token.text[1:-1]))
        if token.kind != "name" or token.text in _KEYWORDS:
            raise Outside(token.text)
        if token.text in _CONSTANTS:
            return ast.Constant(_CONSTANTS[token.text])
        return self._named(token.text)

    def _named(self, word: str) -> ast.expr:
        """Read a name or the call of a function, whose name may have several words."""
        words = [word]
        while self.next.kind == "name" and self.next.text not in _KEYWORDS:
            words.append(self.take().text)
        if self.accept("("):
            return self._called_with(" ".join(words), self._several(self.nested(self.choice), ")"))
        if len(words) > 1:
            raise Outside(" ".join(words))
        return self.name(word)

    def _called_with(self, function: str, given: list[ast.expr]) -> ast.expr:
        if function == "not" and len(given) == 1:
            return self.denied(given[0])
        if function in ("count", "string length") and len(given) == 1:
            require(given[0], "any")
            return self.length(given[0])
        build = _FUNCTIONS.get(function)
        if build is None or len(given) != 2:
            raise Outside(function)
        require(given[0], "any")
        return build(*given)


def _contains(node: ast.expr, part: ast.expr) -> ast.expr:
    require(part, "any", "text", "number")
    return grammar.within(part, node)


def _begins(node: ast.expr, part: ast.expr) -> ast.expr:
    require(part, "any", "text")
    return ast.Call(ast.Attribute(node, "startswith"), [part], [])


def _ends(node: ast.expr, part: ast.expr) -> ast.expr:
    require(part, "any", "text")
    return ast.Call(ast.Attribute(node, "endswith"), [part], [])


_FUNCTIONS: Final[dict[str, Callable[[ast.expr, ast.expr], ast.expr]]] = {
    "list contains": _contains,
    "contains": _contains,
    "starts with": _begins,
    "ends with": _ends,
}


def _equal(left: ast.expr, right: ast.expr, *, negated: bool) -> ast.expr:
    if "nothing" not in (kind(left), kind(right)):
        require_alike(left, right)
    return grammar.compared(left, right, negated=negated)

"""The subset of JUEL (UEL, `${…}`) that is understood: what Camunda 7, Flowable and Activiti write in conditions.

JUEL makes both sides of an equation alike first: `'3' == 3` and `'true' == true` hold. Answers of forms may come as
texts, so a literal is compared together with its twin. Two variables are compared as they are.
"""

import ast
import re
from typing import Final

from engine.bpmn import grammar
from engine.bpmn.grammar import Grammar, Outside, kind, require, require_alike

_RESERVED: Final = frozenset(
    {
        "and", "or", "not", "eq", "ne", "lt", "gt", "le", "ge", "div", "mod", "empty", "instanceof", "execution",
        "task", "caseExecution",
    }
)  # fmt: skip
_CONSTANTS: Final = {"true": True, "false": False, "null": None}
_ORDERS: Final = {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_EMPTY: Final = ast.Tuple([ast.Constant(None), ast.Constant(""), ast.List([]), ast.Dict([], [])])


class Juel(Grammar):
    """What stands between the braces."""

    pattern = re.compile(
        r"""\s+
        | (?P<number>[0-9]+(?:\.[0-9]+)?(?![\w.]))
        | (?P<name>[^\W\d]\w*)
        | (?P<string>"(?:[^"\\]|\\["'\\])*"|'(?:[^'\\]|\\["'\\])*')
        | (?P<sign>==|!=|<=|>=|&&|\|\||[-+*/<>!?:.,()\[\]])""",
        re.VERBOSE,
    )
    ors = ("||", "or")
    ands = ("&&", "and")
    times = ("*", "/", "div")

    def choice(self) -> ast.expr:
        test = self.disjunction()
        if self.accept("?") is None:
            return test
        then = self.nested(self.choice)
        self.expect(":")
        return ast.IfExp(self.truth(test), then, self.nested(self.choice))

    def comparison(self) -> ast.expr:
        node = self._relation()
        while sign := self.accept("==", "eq", "!=", "ne"):
            node = _equal(node, self._relation(), negated=sign in ("!=", "ne"))
        return node

    def _relation(self) -> ast.expr:
        node = self.sum()
        if sign := self.accept(*grammar.ORDERS, *_ORDERS):
            right = self.sum()
            for side in (node, right):
                # As a number where the other side is one, as a text where it is not: only the data tell.
                if isinstance(side, ast.Constant) and len(_twins(side.value)) > 1 and kind(side) == "text":
                    raise Outside(str(side.value))
            node = self.order(node, _ORDERS.get(sign, sign), right)
        return node

    def unary(self) -> ast.expr:
        if self.accept("-"):
            return self.negative()
        if self.accept("!", "not"):
            return grammar.opposite(self.truth(self.nested(self.unary)))
        if self.accept("empty"):
            node = self.nested(self.unary)
            require(node, "any")
            return grammar.within(node, _EMPTY)
        return self.reached()

    def truth(self, node: ast.expr) -> ast.expr:
        if kind(node) == "truth":
            return node
        require(node, "any")
        return _equal(node, ast.Constant(True))

    def calculated(self, left: ast.expr, sign: str, right: ast.expr) -> ast.expr:
        for node in (left, right):
            require(node, "number", "any")
        if sign == "*":
            left, right = grammar.asserted(left), grammar.asserted(right)
        elif sign == "+" and kind(right) == "any":
            left = grammar.asserted(left)
        return grammar.calculation(left, sign, right)

    def part(self, node: ast.expr, key: ast.expr) -> ast.expr:
        match key:
            case ast.Constant(value=str(name)):
                return grammar.field(node, name)
            case ast.Constant(value=int(index)) if kind(key) == "number" and index >= 0:
                return grammar.entry(node, index)
        raise Outside(ast.unparse(key))

    def member(self, node: ast.expr, name: str) -> ast.expr:
        return self._asked(node, name) if self.accept("(") else super().member(node, name)

    def primary(self) -> ast.expr:
        if self.accept("("):
            node = self.nested(self.choice)
            self.expect(")")
            return node
        if self.next.kind == "number":
            return self.number()
        token = self.take()
        if token.kind == "string":
            return ast.Constant(re.sub(r"\\(.)", r"\1", token.text[1:-1]))
        if token.kind != "name":
            raise Outside(token.text)
        if token.text in _CONSTANTS:
            return ast.Constant(_CONSTANTS[token.text])
        if token.text == "execution":
            return self._variable()
        if token.text in _RESERVED:
            raise Outside(token.text)
        return self.name(token.text)

    def name(self, text: str) -> ast.Name:
        # There a multi-instance counts its rounds from 0, a variable of the same name does not: nothing here tells.
        if text == "loopCounter":
            raise Outside(text)
        return super().name(text)

    def _variable(self) -> ast.expr:
        for text in (".", "getVariable", "("):
            self.expect(text)
        token = self.take()
        self.expect(")")
        if token.kind != "string":
            raise Outside(token.text)
        return self.name(token.text[1:-1])

    def _asked(self, node: ast.expr, method: str) -> ast.expr:
        """Read the arguments of a method and return what it answers; of texts and lists only what is in both."""
        given = []
        if self.accept(")") is None:
            given.append(self.nested(self.choice))
            self.expect(")")
        require(node, *(("any", "text") if method == "equals" else ("any",)))
        match method, given:
            case ("isEmpty", []):
                return grammar.compared(self.length(node), ast.Constant(0))
            case ("size" | "length", []):
                return self.length(node)
            case ("equals", [other]):
                # Java's equals tells an Integer from a Long, so numbers stay out.
                require(other, "any", "text", "truth")
                require_alike(node, other)
                return grammar.compared(node, other)
            case ("contains", [part]):
                require(part, "any", "text")
                return grammar.within(part, node)
            case ("startsWith" | "endsWith", [part]):
                require(part, "any", "text")
                return ast.Call(ast.Attribute(node, method.lower()), [part], [])
            case ("get", [key]):
                return self.part(node, key)
        raise Outside(method)


def _equal(left: ast.expr, right: ast.expr, *, negated: bool = False) -> ast.expr:
    if isinstance(left, ast.Constant):
        left, right = right, left
    if isinstance(right, ast.Constant) and kind(left) == "any":
        twins = [ast.Constant(value) for value in _twins(right.value)]
        if len(twins) > 1:
            return grammar.within(left, ast.Tuple(list(twins)), negated=negated)
    elif {kind(left), kind(right)} == {"number", "any"}:
        left, right = grammar.asserted(left), grammar.asserted(right)
    elif kind(left) != kind(right):
        raise Outside(f"{ast.unparse(left)} == {ast.unparse(right)}")
    return grammar.compared(left, right, negated=negated)


def _twins(value: object) -> tuple[bool | int | float | str | None, ...]:
    """Return a literal and, where there is one, the text that says the same or the value that a text says."""
    match value:
        case bool():
            return value, str(value).lower()
        case int() | float():
            return value, str(value)
        case str() if value.lower() in ("true", "false"):
            return value.lower() == "true", value
        case str() if _NUMBER.fullmatch(value):
            return (float(value) if "." in value else int(value)), value
        case str() | None:
            return (value,)
    raise Outside(str(value))

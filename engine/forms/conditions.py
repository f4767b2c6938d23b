"""Conditions on fields: a small part of FEEL, compiled once, evaluated without any interpreter.

    condition  = "=" either
    either     = both { "or" both }
    both       = one { "and" one }
    one        = "not(" either ")" | "(" either ")" | field | comparison
    comparison = operand ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) operand | operand "in" "[" literal { "," literal } "]"
    operand    = field | literal
    literal    = "text" | 12.5 | true | false | null

As in FEEL, null equals only null, and an order between different kinds of values is false.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

MAX_LENGTH: Final = 500
MAX_DEPTH: Final = 10

Value = str | Decimal | bool | None

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\["\\nt])*")|(?P<number>-?[0-9]+(?:\.[0-9]+)?)(?![0-9A-Za-z_.])"""
    r"""|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<sign><=|>=|!=|=|<|>|\(|\)|\[|\]|,))"""
)
_ORDERS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_ESCAPES: Final = {'\\"': '"', "\\\\": "\\", "\\n": "\n", "\\t": "\t"}
_CONSTANTS: Final[dict[str, Value]] = {"true": True, "false": False, "null": None}
_WORDS: Final = frozenset({"and", "or", "not", "in", *_CONSTANTS})


class BadCondition(ValueError):
    """The condition is outside of the subset; the text says what and where."""


@dataclass(frozen=True)
class Literal:
    """A value written in the condition."""

    value: Value


@dataclass(frozen=True)
class Name:
    """A field of the form."""

    key: str


@dataclass(frozen=True)
class Comparison:
    """Two operands and the sign between them; `in` has its literals in `among`."""

    left: Literal | Name
    sign: str
    right: Literal | Name
    among: tuple[Literal, ...] = ()


@dataclass(frozen=True)
class Junction:
    """`and`, `or` or `not` over parts."""

    word: str
    parts: tuple["Node", ...]


Node = Comparison | Junction | Name


@dataclass(frozen=True)
class Condition:
    """A compiled condition; `names` are the fields it reads, `compared` which literals each of them meets."""

    source: str
    node: Node
    names: tuple[str, ...]
    compared: tuple[tuple[str, Value], ...] = field(default=())

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Evaluate over cleaned values; a field that is not there is null."""
        return _holds(self.node, values)


def compile_condition(source: str) -> Condition:
    """Compile `=decision = "refuse"`, or raise BadCondition."""
    if not source.startswith("="):
        raise BadCondition('a condition begins with "="')
    if len(source) > MAX_LENGTH:
        raise BadCondition(f"longer than {MAX_LENGTH} characters")
    reader = _Reader(source)
    node = reader.either()
    reader.expect("", "the end")
    return Condition(source, node, tuple(dict.fromkeys(reader.names)), tuple(_compared(node)))


def negated(node: Node) -> Node:
    """Turn the condition round, pushing `not` down as far as it goes."""
    opposite = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "in": "not in", "not in": "in"}
    if isinstance(node, Comparison):
        return Comparison(node.left, opposite[node.sign], node.right, node.among)
    if isinstance(node, Junction) and node.word == "not":
        return node.parts[0]
    if isinstance(node, Junction):
        return Junction("or" if node.word == "and" else "and", tuple(negated(part) for part in node.parts))
    return Comparison(node, "!=", Literal(True))


class _Reader:
    def __init__(self, source: str) -> None:
        self.names: list[str] = []
        self.tokens = _tokens(source)
        self.at = 0
        self.depth = 0

    def either(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise BadCondition("parentheses nested too deeply")
        node = self._joined("or", lambda: self._joined("and", self._one))
        self.depth -= 1
        return node

    def expect(self, token: str, name: str = "") -> None:
        if self._peek() != token:
            raise BadCondition(f"expected {name or token!r} instead of {self._peek() or 'the end'!r}")
        self.at += 1

    def _joined(self, word: str, part: Callable[[], Node]) -> Node:
        parts = [part()]
        while self._peek() == word:
            self.at += 1
            parts.append(part())
        return parts[0] if len(parts) == 1 else Junction(word, tuple(parts))

    def _one(self) -> Node:
        if self._peek() == "not":
            self.at += 1
            self.expect("(")
            node: Node = Junction("not", (self.either(),))
            self.expect(")")
            return node
        if self._peek() == "(":
            self.at += 1
            node = self.either()
            self.expect(")")
            return node
        return self._comparison()

    def _comparison(self) -> Node:
        left = self._operand()
        sign = self._peek()
        if sign == "in":
            self.at += 1
            return Comparison(left, "in", Literal(None), self._list())
        if sign in ("=", "!=", "<", "<=", ">", ">="):
            self.at += 1
            return Comparison(left, sign, self._operand())
        if isinstance(left, Name):
            return left
        raise BadCondition("a bare literal is not a condition")

    def _list(self) -> tuple[Literal, ...]:
        closing = {"[": "]", "(": ")"}.get(self._peek())
        if closing is None:
            raise BadCondition('"in" wants a list: in ["a", "b"]')
        self.at += 1
        members = [self._literal()]
        while self._peek() == ",":
            self.at += 1
            members.append(self._literal())
        self.expect(closing)
        return tuple(members)

    def _literal(self) -> Literal:
        operand = self._operand()
        if isinstance(operand, Name):
            raise BadCondition("only literals stand in a list")
        return operand

    def _operand(self) -> Literal | Name:
        token = self._peek()
        self.at += 1
        if token.startswith('"'):
            return Literal(re.sub(r"\\.", lambda found: _ESCAPES[found[0]], token[1:-1]))
        if token in _CONSTANTS:
            return Literal(_CONSTANTS[token])
        if token and (token[0].isdigit() or token[0] == "-"):
            return Literal(Decimal(token))
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", token) or token in _WORDS:
            raise BadCondition(f"expected a field or a literal instead of {token or 'the end'!r}")
        self.names.append(token)
        return Name(token)

    def _peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""


def _tokens(source: str) -> list[str]:
    tokens, place, end = [], 1, len(source.rstrip())
    while place < end:
        match = _TOKEN.match(source, place)
        if match is None:
            raise BadCondition(f"cannot read {source[place:end].strip()[:20]!r}")
        tokens.append(match[0].strip())
        place = match.end()
    return tokens


def _holds(node: Node, values: Mapping[str, Any]) -> bool:
    if isinstance(node, Name):
        return values.get(node.key) is True
    if isinstance(node, Comparison):
        return _compare(node, values)
    parts = (_holds(part, values) for part in node.parts)
    if node.word == "not":
        return not next(parts)
    return all(parts) if node.word == "and" else any(parts)


def _compare(node: Comparison, values: Mapping[str, Any]) -> bool:
    left = _value(node.left, values)
    if node.sign in ("in", "not in"):
        return any(_equal(left, member.value) for member in node.among) is (node.sign == "in")
    right = _value(node.right, values)
    if node.sign in ("=", "!="):
        return _equal(left, right) is (node.sign == "=")
    return _ordered(left, node.sign, right)


def _ordered(left: Value, sign: str, right: Value) -> bool:
    compare = _ORDERS[sign]
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return compare(left, right)
    return compare(left, right) if isinstance(left, str) and isinstance(right, str) else False


def _equal(left: Value, right: Value) -> bool:
    return type(left) is type(right) and left == right


def _value(operand: Literal | Name, values: Mapping[str, Any]) -> Value:
    if isinstance(operand, Literal):
        return operand.value
    found = values.get(operand.key)
    if isinstance(found, bool) or found is None or isinstance(found, str):
        return found
    return Decimal(str(found)) if isinstance(found, int | float | Decimal) else None


def _compared(node: Node) -> list[tuple[str, Value]]:
    if isinstance(node, Name):
        return []
    if isinstance(node, Junction):
        return [pair for part in node.parts for pair in _compared(part)]
    operands = (node.left, node.right, *node.among)
    names = [operand.key for operand in operands if isinstance(operand, Name)]
    literals = [operand.value for operand in operands if isinstance(operand, Literal)]
    return [(name, literal) for name in names for literal in literals if literal is not None]

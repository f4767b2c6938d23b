"""What the languages of other tools share: tokens, precedence, and the Python expression that means the same.

A grammar accepts a closed subset and builds a Python tree from it; what it does not know is `Outside`. Nothing of the
foreign text is carried over but names, numbers and strings, so nothing of it can be evaluated raw.
"""

import ast
import keyword
import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar, Final, NamedTuple

MAX_TOKENS: Final = 160
MAX_DEPTH: Final = 16
_LARGEST: Final = 2**63
# What a repetition counts, by the standard's names and by those of other engines.
_COUNTS: Final = frozenset(
    {
        "loopCounter", "nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances", "numberOfInstances",
        "numberOfActiveInstances", "numberOfCompletedInstances",
    }
)  # fmt: skip

Rule = Callable[[], ast.expr]
ORDERS: Final[dict[str, ast.cmpop]] = {"<": ast.Lt(), "<=": ast.LtE(), ">": ast.Gt(), ">=": ast.GtE()}
_CALCULATIONS: Final[dict[str, ast.operator]] = {"+": ast.Add(), "-": ast.Sub(), "*": ast.Mult(), "/": ast.Div()}


class Outside(Exception):
    """The expression leaves what is understood for certain."""


class Token(NamedTuple):
    """One word of an expression: kind is name, number, string, sign or end."""

    kind: str
    text: str


class Grammar(ABC):
    """Reads one expression from the weakest operator down to the names; a language fills in its own words."""

    pattern: ClassVar[re.Pattern[str]]
    ors: ClassVar[tuple[str, ...]] = ("or",)
    ands: ClassVar[tuple[str, ...]] = ("and",)
    times: ClassVar[tuple[str, ...]] = ("*", "/")

    def __init__(self, text: str) -> None:
        self._tokens = _scanned(self.pattern, text)
        self._at = 0
        self._depth = 0
        self._names: set[str] = set()
        self._called: set[str] = set()

    def read(self, *, truth: bool) -> str:
        """Return the Python text; with `truth`, of an expression that is True or False."""
        node = self.choice()
        if self.next.kind != "end":
            raise Outside(self.next.text)
        if self._names & self._called:
            raise Outside("a name hides a function")
        return ast.unparse(self.truth(node) if truth else node)

    @property
    def next(self) -> Token:
        return self._tokens[self._at]

    def take(self) -> Token:
        token = self.next
        self._at += 1
        return token

    def accept(self, *texts: str) -> str | None:
        if self.next.kind in ("name", "sign") and self.next.text in texts:
            return self.take().text
        return None

    def expect(self, text: str) -> None:
        if self.accept(text) is None:
            raise Outside(self.next.text)

    def nested(self, rule: Rule) -> ast.expr:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Outside("too deep")
        node = rule()
        self._depth -= 1
        return node

    def name(self, text: str) -> ast.Name:
        if not text.isidentifier() or keyword.iskeyword(text):
            raise Outside(text)
        self._names.add(text)
        return ast.Name(text)

    def length(self, node: ast.expr) -> ast.expr:
        self._called.add("len")
        return ast.Call(ast.Name("len"), [node], [])

    @abstractmethod
    def choice(self) -> ast.expr:
        """Read a whole expression."""

    @abstractmethod
    def comparison(self) -> ast.expr:
        """Read what `and` joins."""

    @abstractmethod
    def unary(self) -> ast.expr:
        """Read what is calculated with."""

    @abstractmethod
    def truth(self, node: ast.expr) -> ast.expr:
        """Return an expression that is True where the language takes `node` for true, and False elsewhere."""

    @abstractmethod
    def calculated(self, left: ast.expr, sign: str, right: ast.expr) -> ast.expr:
        """Return a sum, difference, product or quotient."""

    @abstractmethod
    def primary(self) -> ast.expr:
        """Read a literal, a name, a call, or what stands in parentheses."""

    @abstractmethod
    def part(self, node: ast.expr, key: ast.expr) -> ast.expr:
        """Return the part of a value that stands in brackets behind it."""

    def member(self, node: ast.expr, name: str) -> ast.expr:
        """Return what stands behind a full stop."""
        return field(node, name)

    def reached(self) -> ast.expr:
        """Read a value and the way down to one of its parts."""
        node = self.primary()
        while sign := self.accept(".", "["):
            if sign == "[":
                node = self.part(node, self.nested(self.choice))
                self.expect("]")
                continue
            name = self.take()
            if name.kind != "name":
                raise Outside(name.text)
            node = self.member(node, name.text)
        return node

    def disjunction(self) -> ast.expr:
        return self._joined(self.ors, self.conjunction, ast.Or())

    def conjunction(self) -> ast.expr:
        return self._joined(self.ands, self.comparison, ast.And())

    def _joined(self, words: tuple[str, ...], below: Rule, op: ast.boolop) -> ast.expr:
        node = below()
        if self.next.text not in words:
            return node
        values = [self.truth(node)]
        while self.accept(*words):
            values.append(self.truth(below()))
        return ast.BoolOp(op, values)

    def sum(self) -> ast.expr:
        node = self._product()
        while sign := self.accept("+", "-"):
            node = self.calculated(node, sign, self._product())
        return node

    def _product(self) -> ast.expr:
        node = self.unary()
        while sign := self.accept(*self.times):
            node = self.calculated(node, "*" if sign == "*" else "/", self.unary())
        return node

    def negative(self) -> ast.expr:
        """Read what stands behind a minus."""
        node = self.nested(self.unary)
        if isinstance(node, ast.Constant) and kind(node) == "number":
            return ast.Constant(-node.value)  # type: ignore[operator]
        require(node, "number", "any")
        return ast.UnaryOp(ast.USub(), node)

    def order(self, left: ast.expr, sign: str, right: ast.expr) -> ast.expr:
        for node in (left, right):
            require(node, "number", "text", "any")
        require_alike(left, right)
        return ast.Compare(left, [ORDERS[sign]], [right])

    def number(self) -> ast.expr:
        text = self.take().text
        value = float(text) if "." in text else int(text)
        if abs(value) >= _LARGEST:
            raise Outside(text)
        return ast.Constant(value)


def _scanned(pattern: re.Pattern[str], text: str) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        found = pattern.match(text, at)
        if found is None or len(tokens) == MAX_TOKENS:
            raise Outside(text[at:])
        if found.lastgroup is not None:
            tokens.append(Token(found.lastgroup, found.group()))
        at = found.end()
    return [*tokens, Token("end", "")]


def kind(node: ast.expr) -> str:
    """Return what a value can only be: truth, number, text, nothing or list; `any` where only the data tell."""
    match node:
        case ast.Constant(value=bool()) | ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
            return "truth"
        case ast.Constant(value=None):
            return "nothing"
        case ast.Constant(value=str()):
            return "text"
        case ast.Constant() | ast.UnaryOp():
            return "number"
        case ast.BinOp(op=ast.Add()):
            return next((one for one in (kind(node.left), kind(node.right)) if one != "any"), "any")
        case ast.BinOp() | ast.Call(func=ast.Name(id="len")):
            return "number"
        case ast.Call(func=ast.Attribute(attr="startswith" | "endswith")):
            return "truth"
        case ast.Name() if node.id in _COUNTS:
            return "number"
        case ast.List():
            return "list"
        case ast.IfExp() if kind(node.body) == kind(node.orelse):
            return kind(node.body)
    return "any"


def require(node: ast.expr, *kinds: str) -> None:
    """Raise Outside unless a value can be of one of the kinds."""
    if kind(node) not in kinds:
        raise Outside(ast.unparse(node))


def require_alike(left: ast.expr, right: ast.expr) -> None:
    """Raise Outside where two values are of different kinds, whatever the data."""
    if "any" not in (kind(left), kind(right)) and kind(left) != kind(right):
        raise Outside(f"{ast.unparse(left)} and {ast.unparse(right)}")


def compared(left: ast.expr, right: ast.expr, *, negated: bool = False) -> ast.expr:
    """Return that two values are equal, or not."""
    return ast.Compare(left, [ast.NotEq() if negated else ast.Eq()], [right])


def within(node: ast.expr, choices: ast.expr, *, negated: bool = False) -> ast.expr:
    """Return that a value is one of several, or not."""
    return ast.Compare(node, [ast.NotIn() if negated else ast.In()], [choices])


def opposite(node: ast.expr) -> ast.expr:
    """Return the opposite of a truth."""
    match node:
        case ast.Compare(left=left, ops=[ast.In()], comparators=[choices]):
            return within(left, choices, negated=True)
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            return compared(left, right, negated=True)
    return ast.UnaryOp(ast.Not(), node)


def field(node: ast.expr, key: str) -> ast.expr:
    """Return the field of a record; a field that is missing is null, in ours as elsewhere."""
    require(node, "any")
    return ast.Call(ast.Attribute(node, "get"), [ast.Constant(key)], [])


def entry(node: ast.expr, index: int) -> ast.expr:
    """Return one entry of a list."""
    require(node, "any")
    return ast.Subscript(node, ast.Constant(index))


def asserted(node: ast.expr) -> ast.expr:
    """Return the same number, or a failure where the data are no number: `*` and `+` of Python take texts too."""
    return ast.UnaryOp(ast.UAdd(), node) if kind(node) == "any" else node


def calculation(left: ast.expr, sign: str, right: ast.expr) -> ast.expr:
    return ast.BinOp(left, _CALCULATIONS[sign], right)

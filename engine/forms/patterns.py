"""Patterns of text fields: a small regular language matched in linear time, since designers are not trusted with `re`.

The subset: characters, `.`, `\\d \\w \\s` (ASCII) and their capitals, escaped signs, `[a-z0-9]` and `[^…]`, groups
`( )` and `(?: )`, `|`, the quantifiers `? * + {m} {m,} {m,n}` up to 100, `^` at the start and `$` at the end. As in
form-js a pattern without `^` or `$` may match anywhere. Not there: look-around, backreferences, flags, lazy or
possessive quantifiers, and an unbounded repetition inside another, catastrophic in other engines reading the same file.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

MAX_LENGTH: Final = 200
MAX_REPEAT: Final = 100
MAX_STATES: Final = 500

Test = Callable[[str], bool]

_CLASSES: Final[dict[str, Test]] = {
    "d": lambda character: character in "0123456789",
    "w": lambda character: character == "_" or (character.isascii() and character.isalnum()),
    "s": str.isspace,
}
_SIGNS: Final = set("\\^$.|?*+()[]{}/-,:;'\"@#%&!<>=_~ ")
_CONTROLS: Final = {"t": "\t", "n": "\n"}


class BadPattern(ValueError):
    """The pattern is outside of the subset; the text says what and where."""


@dataclass
class _State:
    test: Test | None = None  # None: go on to every state of `then` without reading
    then: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class _Piece:
    first: int
    last: int
    unbounded: bool = False


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern; `source` is kept for the browser and for messages."""

    source: str
    states: tuple[_State, ...]
    start: int
    end: int

    def matches(self, text: str) -> bool:
        """Tell whether the text fits, in time proportional to its length."""
        now = self._closure({self.start})
        for character in text:
            if not now:
                return False
            now = self._closure({then for state in now for then in self._next(state, character)})
        return self.end in now

    def _next(self, state: int, character: str) -> list[int]:
        test = self.states[state].test
        return self.states[state].then if test is not None and test(character) else []

    def _closure(self, seeds: set[int]) -> set[int]:
        reached, waiting = set(seeds), list(seeds)
        while waiting:
            state = self.states[waiting.pop()]
            fresh = [then for then in state.then if then not in reached] if state.test is None else []
            reached.update(fresh)
            waiting.extend(fresh)
        return reached


def compile_pattern(source: str) -> Pattern:
    """Compile the pattern, or raise BadPattern."""
    if len(source) > MAX_LENGTH:
        raise BadPattern(f"longer than {MAX_LENGTH} characters")
    return _Reader(source).pattern()


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.anchored = source.startswith("^")
        self.ended = source.endswith("$") and (len(source) - len(source[:-1].rstrip("\\"))) % 2 == 1
        self.at = 1 if self.anchored else 0
        self.stop = len(source) - 1 if self.ended else len(source)
        self.states: list[_State] = []
        self.depth = 0

    def pattern(self) -> Pattern:
        if "|" in self.source and (self.anchored or self.ended) and self._alternatives_at_top():
            raise BadPattern("put the alternatives in a group: ^(a|b)$")
        body = self._alternatives()
        if self.at < self.stop:
            raise BadPattern(f"unexpected {self._peek()!r} at {self.at}")
        start, end = self._add(None), self._add(None)
        before = start if self.anchored else self._anything(start)
        self._join(before, body.first)
        self._join(body.last, end)
        if not self.ended:
            self._join(self._anything(end), end)
        return Pattern(self.source, tuple(self.states), start, end)

    def _alternatives_at_top(self) -> bool:
        depth, escaped, bracket = 0, False, False
        for character in self.source:
            if escaped or character == "\\":
                escaped = not escaped
            elif bracket or character == "[":
                bracket = character != "]"
            elif character in "()":
                depth += 1 if character == "(" else -1
            elif character == "|" and depth == 0:
                return True
        return False

    def _anything(self, place: int) -> int:
        self._join(place, self._add(lambda character: True, then=[place]))
        return place

    def _alternatives(self) -> _Piece:
        pieces = [self._sequence()]
        while self._peek() == "|":
            self.at += 1
            pieces.append(self._sequence())
        if len(pieces) == 1:
            return pieces[0]
        first, last = self._add(None), self._add(None)
        for piece in pieces:
            self._join(first, piece.first)
            self._join(piece.last, last)
        return _Piece(first, last, any(piece.unbounded for piece in pieces))

    def _sequence(self) -> _Piece:
        first = last = self._add(None)
        unbounded = False
        while self._peek() not in ("", "|", ")"):
            piece = self._repeated()
            self._join(last, piece.first)
            last, unbounded = piece.last, unbounded or piece.unbounded
        return _Piece(first, last, unbounded)

    def _repeated(self) -> _Piece:
        begin = self.at
        piece = self._atom()
        after_atom = self.at
        low, high = self._quantifier()
        if self.at == after_atom:
            return piece
        if self._peek() in ("?", "*", "+", "{"):
            raise BadPattern(f"a second quantifier at {self.at}")
        if high is None and piece.unbounded:
            raise BadPattern(f"an unbounded repetition inside another at {begin}")
        after, copies = self.at, [piece]
        for _ in range(max(low, high or 1, 1) - 1):
            self.at = begin
            copies.append(self._atom())
        self.at = after
        return self._chain(copies, low, high)

    def _chain(self, copies: list[_Piece], low: int, high: int | None) -> _Piece:
        first, last = self._add(None), self._add(None)
        place = first
        for number, copy in enumerate(copies):
            if number >= low:
                self._join(place, last)
            self._join(place, copy.first)
            place = copy.last
        if high != 0:
            self._join(place, last)
        if high is None:
            self._join(copies[-1].last, copies[-1].first)
        return _Piece(first, last, high is None or any(copy.unbounded for copy in copies))

    def _quantifier(self) -> tuple[int, int | None]:
        sign = self._peek()
        if sign in ("?", "*", "+"):
            self.at += 1
            return {"?": (0, 1), "*": (0, None), "+": (1, None)}[sign]
        if sign != "{":
            return 1, 1
        closing = self.source.find("}", self.at, self.stop)
        low, comma, high = self.source[self.at + 1 : max(closing, self.at + 1)].partition(",")
        if closing < 0 or not low.isdecimal() or not (high.isdecimal() or not high):
            raise BadPattern(f"a broken {{m,n}} at {self.at}")
        least = int(low)
        most = int(high) if high else None if comma else least
        if least > MAX_REPEAT or (most is not None and not least <= most <= MAX_REPEAT):
            raise BadPattern(f"{{m,n}} goes from 0 to {MAX_REPEAT} at {self.at}")
        self.at = closing + 1
        return least, most

    def _atom(self) -> _Piece:
        character = self._take()
        if character == "(":
            return self._group()
        if character == "[":
            return self._one(self._bracket())
        if character == ".":
            return self._one(lambda read: read != "\n")
        if character == "\\":
            return self._one(self._escaped())
        if character in "?*+{}^$)]":
            raise BadPattern(f"unexpected {character!r} at {self.at - 1}")
        return self._one(character.__eq__)

    def _group(self) -> _Piece:
        if self._peek() == "?":
            if self.source[self.at : self.at + 2] != "?:":
                raise BadPattern(f"look-around, names and flags are not supported, at {self.at}")
            self.at += 2
        self.depth += 1
        if self.depth > 10:
            raise BadPattern("groups nested too deeply")
        piece = self._alternatives()
        if self._take() != ")":
            raise BadPattern("a group is not closed")
        self.depth -= 1
        return piece

    def _escaped(self) -> Test:
        character = self._take()
        if character.lower() in _CLASSES:
            test = _CLASSES[character.lower()]
            return test if character.islower() else lambda read: not test(read)
        return self._sign(character).__eq__

    def _sign(self, character: str) -> str:
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character not in _SIGNS:
            raise BadPattern(f"\\{character} is not supported, at {self.at - 1}")
        return character

    def _bracket(self) -> Test:
        negated = self._peek() == "^"
        self.at += negated
        tests: list[Test] = []
        while (character := self._take()) != "]":
            tests.append(self._member(character))
        if not tests:
            raise BadPattern("an empty [ ]")
        return lambda read: any(test(read) for test in tests) != negated

    def _member(self, character: str) -> Test:
        if character == "\\" and self._peek().lower() in _CLASSES:
            test = self._escaped()
            if self._peek() == "-" and self.source[self.at + 1 : self.at + 2] != "]":
                raise BadPattern(f"a range that begins with a class at {self.at}")
            return test
        low = self._sign(self._take()) if character == "\\" else character
        if self._peek() != "-" or self.source[self.at + 1 : self.at + 2] == "]":
            return low.__eq__
        self.at += 1
        high = self._take()
        high = self._sign(self._take()) if high == "\\" else high
        if high < low:
            raise BadPattern(f"a range the wrong way round at {self.at}")
        return lambda read: low <= read <= high

    def _one(self, test: Test) -> _Piece:
        last = self._add(None)
        return _Piece(self._add(test, then=[last]), last)

    def _add(self, test: Test | None, *, then: list[int] | None = None) -> int:
        if len(self.states) >= MAX_STATES:
            raise BadPattern("too large once its repetitions are written out")
        self.states.append(_State(test, then or []))
        return len(self.states) - 1

    def _join(self, place: int, to: int) -> None:
        self.states[place].then.append(to)

    def _peek(self) -> str:
        return self.source[self.at] if self.at < self.stop else ""

    def _take(self) -> str:
        character = self._peek()
        if not character:
            raise BadPattern("it ends too early")
        self.at += 1
        return character

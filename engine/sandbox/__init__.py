"""The one place where expressions and scripts of diagrams are evaluated: Monty, a Python subset in worker processes."""

from engine.sandbox.box import Box, evaluate, execute
from engine.sandbox.failures import ScriptFailed
from engine.sandbox.names import MAX_EXPRESSION, Names, names_in, names_of, unknown_names
from engine.sandbox.pool import close
from engine.sandbox.values import NotPlain, plain

__all__ = [
    "MAX_EXPRESSION",
    "Box",
    "Names",
    "NotPlain",
    "ScriptFailed",
    "close",
    "evaluate",
    "execute",
    "names_in",
    "names_of",
    "plain",
    "unknown_names",
]

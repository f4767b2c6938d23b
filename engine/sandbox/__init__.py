"""The one place where expressions and scripts of diagrams are evaluated: Monty, a Python subset in worker processes."""

from engine.sandbox.box import Box, evaluate, execute
from engine.sandbox.failures import ScriptFailed
from engine.sandbox.names import MAX_EXPRESSION, assigned_by, names_of, unknown_names
from engine.sandbox.pool import close
from engine.sandbox.values import NotPlain, plain

__all__ = [
    "MAX_EXPRESSION",
    "Box",
    "NotPlain",
    "ScriptFailed",
    "assigned_by",
    "close",
    "evaluate",
    "execute",
    "names_of",
    "plain",
    "unknown_names",
]

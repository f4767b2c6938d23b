"""The audit log: what was done is recorded beside the act, and is a leaf of a tree that outsiders can check."""

from engine.audit.canonical_form import canonical, leaf_of, plain
from engine.audit.facts import Fact
from engine.audit.recording import appended, extend, flush, forget_since, mark, record, try_to_write
from engine.audit.verification import Held, Verification, verify

__all__ = [
    "Fact",
    "Held",
    "Verification",
    "appended",
    "canonical",
    "extend",
    "flush",
    "forget_since",
    "leaf_of",
    "mark",
    "plain",
    "record",
    "try_to_write",
    "verify",
]

"""The ways a command is refused, and the ways the product itself can fail."""

from typing import Any, TypeVar

T = TypeVar("T")


class Rejected(Exception):
    """The command was refused and nothing changed; `reason` is a code with a sentence in `webapp/text/refusals`."""

    status = 400

    def __init__(self, reason: str, *, subject: object = None, **facts: Any) -> None:
        super().__init__(reason, facts) if facts else super().__init__(reason)
        self.reason = reason
        self.subject = subject
        self.facts = facts


class NotFound(Rejected):
    """Not there, or not visible to the actor: the same answer on purpose."""

    status = 404


def existing(found: T | None) -> T:
    """Return what was looked for, or refuse with NotFound where a query found nothing."""
    if found is None:
        raise NotFound("not_found")
    return found


class NotAllowed(Rejected):
    """Visible, but not the actor's to do."""

    status = 403


class Invalid(Rejected):
    """What was typed is wrong: `fields` maps a field path to its message in the reader's language."""

    status = 422

    def __init__(self, fields: dict[str, str], *, reason: str = "invalid", **facts: Any) -> None:
        super().__init__(reason, **facts)
        self.fields = fields
        self.args = (reason, fields)


class WrongState(Rejected):
    """The subject is no longer in a state that allows this; facts say who changed it and when."""

    status = 409


class Conflict(Rejected):
    """Somebody changed it first: a version or a unique index decided."""

    status = 409


class ProcessStuck(Exception):
    """The process cannot go on here; `instances.move` turns it into an incident and keeps people's input."""

    def __init__(self, message: str, *, element: str | None = None) -> None:
        super().__init__(message)
        self.element = element
        self.message = message


class AuditBroken(Exception):
    """Verification found an entry that does not fit the chain."""

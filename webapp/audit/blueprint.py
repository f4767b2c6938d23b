"""The blueprint of the audit log, and who may read all of it."""

from flask import Blueprint, request

from models.errors import NotAllowed
from models.permissions import Actor, Permission, may
from webapp.auth import current_actor

blueprint = Blueprint("audit", __name__)


def reads_all() -> bool:
    """Tell whether the actor may read the whole log."""
    return may(current_actor(), Permission.AUDIT_READ)


def require_reader() -> Actor:
    """Return the actor if it may read the whole log, and refuse it otherwise."""
    if not reads_all():
        raise NotAllowed("may_not_read_audit")
    return current_actor()


def typed_seq() -> int:
    """Return the number of an entry that stands in the form, 0 where there is none."""
    typed = request.form.get("seq", "").strip()
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 16 else 0

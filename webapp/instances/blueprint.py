"""The blueprint of instances, the one way to fetch an instance, and what every form of an operator carries."""

from typing import Any

from flask import Blueprint, request
from sqlalchemy.orm import Session

from models.errors import NotAllowed, existing
from models.instances import Instance
from models.permissions import Permission, may
from webapp.auth import current_actor
from webapp.instances import queries

blueprint = Blueprint("instances", __name__)


def fetch(session: Session, id: str) -> Instance:
    """Fetch one instance the actor may see, with its definition, or NotFound."""
    return existing(session.scalars(queries.whole(current_actor(), id)).unique().one_or_none())


def operates() -> bool:
    """Tell whether the actor may operate processes."""
    return may(current_actor(), Permission.INSTANCE_OPERATE)


def require_operator() -> None:
    """Refuse who may not operate processes, before anything of a form is read."""
    if not operates():
        raise NotAllowed("may_not_operate")


def given() -> dict[str, Any]:
    """Return who acts, why, and the version of the instance the page showed."""
    version = request.form.get("version", "")
    seen = int(version) if version.isdecimal() and len(version) < 10 else None
    return {"actor": current_actor(), "reason": request.form.get("reason", "").strip(), "version": seen}

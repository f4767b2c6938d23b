"""The blueprint of designs, the one way to fetch one, and what the editor says in JSON."""

from typing import Any

from flask import Blueprint, request
from sqlalchemy.orm import Session

from models.designs import Design
from models.errors import Invalid, existing
from webapp.auth import current_actor

blueprint = Blueprint("designs", __name__)


def fetch(session: Session, design_id: str) -> Design:
    """Fetch a design the actor may see, or NotFound."""
    return existing(session.scalar(Design.visible_to(current_actor()).where(Design.id == design_id)))


def said(**kinds: type) -> dict[str, Any]:
    """Return what the editor sent as JSON; Invalid where a named part is missing or of another kind.

    What may be left out is asked for by `.get` and has no kind here.
    """
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Invalid({"body": "required"})
    wrong = {name: "required" for name, kind in kinds.items() if type(body.get(name)) is not kind}
    if wrong:
        raise Invalid(wrong)
    return body


def bytes_of(texts: Any) -> dict[str, bytes]:
    """Return the unsaved files the editor sent; what is no text cannot be part of a file."""
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        raise Invalid({"files": "required"})
    return {str(name): text.encode("utf-8", "replace") for name, text in texts.items()}

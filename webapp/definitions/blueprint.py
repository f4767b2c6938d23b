"""The blueprint of definitions, and the one way to fetch a version."""

from flask import Blueprint
from sqlalchemy.orm import Session

from models.definitions import Definition
from models.errors import existing

blueprint = Blueprint("definitions", __name__)


def fetch(session: Session, definition_id: str) -> Definition:
    """Fetch one version, or NotFound."""
    return existing(session.get(Definition, definition_id))

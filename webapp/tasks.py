"""The inbox and the page of one task."""

from flask import Blueprint

from webapp.transaction import reading

blueprint = Blueprint("tasks", __name__)


@blueprint.get("/tasks")
def index() -> str:
    """Show the inbox."""
    with reading():
        return ""

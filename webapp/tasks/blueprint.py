"""The blueprint of tasks, and the one way to fetch a task."""

from typing import Any

from flask import Blueprint
from sqlalchemy.orm import Session, joinedload

from models.errors import NotFound
from models.permissions import Actor
from models.tasks import Task

blueprint = Blueprint("tasks", __name__)


def fetch(session: Session, actor: Actor, id: str) -> Task:
    """Fetch one task the actor may see, with its instance, or NotFound."""
    query: Any = Task.visible_to(actor).where(Task.id == id).options(joinedload(Task.instance))
    found: Task | None = session.scalar(query)
    if found is None:
        raise NotFound("not_found")
    return found

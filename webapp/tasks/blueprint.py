"""The blueprint of tasks, and the one way to fetch a task."""

from functools import lru_cache
from typing import Any

from flask import Blueprint
from sqlalchemy import bindparam
from sqlalchemy.orm import Session, joinedload

from models.errors import existing
from models.permissions import Actor
from models.tasks import Task

blueprint = Blueprint("tasks", __name__)


def fetch(session: Session, actor: Actor, id: str) -> Task:
    """Fetch one task the actor may see, with its instance, or NotFound."""
    found: Task | None = session.scalar(_one_of(actor), {"id": id})
    return existing(found)


@lru_cache(maxsize=1000)
def _one_of(actor: Actor) -> Any:
    # Kept for each who asks: making this statement costs more than running it.
    return Task.visible_to(actor).where(Task.id == bindparam("id")).options(joinedload(Task.instance))

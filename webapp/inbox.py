"""The lists of tasks."""

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.organizations import Post
from models.tasks import Task
from models.users import Person

MOST_COUNTED = 1000


class OpenWork(NamedTuple):
    """How much waits for one post, and how much of it is late."""

    count: int
    late: int


def open_work_of(session: Session, person: Person, posts: list[Post]) -> dict[str, OpenWork]:
    """Count what waits for each post, in one statement."""
    at = session.info["now"]
    counts = []
    for post in posts:
        mine = select(Task.id).where(Task.organization_id == post.organization_id, Task.state == "open")
        for query in (mine, mine.where(Task.due_sort < at)):
            counts.append(select(func.count()).select_from(query.limit(MOST_COUNTED).subquery()).scalar_subquery())
    if not counts:
        return {}
    row = session.execute(select(*counts)).one()
    return {post.id: OpenWork(row[2 * n], row[2 * n + 1]) for n, post in enumerate(posts)}

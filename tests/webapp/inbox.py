"""The inbox of the women's organization: tasks put into it, and what its page says."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event
from sqlalchemy.orm import Session

from models.database import Database
from tests.webapp import task_rows
from tests.webapp.browser import Browser
from tests.world import World

Browse = Callable[[str], Browser]
Committing = Callable[[], AbstractContextManager[Session]]
DAY = timedelta(days=1)


class Tasks:
    """Puts tasks for the women's organization into the database."""

    def __init__(self, world: World, committing: Committing) -> None:
        self.world, self.committing = world, committing
        with committing() as session:
            self.instance = task_rows.instance(session, world.women)

    def add(self, title: str = "Nhập kết quả", **values: Any) -> str:
        """Add one task the officer of the women may take, unless it is said otherwise."""
        values = {"organization_id": self.world.women, "role": "lead", "title": title} | values
        with self.committing() as session:
            return task_rows.add(session, self.instance, **values)


@pytest.fixture
def given(world: World, committing: Committing) -> Tasks:
    return Tasks(world, committing)


def titles(page: BeautifulSoup) -> list[str]:
    return [link.text for link in page.select("a.row-link")]


def counts(page: BeautifulSoup) -> dict[str, str]:
    lists = page.select("ul.views.d-none a")
    return {link.contents[0].strip(): link.select_one(".count").text for link in lists}  # type: ignore[union-attr]


def groups(page: BeautifulSoup) -> list[str]:
    return [" ".join(row.get_text(" ").split()) for row in page.select("tr.group")]


def statements(database: Database, act: Callable[[], object]) -> list[str]:
    """Return the statements the reader runs meanwhile."""
    said: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        said.append(statement)

    event.listen(database.reader, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(database.reader, "before_cursor_execute", note)
    return [one for one in said if one.startswith(("SELECT", "WITH"))]

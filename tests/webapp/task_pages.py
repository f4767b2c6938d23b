"""The page of a task in a played order, entered by who has it."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from models.audit import AuditEntry
from models.database import Database
from models.permissions import Actor
from models.tasks import Task
from tests.webapp.browser import Browser
from tests.world import World

Find = Callable[..., str]

Enter = Callable[[str], Browser]


@pytest.fixture
def database(played: Flask) -> Database:
    found: Database = played.extensions["lienthong"].database
    return found


@pytest.fixture
def enter(played: Flask) -> Enter:
    """Give a browser in which somebody is signed in."""

    def signed_in(login: str) -> Browser:
        browser = Browser(played)
        assert browser.sign_in(login).status_code == 303
        return browser

    return signed_in


@pytest.fixture
def find(database: Database, world: World) -> Find:
    """Find the open task of a step for somebody: `find("truong.khu", "carry_out")`."""

    def task_of(login: str, element: str) -> str:
        actor: Actor = world.actor(login)
        with database.read() as session:
            query = select(Task.id).where(Task.element == element, Task.state == "open", Task.offered_to(actor))
            return session.scalars(query.order_by(Task.id)).first() or ""

    return task_of


def row(database: Database, task: str) -> Task:
    with database.read() as session:
        return session.get_one(Task, task)


def facts_of(database: Database, task: str) -> list[str]:
    with database.read() as session:
        return [entry.fact for entry in session.scalars(AuditEntry.of(task))]


def photo() -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(made, "JPEG")
    made.seek(0)
    return made

"""The door programs come in by: JSON with a bearer token; and stories that go on in the browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import users
from engine.clock import ManualClock
from models.organizations import Post
from models.permissions import SYSTEM
from models.users import Person
from tests.play import Story
from tests.stock import Stock
from tests.webapp.browser import Browser
from webapp import create_app
from webapp.config import Settings


class Program:
    """A program with a bearer token of somebody."""

    def __init__(self, app: Flask, story: Story, login: str) -> None:
        self.client: FlaskClient = app.test_client()
        self.token = token_of(story, login)

    def get(self, path: str, **query: str) -> TestResponse:
        """Ask for something below /api/v1."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.client.get(f"/api/v1{path}", query_string=query, headers=headers)

    def post(self, path: str, body: Any = None, *, key: str | None = None, **given: Any) -> TestResponse:
        """Send JSON (or whatever is given) to something below /api/v1."""
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Idempotency-Key": key} if key else {})
        content = given or ({} if body is None else {"json": body})
        return self.client.post(f"/api/v1{path}", headers=headers, **content)


def token_of(story: Story, login: str) -> str:
    """Make a token for somebody of the world."""
    actor = story.actor(login)
    with story.doing() as session:
        person, post = session.get_one(Person, actor.person_id), session.get_one(Post, actor.post_id)
        return users.create_token(session, person, post, actor=SYSTEM, label="test", days=30)


@pytest.fixture
def story(stock: Stock, clock: ManualClock) -> Iterator[Story]:
    """A play in a world of its own with the shipped processes deployed."""
    database = stock.copy("story")
    assert stock.world is not None
    yield Story(database, clock, stock.world)
    stock.discard(database)


@pytest.fixture
def app(settings: Settings, story: Story) -> Flask:
    """The application over the story's world."""
    return create_app(settings, database=story.database, clock=story.clock)


def signed_in(app: Flask, login: str) -> Browser:
    """Return a browser in which somebody signed in."""
    browser = Browser(app)
    assert browser.sign_in(login).status_code == 303
    return browser

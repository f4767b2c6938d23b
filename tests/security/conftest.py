"""Fixtures of the security tests: the stage built once, everybody signed in, and copies of it to break."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import make_url

from engine import users
from engine.clock import ManualClock
from models.database import Database
from models.organizations import Post
from models.permissions import SYSTEM
from models.users import Person as Account
from tests.play import Story
from tests.security import harvest, matrix, playing
from tests.security.asking import COOKIE, questions
from tests.security.scene import NOBODY, ROLES, Person, Stage
from tests.stock import Stock
from tests.webapp.browser import Browser
from tests.webapp.conftest import KEY
from tests.world import NOW
from webapp import create_app
from webapp.config import Settings


def _people(app: Flask, story: Story) -> dict[str, Person]:
    people = {NOBODY: Person()}
    for role, login in ROLES.items():
        browser = Browser(app)
        assert browser.sign_in(login).status_code == 303, role
        form = browser.token("/account")
        cookie = browser.client.get_cookie(COOKIE)
        assert cookie is not None
        actor = story.actor(login)
        with story.doing() as session:
            account, post = session.get_one(Account, actor.person_id), session.get_one(Post, actor.post_id)
            bearer = users.create_token(session, account, post, actor=SYSTEM, label=role, days=300)
        people[role] = Person(cookie.value, form, bearer)
    return people


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the files of the stage."""
    return tmp_path_factory.mktemp("security")


@pytest.fixture(scope="session")
def stage(stock: Stock, home: Path) -> Iterator[Stage]:
    """The stage whose database nobody may really change: for tests that freeze it or only read."""
    database = stock.copy("story")
    assert stock.world is not None
    settings = Settings(home=home, secret_key=KEY, secure=False, testing=True)
    story = playing.build(database, stock.world, settings.files)
    clock = ManualClock(at=NOW)
    app = create_app(settings, database=database, clock=clock)
    people = _people(app, story)
    playing.leave(story)
    app.extensions["lienthong"].seal.put(database, clock)
    with database.read() as session:
        scene = harvest.harvest(session, stock.world)
    if database.is_sqlite:
        with database.writer.connect() as connection:
            connection.commit()
            connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    yield Stage(app, database, clock, people, scene, home)
    stock.discard(database)


@pytest.fixture
def broken_in(stage: Stage, stock: Stock) -> Iterator[Callable[[], Stage]]:
    """Give a copy of the stage that may really be changed."""
    made: list[Database] = []

    def copy() -> Stage:
        stage.database.close()
        stock.templates["security"] = make_url(stage.database.url).database or ""
        database = stock.copy("security")
        del stock.templates["security"]  # it is no template: the stage itself ends it
        made.append(database)
        settings = Settings(home=stage.home, secret_key=KEY, secure=False, testing=True)
        clock = ManualClock(at=NOW)
        app = create_app(settings, database=database, clock=clock)
        return Stage(app, database, clock, stage.people, stage.scene, stage.home)

    yield copy
    for database in made:
        stock.discard(database)


@pytest.fixture(scope="session")
def answers(stage: Stage) -> list[matrix.Cell]:
    """Every answer to everybody, asked once."""
    return list(matrix.cells(stage, questions(stage.app, stage.scene)))

"""The world in which trials take place: built once in a child, copied for each trial, on either database."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import make_url, select, update

from engine import definitions, runner, users
from engine.clock import Clock, ManualClock
from models.calendar import Setting
from models.database import Database, open_database
from models.definitions import Definition
from models.organizations import Post
from models.permissions import Actor
from models.users import Person
from tests import world as worlds
from tests.play import Story
from tests.stock import Stock, on_server, server_url
from tests.torture.children import in_child
from tests.world import World

FAR = 300  # days a token of a trial is good for
Setup = Callable[[Story], Any]


@dataclass
class Scenery:
    """A template to copy: its database, the names of what is in it, and what its builder has to say."""

    postgres: bool
    template: str
    ids: Mapping[str, str]
    actors: Mapping[str, Actor]
    tokens: Mapping[str, str]
    said: Any
    files: Mapping[str, Mapping[str, bytes]] = field(repr=False, default_factory=dict)

    @property
    def world(self) -> World:
        return World(dict(self.ids), dict(self.actors))

    @property
    def clock(self) -> ManualClock:
        return ManualClock(at=worlds.NOW)

    def warm(self) -> None:
        """Compile the definitions in the parent, which opens no database: every child would do it anew."""
        for key, files in self.files.items():
            if key in definitions._cache:
                continue
            definitions._cache[key] = definitions._Compiled(runner.compile_bundle(files), dict(files))

    def copy(self, folder: Path) -> str:
        """Make a copy for one trial and return its address."""
        if self.postgres:
            name = f"lt_torture_{uuid4().hex}"
            on_server(f"CREATE DATABASE {name} TEMPLATE {self.template} STRATEGY file_copy")
            return server_url().set(database=name).render_as_string(hide_password=False)
        path = folder / "lienthong.db"
        shutil.copyfile(self.template, path)
        return f"sqlite:///{path}"

    @contextmanager
    def copied(self, folder: Path) -> Iterator[str]:
        """Give a copy; one on a server is removed afterwards, one in a file goes with its folder."""
        url = self.copy(folder)
        try:
            yield url
        finally:
            if self.postgres:
                on_server(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def clear(self) -> None:
        """Remove the template."""
        if self.postgres:
            on_server(f"DROP DATABASE {self.template} WITH (FORCE)")
        else:
            Path(self.template).unlink(missing_ok=True)


class Scenes:
    """The templates of a run, each built when it is first asked for, and all from one."""

    def __init__(self, folder: Path, *, postgres: bool) -> None:
        self.folder, self.postgres = folder, postgres
        self._base: Scenery | None = None
        self._built: dict[tuple[str | None, Setup], Scenery] = {}
        self._builders: list[tuple[int, Scenery]] = []  # the processes that built each

    def get(self, until: str | None = None, setup: Setup | None = None) -> Scenery:
        """Return the template in which an order has come to a step; `setup` adds to it and says what trials need."""
        from tests.torture.acts import as_it_was

        if self._base is None:
            self._base = self._own(build(self.folder, postgres=self.postgres))
        key = until, setup or as_it_was
        if key not in self._built:
            place = Path(tempfile.mkdtemp(prefix="scene-", dir=self.folder))
            self._built[key] = self._own(in_child(_staged, self._base, place, *key))
            self._built[key].warm()
        return self._built[key]

    def _own(self, scenery: Scenery) -> Scenery:
        self._builders.append((os.getpid(), scenery))
        return scenery

    def clear(self) -> None:
        """Remove what this process has built; what it inherited is used by others."""
        for process, scenery in self._builders:
            if process == os.getpid():
                scenery.clear()
        self._base = None
        self._built.clear()
        self._builders.clear()


def build(folder: Path, *, postgres: bool) -> Scenery:
    """Build the world with the shipped processes in a child: everybody has a token and an address."""
    folder.mkdir(parents=True, exist_ok=True)
    scenery: Scenery = in_child(_build, folder, postgres)
    scenery.warm()
    return scenery


def _build(folder: Path, postgres: bool) -> Scenery:
    stock = Stock(folder, postgres=postgres)
    database = stock.copy("story")
    assert stock.world is not None
    story = Story(database, ManualClock(at=worlds.NOW), stock.world)
    tokens = _accounts(story)
    for template in stock.templates.values():
        if postgres:
            on_server(f"DROP DATABASE {template} WITH (FORCE)")
        else:
            Path(template).unlink(missing_ok=True)
    return _finished(database, Scenery(postgres, "", stock.world.ids, stock.world.actors, tokens, None))


def _staged(base: Scenery, folder: Path, until: str | None, setup: Setup) -> Scenery:
    database = open_database(base.copy(folder))
    story = Story(database, base.clock, base.world)
    if until is not None:
        story.play(story.order(), to=until)
    return _finished(database, replace(base, said=setup(story)))


def _finished(database: Database, scenery: Scenery) -> Scenery:
    files = _files(database)
    database.close()
    database.checkpoint()
    return replace(scenery, template=make_url(database.url).database or "", files=files)


def _accounts(story: Story) -> dict[str, str]:
    """Give everybody a token and an address, and let the served world go on from its own day."""
    tokens = {}
    with story.doing() as session:
        for login, actor in story.world.actors.items():
            person, post = session.get_one(Person, actor.person_id), session.get_one(Post, actor.post_id)
            tokens[login] = users.create_token(session, person, post, actor=actor, label="torture", days=FAR)
            session.execute(update(Person).where(Person.id == person.id).values(email=f"{login}@torture.example"))
        offset = (story.clock.at - Clock().now()).total_seconds()
        session.add(Setting(name="clock_offset_seconds", value=str(offset)))
    return tokens


def _files(database: Database) -> dict[str, dict[str, bytes]]:
    with database.read() as session:
        return {key: definitions.files_of(session, key) for key in session.scalars(select(Definition.id))}

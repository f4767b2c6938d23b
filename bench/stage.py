"""Where the measuring happens: the small world of the tests in a database of its own, and the three doors to it."""

import io
import json
import re
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from bench.diagrams import LOOP
from engine import definitions, instances, tasks, users
from engine.clock import ManualClock
from engine.jobs import committing
from models.database import Database, open_database
from models.definitions import Definition
from models.migrations import upgrade
from models.organizations import Post
from models.permissions import Actor
from models.tasks import Task
from models.users import Person
from tests import world as worlds
from tests.play import Story
from tests.world import PASSWORD, World
from webapp import create_app
from webapp.config import Settings

HOST = "localhost"
# As the other doors fetch it: with its instance.
FETCH = select(Task).where(Task.id == bindparam("id")).options(joinedload(Task.instance))


class Stage:
    """A database with the world, the shipped processes and a diagram that loops; who acts is known by login."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self.folder = folder
        self.database: Database = open_database(url or f"sqlite:///{folder / 'bench.db'}")
        self.clock = ManualClock(at=worlds.NOW)
        upgrade(self.database)
        with committing(self.database, self.clock) as session:
            self.world: World = worlds.build(session)
        self.story = Story(self.database, self.clock, self.world)
        self.story.deploy()
        with committing(self.database, self.clock) as session:
            self.loop = definitions.deploy(session, LOOP, actor=self.world.actor("quantri"))[0].id
        self._app: Flask | None = None

    @property
    def app(self) -> Flask:
        """Return the application over this database."""
        if self._app is None:
            settings = Settings(home=self.folder, secret_key="b" * 32, secure=False, testing=True)
            self._app = create_app(settings, database=self.database, clock=self.clock)
        return self._app

    def start(self, login: str) -> str:
        """Start an instance of the loop; return its id."""
        with committing(self.database, self.clock) as session:
            definition = session.get_one(Definition, self.loop)
            return instances.start(session, definition, actor=self.world.actor(login)).id

    def open_task(self, instance: str) -> str:
        """Return the id of the open task of an instance."""
        with self.database.read() as session:
            query = select(Task.id).where(Task.instance_id == instance, Task.state == "open")
            return session.scalars(query).one()


class EngineDoor:
    """Completes tasks by the engine's command, committed."""

    def __init__(self, stage: Stage, login: str) -> None:
        self.stage, self.actor = stage, stage.world.actor(login)

    def complete(self, task_id: str, answers: Mapping[str, Any]) -> None:
        """Complete one task in one transaction."""
        with committing(self.stage.database, self.stage.clock) as session:
            task = session.scalars(FETCH, {"id": task_id}).one()
            tasks.complete(session, task, actor=self.actor, answers=answers)

    def rest(self) -> None:
        """Do what follows and is not measured: nothing."""


class Wsgi:
    """Speaks to the application as its server does; of the CPU it takes, next to nothing is the speaker's own."""

    def __init__(self, app: Flask) -> None:
        self.app, self.cookies = app, dict[str, str]()

    def send(
        self, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Send one request; return status, headers and body."""
        began: list[Any] = []
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": HOST,
            "SERVER_PORT": "80", "HTTP_HOST": HOST, "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(),
            "wsgi.version": (1, 0), "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
            "CONTENT_LENGTH": str(len(body)), **(headers or {}),
        }  # fmt: skip
        if self.cookies:
            environ["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())

        def begin(status: str, said: list[tuple[str, str]], failed: Any = None, /) -> Callable[[bytes], object]:
            began.append((status, said))
            return lambda content: None

        answer = self.app.wsgi_app(environ, begin)
        content = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        status, said = began[-1]
        self._keep_cookies(said)
        return int(status[:3]), dict(said), content

    def _keep_cookies(self, said: list[tuple[str, str]]) -> None:
        for name, value in said:
            if name == "Set-Cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]


class BrowserDoor:
    """Completes tasks as a browser does: session cookie, token against forgery, key of the form, redirect."""

    def __init__(self, stage: Stage, login: str) -> None:
        self.wsgi = Wsgi(stage.app)
        self._form("/sign-in", login=login, password=PASSWORD, csrf_token=self._token("/sign-in"))
        self.token = self._token("/account")

    def complete(self, task_id: str, answers: Mapping[str, Any]) -> None:
        """Send the form of a task; it has to lead on."""
        key = uuid.uuid4().hex
        self._form(f"/tasks/{task_id}/completion", csrf_token=self.token, idempotency_key=key, **answers)

    def rest(self) -> None:
        """Open a page, as the redirect asks: it shows the word about what was done, which the cookie carried."""
        self.read("/account")

    def read(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Open a page."""
        status, said, body = self.wsgi.send("GET", path, headers=headers)
        if status not in (200, 304):
            raise RuntimeError(f"GET {path}: {status}")
        return status, said, body

    def _form(self, path: str, **said: Any) -> None:
        headers = {"CONTENT_TYPE": "application/x-www-form-urlencoded", "HTTP_ORIGIN": f"http://{HOST}"}
        status, _, body = self.wsgi.send("POST", path, body=urlencode(said).encode(), headers=headers)
        if status != 303:
            raise RuntimeError(f"POST {path}: {status} {body.decode()[:2000]}")

    def _token(self, path: str) -> str:
        page = self.read(path)[2].decode()
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        if found is None:
            raise RuntimeError(f"GET {path}: no form")
        return found[1]


class ApiDoor:
    """Completes tasks as a program does: bearer token, JSON, Idempotency-Key."""

    def __init__(self, stage: Stage, login: str) -> None:
        self.wsgi = Wsgi(stage.app)
        actor: Actor = stage.world.actor(login)
        with committing(stage.database, stage.clock) as session:
            person, post = session.get_one(Person, actor.person_id), session.get_one(Post, actor.post_id)
            self.bearer = users.create_token(session, person, post, actor=actor, label="bench", days=300)

    def complete(self, task_id: str, answers: Mapping[str, Any]) -> None:
        """Post the answers; the API has to agree."""
        headers = {
            "CONTENT_TYPE": "application/json",
            "HTTP_AUTHORIZATION": f"Bearer {self.bearer}",
            "HTTP_IDEMPOTENCY_KEY": uuid.uuid4().hex,
        }
        body = json.dumps({"answers": dict(answers)}).encode()
        status, _, said = self.wsgi.send("POST", f"/api/v1/tasks/{task_id}/completion", body=body, headers=headers)
        if status != 200:
            raise RuntimeError(f"completion: {status} {said.decode()[:2000]}")

    def rest(self) -> None:
        """Do what follows and is not measured: nothing."""


@contextmanager
def stage(url: str | None = None) -> Iterator[Stage]:
    """Give a stage in a folder that is removed afterwards, or in an empty database at an address."""
    with tempfile.TemporaryDirectory(prefix="lienthong-bench-") as folder:
        made = Stage(Path(folder), url)
        try:
            yield made
        finally:
            made.database.close()

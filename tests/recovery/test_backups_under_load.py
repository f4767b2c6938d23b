"""What was acked before a backup began is in it, whatever people do meanwhile."""

import itertools
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.backups import making
from engine.files import FileStore
from models.database import Database
from models.tasks import Attachment, Task
from tests.recovery.backed_up import ROUNDS, WRITERS, Acked, House, elsewhere, house, opened
from tests.world import ON_POSTGRES
from webapp import backups
from webapp.config import Settings

__all__ = ["elsewhere", "house"]


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

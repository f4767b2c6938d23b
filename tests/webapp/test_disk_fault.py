"""After an I/O error nothing is written until all was verified; reading goes on, and nobody restarts anything."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from engine import verification
from models.database import Database
from models.tasks import Comment
from tests.play import Story
from tests.webapp.doors import Program, app, story
from tests.world import ON_POSTGRES
from webapp import readiness
from webapp.cli import main

pytestmark = pytest.mark.skipif(ON_POSTGRES, reason="a database server guards its own files")
__all__ = ["app", "story"]


@contextmanager
def broken_disk() -> Iterator[None]:
    """Let every write beyond the first page of a file fail, as a disk with a fault does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def database(app: Flask) -> Database:
    found: Database = app.extensions["lienthong"].database
    return found


def remark(program: Program, task: str) -> tuple[int, str]:
    """Add a remark to a task; return status and reason."""
    answer = program.post(f"/tasks/{task}/comments", {"text": "Đã xem"})
    return answer.status_code, answer.get_json().get("reason", "")


def test_writing_waits_for_a_verification_and_goes_on_by_itself(app: Flask, story: Story, database: Database) -> None:
    story.order()
    program, task = Program(app, story, "vp.ubnd"), story.task("draft_order").id
    with broken_disk():
        assert remark(program, task) == (503, "storage_failed")
    assert remark(program, task) == (503, "storage_doubted")
    assert program.get(f"/tasks/{task}").status_code == 200
    assert verification.regain_trust(database, story.clock)
    assert remark(program, task)[0] < 300
    assert [one.text for one in story.rows(Comment)] == ["Đã xem"]


def test_what_does_not_verify_is_not_written_to(app: Flask, story: Story, database: Database) -> None:
    story.order()
    program, task = Program(app, story, "vp.ubnd"), story.task("draft_order").id
    with broken_disk():
        remark(program, task)
    with database.writer.begin() as connection:
        connection.execute(text("UPDATE audit_tip SET seq = seq + 1"))
    assert not verification.regain_trust(database, story.clock)
    assert remark(program, task) == (503, "storage_doubted")


def test_a_restart_is_no_verification(
    app: Flask, story: Story, database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    story.order()
    program, task = Program(app, story, "vp.ubnd"), story.task("draft_order").id
    with broken_disk():
        assert remark(program, task) == (503, "storage_failed")
    database.close()
    monkeypatch.setenv("LIENTHONG_DATABASE_URL", database.url)
    wanted = ["token", "create", "--user", "phunu", "--home", str(tmp_path)]
    assert main(wanted) == 1
    assert "storage_doubted" in capsys.readouterr().err
    assert main(["verify", "--only", "I5", "--home", str(tmp_path)]) == 0  # a part is not all
    assert main(wanted) == 1
    assert main(["verify", "--home", str(tmp_path)]) == 0
    assert main(wanted) == 0


def test_nothing_is_written_into_a_file_that_was_moved_away_or_replaced(
    app: Flask, story: Story, database: Database
) -> None:
    story.order()
    program, task, file = Program(app, story, "vp.ubnd"), story.task("draft_order").id, database.path
    assert file is not None and remark(program, task)[0] < 300
    another, away = (file.with_name(f"{file.name}-{word}") for word in ("another", "away"))
    database.copy_to(another)
    file.rename(away)
    assert remark(program, task) == (503, "storage_replaced")
    assert not file.exists()
    another.rename(file)
    assert remark(program, task) == (503, "storage_replaced")
    assert program.get(f"/tasks/{task}").status_code == 200
    assert "StorageReplaced" in dict(readiness.examine(app.extensions["lienthong"]))["write"]
    away.replace(file)
    assert remark(program, task)[0] < 300
    assert "write" not in dict(readiness.examine(app.extensions["lienthong"]))
    assert len(story.rows(Comment)) == 2

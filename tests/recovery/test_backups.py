"""A backup holds what it must and no more, and is restored where nothing is lost by it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.backups import BadBackup, tools
from engine.clock import ManualClock
from models.database import Database
from models.migrations import upgrade
from tests.recovery.backed_up import KEY, House, backup, elsewhere, house, opened
from tests.world import ON_POSTGRES
from webapp import backups, cli
from webapp.config import Settings
from webapp.runtime import open_runtime

__all__ = ["backup", "elsewhere", "house"]


def test_no_key_is_in_it_and_only_its_owner_reads_it(house: House, tmp_path: Path) -> None:
    house.runtime.settings.keys.mkdir()
    (house.runtime.settings.keys / "secret-key").write_text(KEY)
    path, _ = backups.back_up(house.runtime, tmp_path / "new" / "a.tar")
    assert KEY.encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(BadBackup, match="backup_there"):
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
    with pytest.raises(BadBackup, match="home_not_empty"):
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
    with pytest.raises(BadBackup, match="database_not_empty" if ON_POSTGRES else "backup_is_embedded"):
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
        with pytest.raises(BadBackup, match="backup_tool_missing"):
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
    assert "không trống" in capsys.readouterr().err
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

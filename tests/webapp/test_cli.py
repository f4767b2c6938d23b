"""The command line: what it prints, what it returns, and that it keeps to its home."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.clock import ManualClock
from engine.scenarios import is_scenario
from engine.unit import finish, unit
from models.database import open_database
from models.organizations import Lineage, Organization
from tests import world as worlds
from tests.play import bundle
from tests.world import NOW
from webapp.cli import main


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A migrated home with the people of the small world in it."""
    assert main(["migrate", "--home", str(tmp_path)]) == 0
    database = open_database(f"sqlite:///{tmp_path / 'lienthong.db'}")
    with unit(database, ManualClock(at=NOW)) as session:
        worlds.build(session)
        finish(session)
        session.commit()
    database.close()
    return tmp_path


def test_a_token_is_printed_alone(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["token", "create", "--home", str(home), "--user", "phunu"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("lt_")
    assert len(printed.split()) == 1


def test_nobody_unknown_gets_a_token(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["token", "create", "--home", str(home), "--user", "ai.do"]) == 1
    said = capsys.readouterr()
    assert "no_such_login" in said.err
    assert "lt_" not in said.out


def test_the_doctor_finds_a_sound_home_sound(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "checkpoint", "--home", str(home)]) == 0
    assert main(["doctor", "--home", str(home)]) == 0
    assert "FAIL" not in capsys.readouterr().out


def test_the_doctor_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--home", str(tmp_path)]) == 1
    assert "FAIL tables: missing" in capsys.readouterr().out


def test_a_changed_entry_of_the_log_is_found(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--home", str(home)]) == 0
    database = open_database(f"sqlite:///{home / 'lienthong.db'}")
    with database.writer.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_entries_no_update")
        connection.exec_driver_sql("UPDATE audit_entries SET fact = 'order:signed' WHERE seq = 3")
    database.close()
    assert main(["verify", "--home", str(home)]) == 1
    assert "broken at entry 3" in capsys.readouterr().out


def test_the_checker_accepts_a_shipped_bundle_and_refuses_a_broken_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, content in bundle("lead").items():
        if not is_scenario(name):
            (tmp_path / name).write_bytes(content)
    assert main(["check", *map(str, sorted(tmp_path.iterdir()))]) == 0
    broken = tmp_path / "broken.bpmn"
    broken.write_bytes(b"<definitions/>")
    capsys.readouterr()
    assert main(["check", str(broken), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["file"], said["outcome"], said["processes"]) == (str(broken), "refused", [])
    assert {finding["level"] for finding in said["findings"]} == {"error"}
    assert set(said["findings"][0]) == {"level", "rule", "element", "name", "line", "message", "remedy"}


def test_the_checker_answers_for_each_file_in_the_language_of_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    good, gone = tmp_path / "lead.bpmn20.xml", tmp_path / "nowhere.bpmn"
    good.write_bytes(bundle("amendment")["amendment.bpmn"])
    form = tmp_path / "confirm_amendment.form.json"
    form.write_bytes(bundle("amendment")["confirm_amendment.form.json"])
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    assert main(["check", str(good), str(gone), str(form), "--json"]) == 1
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["file"], one["outcome"]) for one in said] == [
        (str(good), "runnable"), (str(gone), "refused"), (str(form), "runnable"),
    ]  # fmt: skip
    assert said[0]["processes"] == ["amendment"]
    assert said[1]["findings"][0]["remedy"] == "Check the path and the right to read it."
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")
    assert main(["check", str(good), str(form)]) == 0
    assert "chạy được" in capsys.readouterr().out


def test_a_file_that_costs_too_much_is_refused_and_not_waited_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(files: object) -> None:
        while True:
            pass

    monkeypatch.setattr("engine.lint.check", busy)
    monkeypatch.setattr("webapp.checking.MOST_SECONDS", 1)
    slow = tmp_path / "slow.bpmn"
    slow.write_bytes(b"<definitions/>")
    assert main(["check", str(slow), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["findings"][0]["rule"] == "check-too-costly"


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"LIENTHONG_PORT": "abc"}, "LIENTHONG_PORT không dùng được. «abc» phải là một số nguyên từ 1 đến 65535."),
        ({"LIENTHONG_PORT": "99999"}, "«99999» phải là một số nguyên"),
        ({"LIENTHONG_PROXIES": "x"}, "LIENTHONG_PROXIES không dùng được"),
        ({"LIENTHONG_REQUESTS_PER_SECOND": "-1"}, "LIENTHONG_REQUESTS_PER_SECOND không dùng được"),
        ({"LIENTHONG_SECRET_KEY": "short"}, "LIENTHONG_SECRET_KEY quá yếu. Cần ít nhất 32 ký tự"),
        ({"LIENTHONG_LOG_LEVEL": "loud"}, "«LOUD» phải là một trong: DEBUG, INFO, WARNING, ERROR."),
        ({"LIENTHONG_DATABASE_URL": "nothing"}, "phải là một địa chỉ như postgresql+psycopg://…"),
        ({"LIENTHONG_DATABASE_URL": "mysql://secret@here/x"}, "LIENTHONG_DATABASE_URL không dùng được"),
        ({"LIENTHONG_SMTP_URL": "garbage"}, "phải là một địa chỉ như smtp://mail.example"),
        ({"LIENTHONG_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/x"}, "Cơ sở dữ liệu báo: connection"),
        ({"LIENTHONG_HOST": "no.such.host.invalid"}, "Không mở được cổng 8000"),
    ],
)
def test_a_wrong_setting_is_named_with_what_would_be_right(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    environment: dict[str, str],
    said: str,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert main(["serve", "--home", str(home)]) == 1
    told = capsys.readouterr().err
    assert said in told and "Traceback" not in told and "secret@" not in told


def test_a_port_in_use_is_told_before_a_world_is_built_and_before_anything_is_served(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for command, place in (("serve", home), ("demo", tmp_path / "new")):
            assert main([command, "--home", str(place), "--port", port]) == 1
            assert f"Không mở được cổng {port}" in capsys.readouterr().err
    assert not (tmp_path / "new").exists() and not (home / "server.pid").exists()


def test_a_home_that_is_a_file_and_an_account_that_is_not_there_are_named(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main(["serve", "--home", str(tmp_path / "file")]) == 1
    assert f"«{tmp_path / 'file'}»" in capsys.readouterr().err
    assert main(["token", "create", "--home", str(home), "--user", "nobody"]) == 1
    assert "Không ai có tên đăng nhập «nobody»" in capsys.readouterr().err
    asked = ["--home", str(home), "--user", "phunu", "--reason", "x"]
    assert main(["migrate-instances", "nothing", "order", *asked]) == 1
    assert "Ở đây không có thứ được gọi tên trong lệnh: nothing." in capsys.readouterr().err
    (tmp_path / "table.csv").write_text("a,b\n")
    asked = ["--home", str(home), "--user", "nobody", "--document", "x"]
    assert main(["reorganize", str(tmp_path / "table.csv"), *asked]) == 1
    assert "Bảng thiếu cột, cần có: from, to, kind" in capsys.readouterr().err


@pytest.mark.slow
def test_it_serves_until_told_to_stop_and_leaves_nothing_running(home: Path) -> None:
    port = "8797"
    command = [sys.executable, "-m", "webapp", "serve", "--home", str(home), "--port", port]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as serving:
        try:
            assert serving.stdout is not None
            assert serving.stdout.readline().strip() == f"Liên Thông: http://127.0.0.1:{port}"
            assert (home / "server.pid").read_text().strip() == str(serving.pid)
            assert _status(f"http://127.0.0.1:{port}") == 200  # as printed
            second = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
            assert (second.returncode, "already_served" in second.stderr) == (1, True)
            serving.send_signal(signal.SIGTERM)
            assert serving.wait(timeout=40) == 0
            assert not (home / "server.pid").exists()
        finally:
            serving.kill()


def _status(url: str) -> int:
    for _ in range(50):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return int(answer.status)
        except OSError:
            time.sleep(0.1)
    return 0


def test_a_reorganization_is_tried_first_and_then_carried_out(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = open_database(f"sqlite:///{home / 'lienthong.db'}")
    with database.read() as session:
        old, new = (
            session.scalars(select(Organization.id).where(Organization.name.like(f"%{name}%"))).first()
            for name in ("Hội Nông dân", "Hội LHPN")
        )
    table = home / "sap-xep.csv"
    table.write_text(f"from,to,kind\n{old},{new},merge\n", encoding="utf-8")
    command = ["reorganize", str(table), "--home", str(home), "--document", "Nghị quyết 1199"]
    capsys.readouterr()
    assert main([*command, "--user", "phunu"]) == 1
    assert "not_allowed" in capsys.readouterr().err
    assert main([*command, "--user", "quantri", "--dry-run"]) == 0
    with database.read() as session:
        assert session.scalars(select(Lineage)).all() == []
    assert main([*command, "--user", "quantri"]) == 0
    with database.read() as session:
        assert [(one.from_id, one.to_id) for one in session.scalars(select(Lineage))] == [(old, new)]
    database.close()


def test_a_reorganization_without_its_columns_names_them(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = home / "sap-xep.csv"
    table.write_text("tu;den\n", encoding="utf-8")
    assert main(["reorganize", str(table), "--home", str(home), "--user", "quantri"]) == 1
    assert "from, to, kind" in capsys.readouterr().err

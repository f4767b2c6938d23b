"""What `lienthong doctor` and `verify` say: everything in order, and each thing that is not, with what to do."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.clock import ManualClock
from models import database as models_database
from models.database import Database
from tests.world import World
from webapp import cli, doctor, readiness
from webapp.config import Settings
from webapp.runtime import Runtime, open_runtime

KEY = "0123456789abcdefghijklmnopqrstuv"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    return home


@pytest.fixture
def at(database: Database, world: World, clock: ManualClock, home: Path) -> Callable[..., Runtime]:
    """Give the installation with settings that differ."""

    def runtime(**changes: object) -> Runtime:
        given = {"home": home, "secret_key": KEY, "database_url": database.url, "secure": False, **changes}
        return open_runtime(Settings(**given), database, clock)  # type: ignore[arg-type]

    return runtime


@pytest.fixture(autouse=True)
def forgiven(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server of the tests need not survive a power cut, and has it so (tests/conftest.py)."""
    for one in database.in_force():
        if one.name in ("fsync", "full_page_writes"):
            monkeypatch.setitem(models_database._WANTED_OF_POSTGRES, one.name, one.value)


def found(runtime: Runtime) -> dict[str, doctor.Finding]:
    return {finding.about: finding for finding in doctor.examine(runtime) if finding.state != "ok"} | {
        "all": doctor.Finding("all", "")
    }


def wrong(runtime: Runtime, about: str) -> doctor.Finding:
    """Return the finding about something, which has to say what to do."""
    finding = found(runtime)[about]
    assert finding.remedy and finding.remedy in str(finding)
    return finding


def test_a_sound_installation_is_sound(at: Callable[..., Runtime]) -> None:
    assert [name for name, one in found(at()).items() if one.state == "FAIL"] == []
    about = [finding.about for finding in doctor.examine(at())]
    for word in ("Liên Thông", "Python", "SpiffWorkflow", "library", "tables", "disk", "file system", "fsync",
                 "clock", "time zone", "signing key", "proxy", "evaluator", "audit log"):  # fmt: skip
        assert word in about, word


def test_nothing_is_changed_and_no_secret_is_said(at: Callable[..., Runtime], home: Path) -> None:
    said = "\n".join(map(str, doctor.examine(at(metrics_token="geheim" * 4))))
    assert KEY not in said and "geheim" not in said
    assert list(home.iterdir()) == []
    doctor_of_a_key_to_be = list(doctor.examine(at(secret_key="")))
    assert "made at the first start" in [one.said for one in doctor_of_a_key_to_be]
    assert list(home.iterdir()) == []


def test_a_library_that_can_corrupt_fails(at: Callable[..., Runtime], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models_database, "OLDEST_SQLITE", (99,))
    monkeypatch.setattr(models_database, "OLDEST_POSTGRES", 99)
    assert wrong(at(), "library").state == "FAIL"


def test_a_pragma_that_is_not_in_force_fails_for_the_connection_that_lacks_it(
    at: Callable[..., Runtime], database: Database
) -> None:
    if not database.is_sqlite:
        pytest.skip("a server's settings are its own: test_health has them")
    with database.writer.connect() as connection:
        connection.connection.execute("PRAGMA synchronous=NORMAL").close()
    finding = wrong(at(), "synchronous (writer)")
    database.close()
    assert (finding.state, finding.said) == ("FAIL", "1")


def test_tables_of_another_release_fail(at: Callable[..., Runtime], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.migrations.is_current", lambda database: False)
    assert "migrate" in wrong(at(), "tables").remedy


@pytest.mark.parametrize(
    ("kind", "state"), [("nfs4", "FAIL"), ("fuse.sshfs", "FAIL"), ("tmpfs", "warn"), ("ext4", None)]
)
def test_a_disk_of_another_machine_or_of_none_is_seen(
    kind: str, state: str | None, at: Callable[..., Runtime], database: Database, tmp_path: Path, home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        f"22 1 0:1 / / rw - ext4 /dev/vda rw\n23 22 0:2 / {home} rw,relatime shared:1 - {kind} server:/x rw\n"
    )
    assert doctor.file_system(home / "files", mounts) == kind
    monkeypatch.setattr(doctor, "file_system", lambda folder: kind)
    said = found(at()).get("file system")
    expected = state if database.is_sqlite or state != "FAIL" else None
    assert (said.state if said else None) == expected


def test_a_sync_that_is_too_quick_or_too_slow_is_said(
    at: Callable[..., Runtime], monkeypatch: pytest.MonkeyPatch
) -> None:
    for seconds in (0.000001, 0.5):
        monkeypatch.setattr(readiness, "sync", lambda folder, seconds=seconds: seconds)
        assert wrong(at(), "fsync").state == "warn"


def test_a_home_others_can_read_fails(at: Callable[..., Runtime], home: Path) -> None:
    home.chmod(0o750)
    assert "chmod go=" in wrong(at(), "rights on home").remedy
    home.chmod(0o700)
    (home / "keys").mkdir(mode=0o700)
    (home / "keys" / "secret-key").write_text(KEY)
    (home / "keys" / "secret-key").chmod(0o644)
    assert wrong(at(), "rights on secret-key").state == "FAIL"


def test_weak_secrets_are_said(at: Callable[..., Runtime], monkeypatch: pytest.MonkeyPatch) -> None:
    assert wrong(at(secret_key="a" * 40), "signing key").state == "FAIL"
    runtime = at()
    if not runtime.database.is_sqlite:
        monkeypatch.setattr(runtime.database, "url", "postgresql+psycopg://lt:lt@db.example/lt")
        assert [one.state for one in doctor.secrets(runtime) if one.about == "database password"] == ["warn"]


@pytest.mark.parametrize(
    ("settings", "state"),
    [
        ({"host": "127.0.0.1"}, None),
        ({"host": "127.0.0.1", "proxies": 1, "secure": True}, None),
        ({"host": "0.0.0.0", "secure": True}, "FAIL"),
        ({"host": "0.0.0.0", "secure": False}, "warn"),
        ({"host": "0.0.0.0", "proxies": 1, "secure": True}, "warn"),
    ],
)
def test_what_stands_before_us_has_to_be_announced(
    settings: dict[str, object], state: str | None, at: Callable[..., Runtime]
) -> None:
    said = found(at(**settings)).get("proxy")
    assert (said.state if said else None) == state


def test_behind_a_proxy_of_the_own_machine_cookies_are_for_tls() -> None:
    assert not Settings.from_environment({}).secure
    assert Settings.from_environment({"LIENTHONG_PROXIES": "1"}).secure
    assert not Settings.from_environment({"LIENTHONG_PROXIES": "1", "LIENTHONG_INSECURE": "1"}).secure


def test_letters_need_an_address_to_lead_to(at: Callable[..., Runtime]) -> None:
    assert wrong(at(smtp_url="smtp://mail.example"), "public address").state == "warn"
    assert "public address" not in found(at(smtp_url="smtp://mail.example", public_url="https://lt.example"))


def test_a_clock_before_what_has_happened_fails(at: Callable[..., Runtime], clock: ManualClock) -> None:
    clock.at = clock.at.replace(year=2017)
    assert wrong(at(), "clock").state == "FAIL"


def test_a_log_that_nobody_signs_is_said_and_later_fails(at: Callable[..., Runtime], clock: ManualClock) -> None:
    runtime = at()
    assert "checkpoint" not in found(runtime)
    clock.at += timedelta(minutes=16)
    assert (wrong(runtime, "checkpoint").state, "16 min" in wrong(runtime, "checkpoint").said) == ("warn", True)
    clock.at += timedelta(days=1)
    assert (wrong(runtime, "checkpoint").state, "24 h" in wrong(runtime, "checkpoint").said) == ("FAIL", True)
    runtime.seal.put(runtime.database, clock)
    clock.at += timedelta(days=2)
    assert "checkpoint" not in found(runtime), "nothing has happened since"


def test_an_evaluator_that_cannot_compute_fails(at: Callable[..., Runtime], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*what: object, **more: object) -> None:
        raise OSError("no worker")

    monkeypatch.setattr("engine.sandbox.evaluate", broken)
    assert wrong(at(), "evaluator").said == "OSError"


def test_a_database_that_is_not_there_is_a_finding_and_no_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIENTHONG_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/nothing?connect_timeout=1")
    monkeypatch.setattr(cli, "open_runtime", lambda settings: unreached(settings))
    assert cli.main(["doctor", "--home", str(tmp_path)]) == 1
    assert "FAIL database: cannot be opened" in capsys.readouterr().out


def unreached(settings: Settings) -> Runtime:
    return Runtime(settings, models_database.open_database(settings.url), ManualClock())


def test_the_doctor_answers_programs_too(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["migrate", "--home", str(home)]) == 0
    capsys.readouterr()
    assert cli.main(["doctor", "--home", str(home), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["sound"] is True
    assert {"about", "said", "state", "remedy"} == set(said["findings"][0])


def test_verify_names_what_breaks_which_invariant(
    database: Database, world: World, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIENTHONG_DATABASE_URL", database.url)
    for locale, word in (("en_US.UTF-8", "holds"), ("vi_VN.UTF-8", "đúng")):
        monkeypatch.setenv("LC_ALL", locale)
        assert cli.main(["verify", "--home", str(home)]) == 0
        assert "".join(f"I{number}: {word}\n" for number in range(3, 9)) in capsys.readouterr().out
    with database.writer.begin() as connection:
        connection.execute(text("UPDATE audit_tip SET seq = seq + 1"))
    assert cli.main(["verify", "--home", str(home), "--only", "I4", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["invariants"] == {"I4": 0}
    assert cli.main(["verify", "--home", str(home), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["sound"], said["invariants"]["I5"], said["violations"][0]["invariant"]) == (False, 1, "I5")
    assert bool(said["not_run"]) == (not database.is_sqlite)


def test_verify_of_another_release_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", "--home", str(tmp_path)]) == 1
    assert "migrate" in capsys.readouterr().out

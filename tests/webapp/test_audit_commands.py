"""The command `lienthong audit`: signing, proving and witnessing from a terminal, also of another, served process."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from engine import audit
from engine.audit import Fact, following
from engine.audit.notes import Note
from engine.clock import Clock, ManualClock
from engine.jobs import committing
from models.audit import AuditEntry
from models.audit_texts import AuditText
from models.calendar import Setting
from models.database import Database, open_database
from models.errors import Conflict
from models.permissions import SYSTEM
from tests.engine.test_audit import tamper, without_triggers
from tests.engine.test_audit_checkpoints import recomputed
from tests.served import COMMAND, ROOT, _free_port
from tests.webapp.test_cli import home  # noqa: F401
from tests.world import NOW
from webapp.cli import main
from webapp.config import Settings
from webapp.remote_logs import RemoteLog
from webapp.runtime import open_runtime

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:  # noqa: F811
    """Run `lienthong … --home HOME` and return its exit code and what it printed."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")

    def told(*arguments: str, at: Path = home) -> tuple[int, str]:
        capsys.readouterr()
        code = main([*arguments, "--home", str(at)])
        said = capsys.readouterr()
        return code, said.out or said.err

    return told


def record(home: Path, count: int = 3) -> None:  # noqa: F811
    database = open_database(f"sqlite:///{home / 'lienthong.db'}")
    with committing(database, Clock()) as session:
        for _ in range(count):
            audit.record(session, SYSTEM, Fact.SETTING_CHANGED)
    database.close()


@pytest.mark.once
def test_what_is_signed_can_be_proven_and_checked(run: Run, home: Path, tmp_path: Path) -> None:  # noqa: F811
    old = Note.read(run("audit", "checkpoint")[1])
    record(home)
    new = Note.read(run("audit", "checkpoint")[1])
    assert new.checkpoint.size == old.checkpoint.size + 3
    (tmp_path / "entry.json").write_text(run("audit", "prove", "5")[1], encoding="utf-8")
    sizes = str(old.checkpoint.size), str(new.checkpoint.size)
    (tmp_path / "growth.json").write_text(run("audit", "consistency", *sizes)[1], encoding="utf-8")
    key = key_of(home)
    for name, option in (("entry.json", "--proof"), ("growth.json", "--consistency")):
        file = tmp_path / name
        assert run("audit", "verify-proof", str(file), "--key", key) == (0, "the proof fits\nrightly signed\n")
        assert outsider(option, str(file), "--key", key)[0] == 0
        said = json.loads(file.read_text("utf-8"))
        said["path"][0] = said["path"][-1]
        file.write_text(json.dumps(said), encoding="utf-8")
        assert run("audit", "verify-proof", str(file), "--key", key)[0] == 1
        assert outsider(option, str(file), "--key", key)[0] == 1


@pytest.mark.once
def test_a_text_changed_in_a_proof_is_found_and_told_in_the_language_of_the_terminal(
    run: Run,
    home: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    database = open_database(f"sqlite:///{home / 'lienthong.db'}")
    with committing(database, Clock()) as session:
        audit.record(session, SYSTEM, Fact.SETTING_CHANGED, reason="Theo nghị quyết")
    with database.read() as session:
        seq, path = session.execute(select(AuditText.seq, AuditText.path).order_by(AuditText.seq.desc())).first()
    database.close()
    run("audit", "checkpoint")
    file, key = tmp_path / "entry.json", key_of(home)
    honest = run("audit", "prove", str(seq))[1]
    file.write_text(honest, encoding="utf-8")
    assert outsider("--proof", str(file), "--key", key)[0] == 0
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")
    assert run("audit", "verify-proof", str(file), "--key", key) == (0, "bằng chứng khớp\nchữ ký đúng\n")
    twice = honest.replace('"value": "', '"value": "Lời giả", "value": "', 1)
    changed = honest.replace('"value": "', '"value": "Lời giả ', 1)
    for bad, words in ((changed, f"lời ghi «{path}» không phải lời đã ghi"), ("[]", "Không phải bằng chứng")):
        file.write_text(bad, encoding="utf-8")
        code, said = run("audit", "verify-proof", str(file), "--key", key)
        assert (code, words in said) == (1, True), said
    for bad in (changed, twice, "[]"):
        file.write_text(bad, encoding="utf-8")
        assert outsider("--proof", str(file), "--key", key)[0] == 1
    code, said = run("verify", "--audit", "--checkpoint", str(tmp_path / "nowhere.txt"))
    assert (code, "Không có tệp" in said) == (1, True), said


def outsider(*options: str) -> tuple[int, str]:
    verify = str(ROOT / "webapp/outside/verify.py")
    done = subprocess.run([sys.executable, "-I", "-S", verify, *options], capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


def key_of(home: Path) -> str:  # noqa: F811
    database = open_database(f"sqlite:///{home / 'lienthong.db'}")
    with database.read() as session:
        key = session.get_one(Setting, "audit_key").value
    database.close()
    return key


@pytest.mark.once
def test_verify_names_the_first_wrong_entry(run: Run, home: Path, tmp_path: Path) -> None:  # noqa: F811
    record(home)
    code, note = run("audit", "checkpoint")
    held = tmp_path / "held.txt"
    held.write_text(note, encoding="utf-8")
    size = Note.read(note).checkpoint.size
    code, said = run("verify", "--audit", "--checkpoint", str(held))
    assert (code, f"{size} of them fit a checkpoint kept outside" in said) == (0, True)
    database = open_database(f"sqlite:///{home / 'lienthong.db'}")
    tamper(database, *without_triggers(database), "UPDATE audit_entries SET channel = 'x' WHERE seq = 9")
    assert run("verify", "--audit")[1].startswith("broken at entry 9: it does not hash to its leaf")
    recomputed(database)
    database.close()
    assert run("verify", "--only", "I5") == (0, "I5: holds\n"), "alone the log looks whole"
    assert run("verify", "--audit")[1].startswith("broken at entry 9: it is not the one whose leaf is kept outside")
    said = json.loads(run("verify", "--audit", "--json", "--checkpoint", str(held))[1])
    assert (said["sound"], said["broken"], said["why"]) == (False, 9, "leaf")


@pytest.mark.once
def test_a_witness_without_a_line_is_served_by_files(run: Run, home: Path, tmp_path: Path) -> None:  # noqa: F811
    note = Note.read(run("audit", "checkpoint")[1])
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    first.write_text(run("audit", "consistency", "0")[1], encoding="utf-8")
    there = tmp_path / "witness"
    given = ("audit", "witness", "--log")
    assert run(*given, str(first), at=there)[0] == 1, "it has no name and no key to trust"
    code, said = run(*given, str(first), "--name", "mttq.example", "--key", key_of(home), at=there)
    assert code == 0, said
    record(home)
    run("audit", "checkpoint")
    second.write_text(run("audit", "consistency", str(note.checkpoint.size))[1], encoding="utf-8")
    code, said = run(*given, str(second), at=there)
    assert code == 0, said
    witness = following.open_witness(there)
    assert run("audit", "cosign", str(there / "seen.txt"), "--key", str(witness.key))[0] == 0
    code, said = run("audit", "cosign", str(there / "log-key.txt"), "--key", str(witness.key))
    assert (code, "bad_note" in said) == (1, True)


@pytest.mark.once
def test_an_export_can_be_continued(run: Run, home: Path, tmp_path: Path) -> None:  # noqa: F811
    first = run("audit", "export")[1]
    size = len(first.splitlines())
    record(home)
    second = run("audit", "export", "--since", str(size))[1]
    held = tmp_path / "held.txt"
    held.write_text(run("audit", "checkpoint")[1], encoding="utf-8")
    size = Note.read(held.read_text("utf-8")).checkpoint.size
    last = run("audit", "export", "--since", str(len((first + second).splitlines())))[1]
    parts = [tmp_path / name for name in ("a.jsonl", "b.jsonl", "c.jsonl")]
    for path, part in zip(parts, (first, second, last), strict=True):
        path.write_text(part, encoding="utf-8")
    folder = tmp_path / "empty"
    folder.mkdir()
    names = [str(path) for path in parts]
    code, said = outsider(str(folder), "--entries", *names, "--checkpoint", str(held), "--key", key_of(home))
    assert code == 0, said
    code, said = outsider(str(folder), "--entries", *names[1:], "--checkpoint", str(held), "--key", key_of(home))
    assert (code, "entry 1 is missing" in said) == (1, True)


@pytest.mark.once
def test_the_key_is_changed_with_a_right_and_a_reason(run: Run, home: Path) -> None:  # noqa: F811
    run("audit", "checkpoint")
    old = key_of(home)
    assert run("audit", "rotate", "--user", "phunu", "--reason", "thử")[0] == 1
    code, said = run("audit", "rotate", "--user", "quantri", "--reason", "hằng năm")
    assert (code, said.strip()) == (0, key_of(home))
    assert key_of(home) != old
    assert run("audit", "checkpoint")[0] == 0
    assert run("verify", "--audit")[0] == 0


YEAR, EVERY = 365, 5


@pytest.mark.once
@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_witness_follows_another_process_for_a_year_and_sees_when_its_history_is_forked(
    run: Run,
    home: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    database = open_database(f"sqlite:///{home / 'lienthong.db'}")
    with committing(database, Clock()) as session:
        offset = (NOW - Clock().now()).total_seconds()
        session.merge(Setting(name="clock_offset_seconds", value=str(offset)))
    runtime = open_runtime(Settings(home=home), database, ManualClock(at=NOW))
    token = run("token", "create", "--user", "thanhtra", "--days", "366")[1].strip()
    runtime.seal.put(database, runtime.clock, always=True)
    with served(home, tmp_path / "server") as address:
        log = RemoteLog(address, token)
        witness = following.open_witness(tmp_path / "witness", name="mttq.example", log_key=key_of(home))
        for day in range(0, YEAR, EVERY):
            runtime.clock.at = NOW + timedelta(days=day)
            live(database, runtime.clock)
            runtime.seal.put(database, runtime.clock)
            note = following.follow(witness, log, at=runtime.clock.at)
            if day % 50 == 0:
                assert log.give_back(note, witness.key)["same_root"]
        assert witness.seen is not None
        assert witness.seen.checkpoint.at == runtime.clock.at.replace(microsecond=0)
        fork(database, home, runtime.clock.at)
        runtime.clock.at += timedelta(days=1)
        live(database, runtime.clock)
        runtime.seal.put(database, runtime.clock)
        with pytest.raises(Conflict, match="log_forked"):
            following.follow(witness, log, at=runtime.clock.at)
        assert len(list((tmp_path / "witness" / following.EVIDENCE).iterdir())) == 2
    database.close()


def live(database: Database, clock: Clock) -> None:
    """Let something happen."""
    with committing(database, clock) as session:
        for _ in range(3):
            audit.record(session, SYSTEM, Fact.SETTING_CHANGED)


def fork(database: Database, home: Path, at: datetime) -> None:  # noqa: F811
    """Change one entry long past as somebody who has everything of this machine, the key too."""
    with database.read() as session:
        changed = session.scalar(select(AuditEntry.seq).where(AuditEntry.at < at).order_by(AuditEntry.seq).offset(200))
    tamper(database, *without_triggers(database))
    with database.writer.begin() as connection:
        connection.execute(update(AuditEntry).where(AuditEntry.seq == changed).values(channel="x"))
        connection.execute(text("DELETE FROM audit_cosignatures"))
    recomputed(database)
    for kept in (home / "checkpoints").glob("**/*.txt"):
        kept.unlink()
    (home / "checkpoints/leaves").unlink()


@contextmanager
def served(home: Path, log: Path) -> Iterator[str]:  # noqa: F811
    """Serve the home's database from another process; that one has not got the key, and signs nothing."""
    port = _free_port()
    log.mkdir()
    command = [sys.executable, "-c", COMMAND, "serve", "--home", str(log), "--port", str(port)]
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1",
        "LIENTHONG_DATABASE_URL": f"sqlite:///{home / 'lienthong.db'}",
    }  # fmt: skip
    child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert child.stdout is not None
        assert b"http" in child.stdout.readline()
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        child.communicate(timeout=30)

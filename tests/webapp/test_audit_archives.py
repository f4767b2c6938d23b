"""Old entries leave for a signed file and can be read again; the tree, its proofs and who verifies them go on."""

import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, select, text
from sqlalchemy.exc import DatabaseError

from engine import case_files, orders, verification
from engine.audit import Fact, proofs, retention, tree
from engine.audit.retention import Kind, kind_of
from engine.clock import begin
from models.audit import AuditEntry
from models.audit_archives import AuditArchive, AuditLeaf, AuditRestored
from models.audit_texts import AuditText
from models.audit_words import AuditWord
from models.orders import Order
from tests.engine.test_audit import tamper
from tests.play import Story
from tests.webapp.browser import text_of
from tests.webapp.doors import app, signed_in, story
from webapp import cli, create_app
from webapp.runtime import Runtime

__all__ = ["app", "story"]

Run = Callable[..., tuple[int, str]]
DAY = "2040-01-01"


@pytest.fixture
def runtime(app: Flask) -> Runtime:
    world: Runtime = app.extensions["lienthong"]
    return world


@pytest.fixture
def run(runtime: Runtime, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `lienthong audit …` on the world of the story, and return its exit code and what it printed."""
    monkeypatch.setattr(cli, "open_runtime", lambda settings: runtime)
    monkeypatch.setattr(runtime.database, "close", lambda: None)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")

    def told(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        code = cli.main(list(arguments))
        said = capsys.readouterr()
        return code, said.out + said.err

    return told


@pytest.fixture
def done(story: Story, runtime: Runtime, run: Run) -> str:
    """An order that was withdrawn years ago; the log is signed, and work is kept here for five years."""
    order = story.until("draft_plan")
    with story.doing() as session:
        row = session.get_one(Order, order)
        orders.withdraw(session, row, actor=story.actor("vp.ubnd"), reason="Trùng chủ đề năm")
    story.pass_time()
    story.clock.at += timedelta(days=6 * 366)
    runtime.seal.put(story.database, story.clock, always=True)
    assert run("audit", "keep", "work", "5", "--user", "quantri")[0] == 0
    return order


def archive(run: Run, folder: Path, *more: str) -> tuple[int, str]:
    folder.mkdir(exist_ok=True)
    return run("audit", "archive", "--until", DAY, "--to", str(folder), "--user", "quantri", *more)


def unpacked(folder: Path) -> Path:
    """Unpack the one archive of a folder, as an outsider does."""
    (path,) = folder.glob("*.zip")
    with zipfile.ZipFile(path) as file:
        file.extractall(folder / "out")
    return folder / "out"


def outsider(folder: Path, *options: str) -> tuple[int, str]:
    command = [sys.executable, "-I", str(folder / "verify.py"), *options]
    found = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    return found.returncode, found.stdout + found.stderr


def all_of(story: Story, model: Any) -> list[Any]:
    with story.database.read() as session:
        return list(session.scalars(model if isinstance(model, Select) else select(model)))


def of_order(story: Story, order: str) -> list[AuditEntry]:
    return [entry for entry in story.rows(AuditEntry, order_id=order) if kind_of(Fact(entry.fact)) is Kind.WORK]


def violations(story: Story) -> list[str]:
    with verification.snapshot(story.database, story.clock) as session:
        return [str(one) for one in verification.violations(session)]


def test_what_nothing_keeps_leaves_for_a_file_that_outsiders_check(
    story: Story, runtime: Runtime, run: Run, done: str, tmp_path: Path
) -> None:
    before = of_order(story, done)
    code, said = archive(run, tmp_path / "kept")
    (row,) = story.rows(AuditArchive)
    assert (code, f"{row.count} entries, {row.first} to {row.last}, have left" in said) == (0, True), said
    assert before and of_order(story, done) == [] and row.count >= len(before)
    left = {leaf.seq: leaf for leaf in all_of(story, AuditLeaf)}
    assert {entry.seq: entry.leaf for entry in before}.items() <= {seq: leaf.leaf for seq, leaf in left.items()}.items()
    for beside in (select(AuditText), select(AuditWord).where(AuditWord.word != "")):
        assert not {one.seq for one in all_of(story, beside)} & set(left), beside
    (made,) = story.facts("archive:made")
    assert (made.subject_id, made.facts["count"], made.person_id) == (
        row.id,
        row.count,
        story.actor("quantri").person_id,
    )

    folder = unpacked(tmp_path / "kept")
    code, told = outsider(folder)
    assert (code, "archive: signed by the log" in told, f"{row.count} entries are right" in told) == (0, True, True), (
        told
    )
    lines = (folder / "entries.jsonl").read_bytes().splitlines()
    assert [json.loads(line)["seq"] for line in lines] == sorted(left)
    assert "Trùng chủ đề năm" in (folder / "texts.jsonl").read_text("utf-8")
    assert archive(run, tmp_path / "more")[1].startswith("0 entries may leave")


def test_the_log_its_proofs_and_the_invariants_go_on_after_an_archive(
    story: Story, runtime: Runtime, run: Run, done: str, tmp_path: Path
) -> None:
    old = runtime.seal.outside.latest()
    archive(run, tmp_path / "kept")
    new = runtime.seal.put(story.database, story.clock, always=True)
    assert old is not None and new is not None
    assert violations(story) == []
    code, said = run("verify", "--audit")
    assert (code, f"{story.rows(AuditArchive)[0].count} of them stand in archives" in said) == (0, True), said
    assert "their files were not asked for" in said
    (file,) = (tmp_path / "kept").glob("*.zip")
    code, said = run("verify", "--audit", "--archive", str(file))
    assert (code, "all of these are in the files given" in said) == (0, True), said
    with story.database.read() as session:
        leaf = session.scalars(select(AuditLeaf).order_by(AuditLeaf.seq)).first()
        path = proofs.inclusion(session, leaf.seq, new.checkpoint.size)
        assert tree.includes(new.checkpoint.root, new.checkpoint.size, leaf.seq - 1, bytes.fromhex(leaf.leaf), path)
        sizes = old.checkpoint.size, new.checkpoint.size
        path = proofs.consistency(session, *sizes)
    assert tree.is_consistent((sizes[0], old.checkpoint.root), (sizes[1], new.checkpoint.root), path)
    (runtime.seal.outside.folder / "leaves").unlink()  # a folder that was lost is filled again
    story.clock.at += timedelta(minutes=6)
    runtime.seal.put(story.database, story.clock, always=True)
    assert run("verify", "--audit")[0] == 0


def test_what_is_claimed_as_archived_has_to_be_shown(story: Story, run: Run, done: str, tmp_path: Path) -> None:
    archive(run, tmp_path / "kept")
    (file,) = (tmp_path / "kept").glob("*.zip")
    with zipfile.ZipFile(file) as whole:
        lines = whole.read("entries.jsonl").splitlines(keepends=True)
    with zipfile.ZipFile(tmp_path / "less.zip", "w") as less:
        less.writestr("entries.jsonl", b"".join(lines[:2] + lines[3:]))
    code, said = run("verify", "--audit", "--archive", str(tmp_path / "less.zip"))
    missing = f"broken at entry {json.loads(lines[2])['seq']}: it is said to be in an archive, and is in none"
    assert (code, said.startswith(missing)) == (1, True), said
    (tmp_path / "none.zip").write_bytes(b"")
    assert "not_our_archive" in run("verify", "--archive", str(tmp_path / "none.zip"))[1]


def test_a_dry_run_says_how_many_and_changes_nothing(story: Story, run: Run, done: str) -> None:
    count = len(story.rows(AuditEntry))
    code, said = run("audit", "archive", "--until", DAY, "--dry-run")
    assert (code, len(story.rows(AuditEntry)), story.rows(AuditArchive)) == (0, count, [])
    assert re.match(r"[1-9]\d* entries may leave", said)
    assert run("audit", "archive", "--until", "2018-10-01", "--dry-run")[1].startswith("0 entries may leave")


def test_what_is_held_in_a_case_file_or_under_way_stays(story: Story, runtime: Runtime, run: Run, done: str) -> None:
    going, number = story.order(), story.rows(Order, id=done)[0].number
    runtime.seal.put(story.database, story.clock, always=True)
    story.clock.at += timedelta(days=6 * 366)
    due = retained(story)
    assert due >= {entry.seq for entry in of_order(story, done)}
    assert not due & {entry.seq for entry in of_order(story, going)}, "its work goes on"
    assert run("audit", "hold", number, "--reason", "Thanh tra", "--user", "quantri")[0] == 0
    assert not retained(story) & {entry.seq for entry in of_order(story, done)}
    assert [entry.facts["reason"] for entry in story.facts("hold:placed")] == ["Thanh tra"]
    assert "already_held" in run("audit", "hold", number, "--reason", "x", "--user", "quantri")[1]
    assert number in text_of(signed_in(create(story, runtime), "thanhtra").read("/audit/archives"))
    assert run("audit", "release", number, "--reason", "Xong", "--user", "quantri")[0] == 0
    assert retained(story) == due
    with story.doing() as session:
        inspector = story.actor("thanhtra")
        case = case_files.open_(session, actor=inspector, title="Kiểm tra")
        case_files.put_in(session, case, of_order(story, done)[0].seq, actor=inspector)
    assert not retained(story) & {entry.seq for entry in of_order(story, done)}


def retained(story: Story) -> set[int]:
    with story.database.read() as session:
        found = retention.due(begin(session, story.clock), until=story.clock.at, upto=10**9)
        return set(session.scalars(found.with_only_columns(AuditEntry.seq)))


def create(story: Story, runtime: Runtime) -> Flask:
    return create_app(runtime.settings, database=story.database, clock=story.clock)


def test_only_who_keeps_the_installation_archives(story: Story, run: Run, done: str, tmp_path: Path) -> None:
    count = len(story.rows(AuditEntry))
    code, said = run("audit", "archive", "--until", DAY, "--to", str(tmp_path), "--user", "phunu")
    assert (code, "not_allowed" in said, len(story.rows(AuditEntry))) == (1, True, count)
    assert list(tmp_path.glob("*.zip")) == []


def test_an_entry_is_not_deleted_where_its_leaf_does_not_stay(story: Story) -> None:
    with pytest.raises(DatabaseError), story.database.writer.begin() as connection:
        connection.execute(text("DELETE FROM audit_entries WHERE seq = 5"))
    assert [entry.seq for entry in story.rows(AuditEntry, seq=5)] == [5]


@pytest.mark.once
def test_archived_is_not_missing_and_missing_is_not_archived(
    story: Story, runtime: Runtime, run: Run, done: str, tmp_path: Path
) -> None:
    """An administrator who takes one more entry away, and leaves its leaf, is found."""
    archive(run, tmp_path / "kept")
    one = story.rows(AuditArchive)[0].id
    seq = story.facts("archive:made")[0].seq - 1
    leaf = story.rows(AuditEntry, seq=seq)[0].leaf
    tamper(
        story.database,
        f"INSERT INTO audit_leaves (seq, leaf, archive_id) VALUES ({seq}, '{leaf}', '{one}')",
        f"DELETE FROM audit_texts WHERE seq = {seq}",
        f"DELETE FROM audit_entries WHERE seq = {seq}",
    )
    code, said = run("verify", "--audit")
    assert (code, "the log knows no archive like the one" in said) == (1, True), said
    tamper(story.database, "DROP TRIGGER audit_leaves_no_delete", f"DELETE FROM audit_leaves WHERE seq = {seq}")
    code, said = run("verify", "--audit")
    assert (code, f"broken at entry {seq}: it is missing" in said) == (1, True), said


@pytest.mark.once
def test_a_changed_archive_is_found_by_outsiders_and_not_opened(
    story: Story, run: Run, done: str, tmp_path: Path
) -> None:
    archive(run, tmp_path / "kept")
    folder = unpacked(tmp_path / "kept")
    content = (folder / "entries.jsonl").read_bytes()
    lines = content.splitlines(keepends=True)
    wrong = lines[1].replace(b'"channel":"', b'"channel":"x', 1)
    seq = json.loads(wrong)["seq"]
    (folder / "entries.jsonl").write_bytes(b"".join([lines[0], wrong, *lines[2:]]))
    assert "the file entries.jsonl was changed" in outsider(folder)[1]
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["files"]["entries.jsonl"] = hashlib.sha256((folder / "entries.jsonl").read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert "archive: no right signature" in outsider(folder)[1]
    (folder / "manifest.json").unlink()
    code, told = outsider(folder)
    assert (code, "was changed: not the root of checkpoint" in told) == (1, True), told

    (path,) = (tmp_path / "kept").glob("*.zip")
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile(tmp_path / "wrong.zip", "w") as file:
        for name, said in members.items():
            file.writestr(name, b"".join([lines[0], wrong, *lines[2:]]) if name == "entries.jsonl" else said)
    code, refused = run("audit", "restore-archive", str(tmp_path / "wrong.zip"), "--user", "quantri")
    assert (code, "archive_altered" in refused, str(seq) in refused) == (1, True, True), refused
    assert all_of(story, AuditRestored) == []
    (tmp_path / "no.zip").write_bytes(b"PK")
    assert "not_our_archive" in run("audit", "restore-archive", str(tmp_path / "no.zip"), "--user", "quantri")[1]


def test_an_archive_is_opened_read_and_closed(
    app: Flask, story: Story, run: Run, done: str, tmp_path: Path
) -> None:  # fmt: skip
    archive(run, tmp_path / "kept")
    (row,) = story.rows(AuditArchive)
    inspector = signed_in(app, "thanhtra")
    assert inspector.get(f"/audit/archives/{row.id}").status_code == 404
    (path,) = (tmp_path / "kept").glob("*.zip")
    code, said = run("audit", "restore-archive", str(path), "--user", "quantri")
    assert (code, f"{row.count} entries are verified" in said) == (0, True), said
    assert "archive_is_open" in run("audit", "restore-archive", str(path), "--user", "quantri")[1]
    assert "Đang mở để xem lại" in text_of(inspector.read("/audit/archives"))
    pages, address = [], f"/audit/archives/{row.id}?order={done}"
    while address:
        page = inspector.read(address)
        pages.append(text_of(page))
        following = page.find("a", string=re.compile("Các mục sau"))
        address = str(following["href"]) if following else ""
    assert any("Trùng chủ đề năm" in page for page in pages)
    assert violations(story) == []
    assert run("audit", "close-archive", row.id, "--user", "quantri")[0] == 0
    assert inspector.get(f"/audit/archives/{row.id}").status_code == 404
    assert [len(story.facts(fact)) for fact in ("archive:opened", "archive:closed")] == [1, 1]


@pytest.mark.once
def test_an_export_after_an_archive_says_what_stands_elsewhere(
    app: Flask, story: Story, runtime: Runtime, run: Run, done: str, tmp_path: Path
) -> None:
    archive(run, tmp_path / "kept")
    runtime.seal.put(story.database, story.clock, always=True)
    (row,) = story.rows(AuditArchive)
    held = next(iter(runtime.seal.outside.notes()))
    (tmp_path / "held.txt").write_text(str(held), encoding="utf-8")
    folder = tmp_path / "export"
    with signed_in(app, "thanhtra").get("/audit/export") as answer, zipfile.ZipFile(io.BytesIO(answer.data)) as file:
        file.extractall(folder)
    code, told = outsider(folder, "--checkpoint", str(tmp_path / "held.txt"))
    assert (code, f"{row.count} entries stand elsewhere" in told) == (0, True), told
    lines = (folder / "entries.jsonl").read_bytes().splitlines(keepends=True)
    gone = json.loads(lines[-1])["seq"]
    beside = (folder / "elsewhere.jsonl").read_text() + json.dumps(
        {"hash": tree.leaf_hash(lines[-1].rstrip()).hex(), "level": 0, "seq": gone}
    )
    (folder / "entries.jsonl").write_bytes(b"".join(lines[:-1]))
    (folder / "elsewhere.jsonl").write_text(beside + "\n")
    (folder / "texts.jsonl").write_bytes(
        b"".join(
            x for x in (folder / "texts.jsonl").read_bytes().splitlines(keepends=True) if json.loads(x)["seq"] != gone
        )
    )
    code, told = outsider(folder)
    assert (code, f"the log says that {row.count} were archived" in told) == (1, True), told

"""Whether the log is whole, for people, programs and outsiders: page, API, and the export with its own checker."""

import io
import json
import subprocess
import sys
import zipfile
from base64 import b64decode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from engine.audit import following, keys, tree
from engine.audit.notes import Note, PublicKey
from models.audit import AuditCosignature, AuditEntry, AuditTip
from tests.engine.test_audit import tamper, without_triggers, write
from tests.engine.test_audit_checkpoints import recomputed
from tests.webapp.browser import Browser
from tests.webapp.doors import Program
from webapp.runtime import Runtime


@pytest.fixture
def world_of(app: Flask) -> Runtime:
    return app.extensions["lienthong"]


@pytest.fixture
def put(world_of: Runtime) -> Callable[[], Note]:
    """Sign the log as it stands."""

    def signed() -> Note:
        note = world_of.seal.put(world_of.database, world_of.clock, always=True)
        assert note is not None
        return note

    return signed


@pytest.fixture
def inspector(app, database, clock, world):
    """The program of the inspector."""

    class Played:
        def __init__(self):
            self.database, self.clock = database, clock

        def actor(self, login):
            return world.actor(login)

        def doing(self):
            from tests.play import Story

            return Story(database, clock, world).doing()

    return Program(app, Played(), "thanhtra")


def test_the_page_says_no_more_than_is_true(browse, put, committing, clock):
    page = browse("thanhtra").read("/audit/integrity").text
    assert "Chưa có điểm kiểm tra nào: chưa mục nào được bảo vệ." in page
    note = put()
    write(committing, count=2)
    page = browse("thanhtra").read("/audit/integrity").text
    assert note.checkpoint.code in page
    assert "3 mục sau điểm kiểm tra cuối chưa được bảo vệ." in page  # two, and the signing in
    assert "Chưa có bên nào chứng kiến" in page
    assert "Điểm kiểm tra đang bị chậm" not in page
    clock.at += timedelta(minutes=20)
    assert "Điểm kiểm tra đang bị chậm" in browse("thanhtra").read("/audit/integrity").text


def test_only_who_may_read_the_log_sees_it(browse):
    for path in ("/audit/integrity", "/audit/export"):
        assert browse("phunu").get(path).status_code == 403


def test_the_button_compares_with_what_is_kept_outside(browse, put, database, committing):
    write(committing, count=4)
    size = put().checkpoint.size
    page = browse("thanhtra").read("/audit/integrity?verify=1").text
    assert f"{size:,}".replace(",", ".") + " mục đầu khớp với điểm kiểm tra giữ ngoài" in page
    tamper(database, *without_triggers(database), f"UPDATE audit_entries SET channel = 'x' WHERE seq = {size - 2}")
    recomputed(database)
    assert f"Mục đầu tiên không khớp: {size - 2}" in browse("thanhtra").read("/audit/integrity?verify=1").text


def test_a_program_gets_checkpoints_and_proofs(inspector, put, committing, clock):
    old = put().checkpoint
    write(committing, count=3)
    clock.at += timedelta(minutes=6)
    new = put().checkpoint
    latest = inspector.get("/audit/checkpoints/latest").json
    assert (latest["size"], b64decode(latest["root"]), latest["code"]) == (new.size, new.root, new.code)
    assert Note.read(latest["note"]).is_signed_by(PublicKey.read(latest["keys"][0]))
    assert [one["size"] for one in inspector.get("/audit/checkpoints").json["items"]] == [new.size, old.size]
    first = inspector.get("/audit/checkpoints", limit="1").json
    assert [one["size"] for one in inspector.get("/audit/checkpoints", cursor=first["next"]).json["items"]] == [
        old.size
    ]
    proof = inspector.get("/audit/consistency", **{"from": str(old.size), "to": str(new.size)}).json
    path = following.path_of(proof["path"])
    assert tree.is_consistent((old.size, old.root), (new.size, new.root), path)
    found = inspector.get("/audit/proofs/7", size=str(old.size)).json
    assert tree.includes(old.root, old.size, 6, bytes.fromhex(found["leaf"]), following.path_of(found["path"]))


def test_what_cannot_be_proven_is_refused(inspector, put):
    size = put().checkpoint.size
    for path, query in (
        ("/audit/proofs/0", {}), (f"/audit/proofs/{size + 1}", {}), ("/audit/proofs/1", {"size": "99999"}),
        ("/audit/consistency", {"from": "5", "to": "99999"}), ("/audit/consistency", {"from": "9", "to": "5"}),
        ("/audit/consistency", {"from": "x", "to": "5"}), ("/audit/consistency", {"from": "1"}),
    ):  # fmt: skip
        assert inspector.get(path, **query).status_code == 422, (path, query)
    for sent in ({}, {"note": "x", "key": "y"}, {"note": "x", "key": str(PublicKey("w", 4, bytes(32)))}):
        assert inspector.post("/audit/cosignatures", sent).status_code == 422, sent


def test_before_the_first_checkpoint_there_is_none(inspector):
    assert inspector.get("/audit/checkpoints/latest").status_code == 404
    assert inspector.get("/audit/checkpoints").json["items"] == []


def test_a_witness_gives_back_what_it_signed_and_the_page_says_so(inspector, put, browse, tmp_path, clock, database):
    note = put()
    with database.read() as session:
        key = str(keys.current(session))
    witness = following.open_witness(tmp_path / "witness", name="mttq.example", log_key=key)

    class Latest:
        def latest(self):
            return note, []

    signed = following.follow(witness, Latest(), at=clock.at)
    sent = {"note": str(signed), "key": str(witness.key)}
    answer = inspector.post("/audit/cosignatures", sent).json
    assert (answer["witness"], answer["size"], answer["same_root"]) == ("mttq.example", note.checkpoint.size, True)
    assert Note.read(inspector.get("/audit/checkpoints/latest").json["note"]).seen_by(witness.key)
    assert "mttq.example" in browse("thanhtra").read("/audit/integrity").text


def test_two_views_are_shown_as_what_they_are(browse, put, committing, database, clock):
    note = put()
    with committing() as session:
        for witness, root in (("mttq.example", note.checkpoint.root.hex()), ("tinh.example", "0" * 64)):
            signed = {"size": note.checkpoint.size, "root": root, "note": str(note)}
            session.add(AuditCosignature(witness=witness, key=witness, at=clock.at, received_at=clock.at, **signed))
    page = browse("thanhtra").read("/audit/integrity").text
    assert "Có hai nhật ký khác nhau" in page
    assert "tinh.example" in page


@pytest.fixture
def exported(browse: Callable[[str], Browser], put: Callable[[], Note], committing, tmp_path: Path):
    """Unpack the export into an empty folder."""
    write(committing, count=5, name="Uỷ ban")

    def unpacked(query: str = "") -> Path:
        put()
        answer = browse("thanhtra").get(f"/audit/export{query}")
        assert answer.status_code == 200
        folder = tmp_path / f"export{len(list(tmp_path.glob('export*')))}"
        zipfile.ZipFile(io.BytesIO(answer.data)).extractall(folder)
        answer.close()
        return folder

    return unpacked


def checked(folder: Path, *options: str) -> tuple[int, str]:
    """Run the checker of an export as a stranger does: alone, nothing installed."""
    command = [sys.executable, "-I", "-S", "verify.py", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", env={"PYTHONUTF8": "1"})
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


def test_an_export_is_checked_with_nothing_installed(exported, database, put, tmp_path):
    held = tmp_path / "held.txt"
    held.write_text(str(put()), encoding="utf-8")
    folder = exported()
    code, said = checked(folder)
    assert (code, said.splitlines()[-1]) == (0, "ĐÚNG / RIGHT")
    assert "the key came with this export" in said
    with database.read() as session:
        key = str(keys.current(session))
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert last.fact == "audit:exported"
        size = session.scalar(select(AuditTip.seq))
    assert len((folder / "entries.jsonl").read_bytes().splitlines()) == size
    code, said = checked(folder, "--key", key, "--checkpoint", str(held))
    assert code == 0
    assert "compare it with" not in said
    assert checked(folder, "--key", str(PublicKey("lienthong/other", 1, b"\x05" * 32)))[0] == 1
    assert checked(folder, "--self-test")[0] == 0
    readme = (folder / "README.txt").read_text("utf-8")
    assert "Không chứng minh được" in readme
    assert "Not proven" in readme


def test_who_changes_an_export_or_the_database_before_it_is_found(exported, database, put, tmp_path):
    held = tmp_path / "held.txt"
    held.write_text(str(put()), encoding="utf-8")
    size = Note.read(held.read_text("utf-8")).checkpoint.size
    folder = exported()
    entries = folder / "entries.jsonl"
    good = entries.read_bytes().splitlines()
    for what, lines, place in (
        ("changed", [*good[:19], good[19].replace(b'"channel":"', b'"channel":"x'), *good[20:]], f"1 to {size}"),
        ("deleted", good[:19] + good[20:], "20"),
        ("spaced", [*good[:19], good[19].replace(b":", b": ", 1), *good[20:]], "20"),
        ("a key twice", [*good[:19], good[19].replace(b"{", b'{"at":"x",', 1), *good[20:]], "20"),
        ("a float", [*good[:19], good[19].replace(b'"refused":0', b'"refused":0.0'), *good[20:]], "20"),
        ("true", [*good[:19], good[19].replace(b'"refused":0', b'"refused":false'), *good[20:]], "20"),
        ("cut", good[: size - 2], str(size - 1)),
    ):
        entries.write_bytes(b"\n".join(lines) + b"\n")
        code, said = checked(folder, "--checkpoint", str(held))
        assert code == 1, what
        assert place in said, (what, said)
    tamper(database, *without_triggers(database), "UPDATE audit_entries SET channel = 'x' WHERE seq = 20")
    recomputed(database)
    for kept in (tmp_path / "checkpoints").glob("*/*.txt"):
        kept.unlink()
    forged = exported()
    assert checked(forged)[0] == 0, "a log that was wholly recomputed and signed anew looks right alone"
    assert checked(forged, "--checkpoint", str(held))[0] == 1


def test_a_part_of_the_log_comes_with_a_proof_for_each_entry(exported, world):
    folder = exported(f"?subject={world.women}")
    lines = (folder / "entries.jsonl").read_bytes().splitlines()
    assert {json.loads(line)["subject_id"] for line in lines} == {world.women}
    code, said = checked(folder)
    assert code == 0
    assert "whether entries of it are left out cannot be said" in said
    changed = lines[0].replace(b'"channel":"', b'"channel":"x')
    (folder / "entries.jsonl").write_bytes(b"\n".join([changed, *lines[1:]]) + b"\n")
    code, said = checked(folder)
    assert (code, f"entry {json.loads(changed)['seq']}" in said) == (1, True)


def test_the_export_needs_a_right_and_leaves_no_trace_where_it_is_refused(browse, database):
    browser = browse("phunu")
    with database.read() as session:
        before = session.scalar(text("SELECT count(*) FROM audit_entries WHERE fact = 'audit:exported'"))
    assert browser.get("/audit/export").status_code == 403
    with database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM audit_entries WHERE fact = 'audit:exported'")) == before


def size_of(database):
    with database.read() as session:
        return session.scalar(select(AuditTip.seq))


def test_texts_come_with_the_export_and_who_changes_or_drops_one_is_found(exported, committing, database):
    seq = size_of(database) + 1
    write(committing, reason="Ông Tuấn ốm", note="Nghỉ hai ngày")
    folder = exported()
    beside = folder / "texts.jsonl"
    good = beside.read_bytes().splitlines()
    mine = [json.loads(line) for line in good if json.loads(line)["seq"] == seq]
    assert {one["path"]: one["value"] for one in mine} == {"reason": "Ông Tuấn ốm", "note": "Nghỉ hai ngày"}
    assert "Tuấn" not in (folder / "entries.jsonl").read_text("utf-8")
    code, said = checked(folder)
    assert code == 0
    assert f"{len(good)} texts are right; 0 erased" in said
    place = next(n for n, line in enumerate(good) if "Tuấn" in line.decode())
    for what, lines, words in (
        ("changed", [*good[:place], good[place].replace("Tuấn".encode(), b"Ba"), *good[place + 1 :]],
         f"entry {seq}: the text reason is not the one that was written"),
        ("dropped", [*good[:place], *good[place + 1 :]], f"entry {seq}: the text reason is missing"),
        ("moved", [*good[:place], good[place].replace(b'"reason"', b'"remark"'), *good[place + 1 :]], f"entry {seq}"),
        ("added", [*good, b'{"path":"x","salt":"","seq":99999,"value":""}'], "entry 99999: the text x is not the one"),
        ("said twice", [*good[:place], good[place].replace("Tuấn".encode(), b"Ba"), *good[place:]],
         f"entry {seq}: the text reason is not the one that was written"),
        ("a key twice", [*good[:place], good[place].replace(b'"value":', b'"value":"Ba","value":'), *good[place + 1 :]],
         "the file of texts cannot be read"),
        ("a key too many", [*good[:place], good[place][:-1] + b',"x":1}', *good[place + 1 :]],
         "the file of texts cannot be read"),
        ("not read", [*good, b'{"path":1}'], "the file of texts cannot be read"),
    ):  # fmt: skip
        beside.write_bytes(b"\n".join(lines) + b"\n")
        code, said = checked(folder)
        assert (code, words in said) == (1, True), (what, said)
    beside.unlink()
    code, said = checked(folder)
    assert (code, f"{len(good)} texts are not here" in said) == (0, True)


def test_what_was_erased_is_said_to_be_erased_and_nothing_else_is_forgiven(exported, committing, database, browse):
    seq = size_of(database) + 1
    write(committing, reason="Ông Tuấn ốm", note="Nghỉ hai ngày")
    admin = browse("quantri")
    assert "Tuấn" in browse("thanhtra").read(f"/audit/entries/{seq}").text
    page = admin.read("/audit/erasures")
    law = {"basis": "Luật 91/2025/QH15", "reason": "Yêu cầu số 7"}
    answer = admin.submit(page, "/audit/erasures", seq=str(seq), paths="reason", **law)
    assert answer.status_code == 303
    page = browse("thanhtra").read(f"/audit/entries/{seq}").text
    assert ("đã xóa theo luật" in page, "Tuấn" in page) == (True, False)
    assert "Luật 91/2025/QH15" in admin.read("/audit/erasures").text
    folder = exported()
    code, said = checked(folder)
    assert (code, "1 erased under the law" in said) == (0, True)
    part = [line for line in (folder / "texts.jsonl").read_bytes().splitlines() if json.loads(line)["seq"] != seq]
    (folder / "texts.jsonl").write_bytes(b"\n".join(part) + b"\n")
    code, said = checked(folder)
    assert (code, f"entry {seq}: the text note is missing" in said) == (1, True)


def test_the_page_of_erasures_asks_for_an_entry_a_law_and_the_right(browse, database):
    admin = browse("quantri")
    answer = admin.post("/audit/erasures", basis="Luật 91/2025/QH15", reason="Yêu cầu")
    assert answer.status_code == 422
    assert "Cần số mục" in answer.text
    assert admin.post("/audit/erasures", about="phunu", basis="Luật", reason="Yêu cầu").status_code == 404
    assert browse("thanhtra").post("/audit/erasures", seq="1", basis="Luật", reason="Yêu cầu").status_code == 403
    with database.read() as session:
        assert session.scalars(select(AuditEntry).where(AuditEntry.fact == "text:erased")).all() == []

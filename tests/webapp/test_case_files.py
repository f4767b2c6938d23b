"""A case file taken along: its report says what the page says, and an outsider checks its entries one by one."""

import io
import json
import sys
import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from engine.audit import Fact
from engine.audit.notes import Note
from models.audit import AuditEntry
from models.case_files import CaseFile
from models.orders import Order
from models.users import Person
from tests.play import Story
from tests.webapp.browser import Browser, text_of
from tests.webapp.doors import app, signed_in, story
from tests.webapp.test_audit_integrity import checked

pytestmark = pytest.mark.once

__all__ = ["app", "story"]


def signed(app: Flask) -> Note:
    """Sign the log as it stands."""
    world = app.extensions["lienthong"]
    note = world.seal.put(world.database, world.clock, always=True)
    assert note is not None
    return note


def filed(app: Flask, story: Story) -> tuple[Browser, str, list[int]]:
    """Let an inspector put two entries into a case file and close it; return its browser, the case, the entries."""
    order = story.until("draft_plan")
    seqs = [one.seq for one in story.facts(Fact.TASK_COMPLETED, order_id=order)[:2]]
    inspector = signed_in(app, "thanhtra")
    inspector.post("/audit/case-files", title="Kiểm tra quý IV", seq=str(seqs[0]), remark="Đọc kỹ")
    (case,) = story.rows(CaseFile)
    inspector.post(f"/audit/case-files/{case.id}/entries", seq=str(seqs[1]), remark="<b>Thiếu</b>")
    inspector.post(f"/audit/case-files/{case.id}/closing", conclusion="Đúng quy định")
    return inspector, case.id, seqs


def bundle_of(inspector: Browser, case: str) -> zipfile.ZipFile:
    """Take a case file along."""
    with inspector.get(f"/audit/case-files/{case}/bundle") as answer:
        return zipfile.ZipFile(io.BytesIO(answer.get_data()))


def test_the_bundle_of_a_case_proves_each_of_its_entries(app: Flask, story: Story, tmp_path: Path) -> None:
    inspector, case, seqs = filed(app, story)
    kept, folder = tmp_path / "kept.txt", tmp_path / "case"
    kept.write_text(str(signed(app)), "utf-8")
    bundle_of(inspector, case).extractall(folder)
    lines = (folder / "entries.jsonl").read_text("utf-8").splitlines()
    own = [one.seq for one in story.rows(AuditEntry, subject_id=case)]
    assert len(own) == 4 and [json.loads(line)["seq"] for line in lines] == sorted(seqs + own)
    assert checked(folder, "--checkpoint", str(kept))[0] == 0
    lines[1] = lines[1].replace('"channel":"web"', '"channel":"api"')
    (folder / "entries.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    code, said = checked(folder)
    assert code == 1 and f"entry {max(seqs)}:" in said
    (entry,) = story.facts(Fact.AUDIT_EXPORTED)
    assert (entry.facts["about"], entry.facts["form"]) == (case, "case")


def test_the_report_in_the_bundle_says_what_the_page_says(app: Flask, story: Story) -> None:
    inspector, case, seqs = filed(app, story)
    note = signed(app)
    report = BeautifulSoup(bundle_of(inspector, case).read("report.html"), "lxml")
    text = " ".join(report.get_text(" ").split())
    assert all(words in text for words in ("Kiểm tra quý IV", "Đúng quy định", "<b>Thiếu</b>", note.checkpoint.code))
    assert report.select_one("b") is None and len(report.select("ol > li")) == len(seqs)
    for sentence in inspector.read(f"/audit/case-files/{case}").select("ol.timeline > li > p:first-of-type"):
        assert " ".join(sentence.get_text(" ").split()) in text


def test_the_report_is_a_pdf_where_the_library_is_and_a_word_about_it_elsewhere(
    app: Flask, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspector, case, _ = filed(app, story)
    answer = inspector.get(f"/audit/case-files/{case}/report.pdf")
    assert answer.content_type == "application/pdf" and answer.get_data().startswith(b"%PDF-")
    assert [one.facts["form"] for one in story.facts(Fact.AUDIT_EXPORTED)] == ["report"]
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    assert inspector.get(f"/audit/case-files/{case}/report.pdf").status_code == 303
    assert "chưa làm được PDF" in text_of(inspector.read(f"/audit/case-files/{case}"))
    assert len(story.facts(Fact.AUDIT_EXPORTED)) == 1


def test_entries_that_are_not_protected_yet_are_said(app: Flask, story: Story) -> None:
    inspector, case, _ = filed(app, story)
    assert "2 mục của hồ sơ chưa nằm trong điểm kiểm nào" in text_of(inspector.read(f"/audit/case-files/{case}"))
    assert inspector.get(f"/audit/case-files/{case}/bundle").status_code == 404
    signed(app)
    assert "chưa nằm trong điểm kiểm nào" not in text_of(inspector.read(f"/audit/case-files/{case}"))


def test_who_could_see_an_entry_is_who_sees_the_order(app: Flask, story: Story) -> None:
    order = story.until("accept_locality")
    last = story.rows(AuditEntry, order_id=order)[-1]
    page = signed_in(app, "thanhtra").read(f"/audit/entries/{last.seq}")
    shown = " ".join(one.get_text(" ") for one in page.select("section[aria-labelledby=seen] dd"))
    with story.database.read() as session:
        for login, actor in story.world.actors.items():
            sees = session.scalar(select(Order.id).where(Order.id == order, Order.is_visible_to(actor))) is not None
            assert (actor.title.partition(",")[0] in shown and name(story, actor.person_id) in shown) == sees, login


def name(story: Story, person: str) -> str:
    """Return the name of a person."""
    return story.rows(Person, id=person)[0].name


def test_before_the_work_was_given_on_fewer_could_see(app: Flask, story: Story) -> None:
    order = story.until("accept_locality")
    inspector, bodies = signed_in(app, "thanhtra"), []
    for fact in (Fact.ORDER_CREATED, Fact.ORDER_SIGNED):
        page = inspector.read(f"/audit/entries/{story.facts(fact, order_id=order)[0].seq}")
        bodies.append([one.get_text(" ", strip=True) for one in page.select("section[aria-labelledby=seen] dt")])
    assert not any("Cơ quan khối" in one for one in bodies[0]) and any("đầu mối nhận" in one for one in bodies[1])
    refused = signed_in(app, "nongdan").post(f"/tasks/{story.task('accept_locality', place='Cẩm Thịnh').id}/claim")
    assert refused.status_code == 404
    (entry,) = story.rows(AuditEntry, refused=True)
    assert "Lần bị từ chối chỉ người đọc toàn bộ" in text_of(inspector.read(f"/audit/entries/{entry.seq}"))

"""Reading the log is an entry of it, once for what one reads on in; texts are read, searched, exported and erased."""

import csv
import io
import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from engine import audit_words
from engine.audit import Fact, erasing
from models.audit import AuditEntry
from tests.play import Story
from tests.webapp.browser import text_of
from tests.webapp.doors import Program, app, signed_in, story

pytestmark = pytest.mark.once

__all__ = ["app", "story"]


def readings(story: Story) -> list[tuple[str, str | None]]:
    """Return page and subject of every reading that was recorded."""
    return [(one.facts["page"], one.facts.get("about")) for one in story.facts(Fact.AUDIT_READ)]


def test_an_auditor_who_goes_on_reading_the_same_reads_once(app: Flask, story: Story) -> None:
    order = story.until("sign_order")
    inspector = signed_in(app, "thanhtra")
    for _ in range(3):
        inspector.read(f"/audit/orders/{order}/story")
    for path in ("/audit", "/audit?refused=1", "/audit?person=phunu", "/audit?person=Nguyễn", "/audit?person=Nguyễn"):
        inspector.read(path)
    about = [("audit.story", order), ("audit.index", None), ("audit.index", "phunu"), ("audit.index", "Nguyễn")]
    assert readings(story) == about
    (told,) = [one for one in story.facts(Fact.AUDIT_READ) if one.facts.get("about") == "phunu"]
    assert (told.person_id, told.facts["query"]) == (story.world.person("thanhtra"), "person=phunu")
    story.clock.at += timedelta(minutes=11)
    inspector.read(f"/audit/orders/{order}/story")
    assert readings(story) == [*about, ("audit.story", order)]


def test_a_program_that_reads_the_log_is_recorded_too(app: Flask, story: Story) -> None:
    program = Program(app, story, "thanhtra")
    for _ in range(2):
        assert program.get("/audit", subject=story.world.women).status_code == 200
    assert readings(story) == [("api.read_audit", story.world.women)]


def test_who_reads_what_is_its_own_leaves_no_entry(app: Flask, story: Story) -> None:
    order = story.until("sign_order")
    browser = signed_in(app, "vp.ubnd")
    assert browser.get(f"/audit?subject={order}").status_code == 200
    assert browser.get("/audit").status_code == 403
    assert readings(story) == []


def exported(app: Flask, form: str) -> str:
    answer = signed_in(app, "thanhtra").get(f"/audit/exports/{form}?fact=person:disabled")
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def test_texts_are_found_and_exported_until_they_are_erased(app: Flask, story: Story) -> None:
    from engine import users
    from models.users import Person

    with story.doing() as session:
        person = session.get_one(Person, story.world.person("ccb"))
        users.disable(session, person, actor=story.actor("quantri"), reason="Ông Tuấn nghỉ hưu")
    with story.doing() as session:
        while audit_words.fold(session):
            pass
        seq = session.scalars(select(AuditEntry.seq).where(AuditEntry.fact == Fact.PERSON_DISABLED)).one()
    inspector = signed_in(app, "thanhtra")
    assert "Ông Tuấn nghỉ hưu" in text_of(inspector.read("/audit?q=tuan+nghi"))
    assert "Ông Tuấn nghỉ hưu" in exported(app, "csv")
    assert json.loads(exported(app, "jsonl"))["facts"]["reason"] == "Ông Tuấn nghỉ hưu"
    with story.doing() as session:
        said = {"basis": "Luật 91/2025/QH15", "reason": "Yêu cầu số 7"}
        erasing.erase_texts(session, seq, actor=story.actor("quantri"), **said)
    assert f"#e{seq}" not in str(inspector.read("/audit?q=tuan+nghi")) and "Tuấn" not in text_of(
        inspector.read(f"/audit/entries/{seq}")
    )
    (row,) = csv.DictReader(io.StringIO(exported(app, "csv").removeprefix("\ufeff")))
    assert row["reason"] == "đã xóa theo luật"
    assert json.loads(exported(app, "jsonl"))["facts"]["reason"] == "[erased]"

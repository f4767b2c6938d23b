"""What comes in is taken only where it is asked for, and what was typed is never more than text."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import String, Text, func, literal, update

from models.base import Base
from models.tasks import Attachment
from tests.security.asking import Question, Upload, ask, questions
from tests.security.frozen import LOG, frozen
from tests.security.scene import PNG, Stage

pytestmark = pytest.mark.once

MARK = "0verposted"
# Columns by which an address or a body may rightly say something.
ASKED_FOR = {
    "title", "reason", "note", "text", "name", "query", "label", "login", "locale", "value", "content", "scope",
    "decision", "remark", "email", "key", "fact", "kind", "code", "number", "url", "path", "message", "password_hash",
    "data",
}  # fmt: skip


def columns() -> set[str]:
    """Every column of every table that nobody may set by naming it."""
    found = {column.name for table in Base.metadata.sorted_tables for column in table.columns}
    return found - ASKED_FOR


def allowed(stage: Stage) -> Iterator[tuple[Question, str]]:
    """Every change with somebody who may make it."""
    who = {"lead's": "lead", "coord's": "coord", "commune's": "sibling", "quarter's": "quarter", "bloc's": "bloc",
           "issuer's": "officer"}  # fmt: skip
    special = {"orders.create": "officer", "orders.withdraw": "officer", "orders.amend": "leader",
               "assignments.replace_lead": "bloc", "assignments.urge": "bloc", "definitions.deploy": "admin",
               "instances.suspend": "admin", "api.create_order": "officer", "api.withdraw_order": "officer",
               "api.start_instance": "bloc"}  # fmt: skip
    for question in questions(stage.app, stage.scene):
        if question.method != "GET" and question.about != "theirs":
            yield question, special.get(question.endpoint) or who.get(question.about, "lead")


def test_no_column_can_be_set_by_naming_it(stage: Stage) -> None:
    extra, done = dict.fromkeys(columns(), MARK), 0
    with frozen(stage.database) as written:
        for question, who in allowed(stage):
            if "json" in question.said:
                said = {"json": {**question.said["json"], **extra}}
            else:
                said = dict(question.said) | {"data": {**extra, **question.said.get("data", {})}}
            asked = Question(question.endpoint, question.method, question.rule, question.about, question.path, said)
            written.empty()
            answer = ask(stage.app, asked, stage.people[who])
            assert answer.status_code < 500, question.name
            assert not [values for values in written.values if MARK in values], question.name
            done += answer.status_code in (200, 201, 303)
            if question.is_for_programs and "json" in question.said:
                assert answer.status_code == 422, question.name
    assert done > 30


def test_a_column_that_is_taken_would_be_seen(stage: Stage) -> None:
    key = stage.scene.keys["task"]["lead's"]
    path = f"/tasks/{key}/comments"
    with frozen(stage.database) as written:
        ask(stage.app, Question("", "POST", path, "", path, {"data": {"text": MARK}}), stage.people["lead"])
        assert any(MARK in values for values in written.values)


HTML = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED = {
    "page.html": HTML, "photo.png": HTML, "drawing.svg": SVG, "run.exe": b"MZ\x90\x00", "run.sh": b"#!/bin/sh\nid",
    "both.png": PNG[:20], "empty.pdf": b"", "gif.gif": b"GIF89a/*<script>*/", "x.pdf": b"%PDF-1.7 cut off",
    "archive.zip": b"PK\x03\x04" + b"\x00" * 40, "text.txt": b"=HYPERLINK(1)",
}  # fmt: skip


def upload(stage: Stage, name: str, content: bytes) -> Any:
    key = stage.scene.keys["task"]["lead's"]
    said = {"data": {"file": Upload(name, content)}}
    return ask(stage.app, Question("", "POST", "", "", f"/tasks/{key}/files", said), stage.people["lead"])


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_what_its_bytes_say(stage: Stage, name: str) -> None:
    with frozen(stage.database) as written:
        assert (upload(stage, name, REFUSED[name]).status_code, written.beside_the_log) == (422, set())


def test_what_follows_a_picture_is_not_kept(stage: Stage) -> None:
    with frozen(stage.database) as written:
        assert upload(stage, "anh.png", PNG + HTML).status_code == 303
        assert "attachments" in written.tables
    assert not [path for path in stage.home.rglob("*") if path.is_file() and HTML in path.read_bytes()]


NAMES = (
    "../../../etc/passwd", "..\\..\\boot.ini", 'a";filename="b.html', "a\r\nSet-Cookie: x=y.png", "C:\\x.png", "-rf",
    "‮gnp.exe", "a" * 400 + ".png", "<script>alert(1)</script>.png", "ảnh chụp.png", "con", ".", "\x7f.png",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_file_name_is_for_reading_only(stage: Stage, name: str) -> None:
    key, lead = stage.scene.keys["file"]["ours"], stage.people["lead"]
    with stage.database.write() as session:
        before = session.get_one(Attachment, key).name
        session.execute(update(Attachment).where(Attachment.id == key).values(name=name[:300]))
        session.commit()
    try:
        answer = ask(stage.app, Question("", "GET", "", "", f"/files/{key}"), lead)
        said = answer.headers["Content-Disposition"]
        answer.close()
        assert said.startswith("attachment; ") and said.isascii() and said.count('"') == 2
        assert not set(said) & {"\r", "\n", "/", "\\", "<", ">"}
        assert answer.headers["Content-Type"] == "image/png"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    finally:
        with stage.database.write() as session:
            session.execute(update(Attachment).where(Attachment.id == key).values(name=before))
            session.commit()


def test_files_lie_under_their_hash_whatever_they_are_called(stage: Stage) -> None:
    with frozen(stage.database):
        upload(stage, "../../../../outside.png", PNG)
    assert not list(stage.home.parent.rglob("outside*"))
    assert stage.scene.keys["file"]["ours"]


PAYLOAD = (
    "<script>alert('x')</script><img src=x onerror=alert(1)>\"'><svg onload=alert(1)>{{7*7}}${7*7}"
    '<a href="javascript:alert(1)">x</a></title></textarea></style>'
)
SHORT = "<img src=x onerror=alert(1)>{{7*7}}"
TYPED = {
    "orders": ("title", "basis", "ro_nguoi", "ro_viec", "ro_thoi_gian", "ro_trach_nhiem", "ro_tham_quyen",
               "ro_san_pham", "withdrawn_reason", "illustrative"),
    "topics": ("name",), "tasks": ("title", "holder_title", "helper_title", "closed_title"),
    "assignments": ("note",), "comments": ("text", "author"), "attachments": ("name",), "areas": ("name",),
    "organizations": ("name", "short_name"), "posts": ("name",), "persons": ("name",), "saved_views": ("name",),
    "api_tokens": ("label",), "web_sessions": ("device",), "definitions": ("name", "note", "suspended_reason"),
    "extensions": ("reason", "remark"), "figures": ("reason", "entered_as"), "indicators": ("name", "unit"),
    "event_records": ("place", "note", "not_held_reason"), "instances": ("place", "error", "suspended_reason"),
    "incidents": ("message",), "mails": ("subject", "body"),
}  # fmt: skip


def poison(stage: Stage) -> None:
    """Put the payload behind every text people type."""
    with stage.database.write() as session:
        for name, typed in TYPED.items():
            table = Base.metadata.tables[name]
            for column in typed:
                if column in table.c:
                    session.execute(table.update().values({column: _poisoned(table.c[column])}))
        session.commit()


def _poisoned(column: Any) -> Any:
    assert isinstance(column.type, String | Text)
    longest = column.type.length
    if longest is None or longest >= 300:
        return column + literal(PAYLOAD)
    return func.substr(column, 1, longest - len(SHORT)) + literal(SHORT)


def active(html: str) -> list[str]:
    """Return what a browser would run or follow that we have not written."""
    page = BeautifulSoup(html, "html.parser")
    found = [str(tag) for tag in page.find_all("script") if not str(tag.get("src", "")).startswith("/assets/")]
    for tag in page.find_all(True):
        found += [f"{tag.name} {name}" for name in tag.attrs if name.startswith("on")]
        for name in ("href", "src", "action", "formaction"):
            if str(tag.get(name, "")).strip().lower().startswith(("javascript:", "data:text", "vbscript:")):
                found.append(f"{tag.name} {name}={tag[name]}")
    return found


def test_what_runs_would_be_seen() -> None:
    assert len(active(f"<p>{PAYLOAD}</p>")) >= 4


def test_stored_text_is_text_on_every_page(broken_in: Any) -> None:
    stage = broken_in()
    poison(stage)
    shown = 0
    for question in questions(stage.app, stage.scene):
        if question.method != "GET" or question.is_for_programs or question.about == "theirs":
            continue
        for who in ("lead", "quarter", "admin"):
            answer = ask(stage.app, question, stage.people[who])
            assert answer.status_code < 500, (question.name, who)
            if answer.mimetype == "text/html":
                assert active(answer.text) == [], (question.name, who)
                assert "{{7*7}}" in answer.text or "alert(" not in answer.text, question.name
                shown += "{{7*7}}" in answer.text
            answer.close()
    assert shown > 60


NASTY = ("'", '"', "%", "\\", "';--", "' OR '1'='1", "\x00", "\ud83d", "９９", "-1", "1e999", "[]")
PARAMETERS = (
    "q", "view", "order", "organization", "after", "due", "sort", "part", "posts", "state", "kind", "at", "area",
    "subject", "fact", "until", "before", "period", "since", "series", "process", "id", "list", "next",
)  # fmt: skip


@pytest.mark.parametrize("nasty", NASTY)
def test_no_parameter_breaks_a_page(stage: Stage, nasty: str) -> None:
    text = nasty.encode("utf-8", "replace").decode()
    pages = ("/tasks", "/orders", "/organizations", "/audit", "/figures", "/instances", "/notifications",
             "/tasks/next", f"/tasks/{text}", f"/orders/{text}",
             f"/figures/{stage.scene.keys['order']['ours']}")  # fmt: skip
    client = stage.app.test_client(use_cookies=False)
    for page in pages:
        headers = {"Cookie": f"lienthong={stage.people['auditor'].cookie}"}
        answer = client.get(page, query_string=dict.fromkeys(PARAMETERS, text), headers=headers)
        assert answer.status_code < 500, (page, answer.status_code)


def test_a_character_that_cannot_be_kept_is_refused_at_the_door(stage: Stage) -> None:
    key = stage.scene.keys["task"]["lead's"]
    with frozen(stage.database) as written:
        for said in ({"text": "a\x00b"}, {"file": (BytesIO(PNG), "a.png"), "text": "\x00"}):
            asked = Question("", "POST", "", "", f"/tasks/{key}/comments", {"data": said})
            assert ask(stage.app, asked, stage.people["lead"]).status_code == 400
        assert written.tables - LOG == set()

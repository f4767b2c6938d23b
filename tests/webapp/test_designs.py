"""Designs at the door of the browser: drawn, saved, leased, checked, commented on, exported and imported."""

import io
import json
import zipfile
from datetime import timedelta
from importlib.resources import files

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from engine import definitions
from models.designs import DesignComment
from tests.play import Story, bundle
from tests.webapp.browser import ORIGIN, Browser, soup, text_of
from tests.webapp.designing import FIVE, THREE, Editor, active, begin, design, opened
from tests.webapp.doors import app, signed_in, story

pytestmark = pytest.mark.once

__all__ = ["app", "story"]

CAMUNDA = (files("tests.imports") / "camunda7_invoice.bpmn").read_bytes()


def send(browser: Browser, **given: bytes) -> TestResponse:
    """Import files by the form of the list; a name is written with `__` for its last dot."""
    sent = [(io.BytesIO(content), name.replace("__", ".")) for name, content in given.items()]
    data = {"csrf_token": browser.token("/account"), "files": sent}
    return browser.client.post("/designs", data=data, headers={"Origin": ORIGIN}, content_type="multipart/form-data")


def test_a_new_drawing_has_a_start_a_task_and_an_end_and_may_run(app: Flask, story: Story) -> None:
    editor = Editor(app, "thietke")
    at = begin(editor.browser, name="Rà soát pháp lý")
    said = text_of(editor.browser.read(at))
    assert all(word in said for word in ("Rà soát pháp lý", "Đang soạn", "Việc đầu tiên", "Kết thúc"))
    checked = editor.check(at)
    assert checked["outcome"] == "runnable"
    assert [one["name"] for one in checked["outline"]] == ["Bắt đầu", "Việc đầu tiên", "Kết thúc"]
    assert design(story, at).process_id == "ra_soat_phap_ly"
    assert len(story.facts("design:created")) == 1


def test_two_drawings_of_one_name_are_two_processes(app: Flask, story: Story) -> None:
    browser = signed_in(app, "thietke")
    first, second = (design(story, begin(browser, name="Lead")) for _ in range(2))
    assert {first.process_id, second.process_id, "lead"} == {"lead", "lead_2", "lead_3"}


def test_a_version_is_opened_and_saved_and_stays_as_it_was(app: Flask, story: Story) -> None:
    editor = Editor(app, "thietke")
    page = editor.browser.read(f"/definitions/{active(story, 'lead').id}")
    at = str(editor.browser.submit(page, "/designs").headers["Location"])
    old = editor.text(at, "lead.bpmn")
    assert old.encode() == bundle("lead")["lead.bpmn"]
    changed = old.replace(FIVE, THREE)
    assert editor.save(at, "lead.bpmn", changed, 1).json == {"revision": 2}
    assert (editor.text(at, "lead.bpmn"), editor.text(at, "lead.bpmn?original=1")) == (changed, old)
    with story.doing() as session:
        assert definitions.files_of(session, active(story, "lead").id) == bundle("lead")
    (entry,) = story.facts("design:saved")
    assert (entry.facts["file"], entry.facts["before"] != entry.facts["after"]) == ("lead.bpmn", True)


def test_a_stale_save_says_who_was_first_and_overwrites_nothing(app: Flask, story: Story) -> None:
    editor, other = Editor(app, "thietke"), Editor(app, "quantri")
    at = opened(story, editor.browser, "lead")
    old = editor.text(at, "lead.bpmn")
    first = old.replace(FIVE, THREE)
    assert other.save(at, "lead.bpmn", first, 1).status_code == 200
    refused = editor.save(at, "lead.bpmn", old + " ", 1)
    assert (refused.status_code, refused.json["reason"]) == (409, "design_changed")
    assert "Quản trị hệ thống" in refused.json["detail"]
    assert editor.text(at, "lead.bpmn") == first


def test_a_save_whose_answer_was_lost_may_be_sent_again(app: Flask, story: Story) -> None:
    editor = Editor(app, "thietke")
    at = opened(story, editor.browser, "lead")
    changed = editor.text(at, "lead.bpmn").replace(FIVE, THREE)
    assert [editor.save(at, "lead.bpmn", changed, 1).json for _ in range(2)] == [{"revision": 2}] * 2
    assert len(story.facts("design:saved")) == 1


def test_one_person_edits_at_a_time_and_another_may_take_over(app: Flask, story: Story) -> None:
    editor, other = Editor(app, "thietke"), Editor(app, "quantri")
    at = opened(story, editor.browser, "lead")
    assert editor.ask("POST", f"{at}/lease").json["mine"] is True
    refused = other.ask("POST", f"{at}/lease")
    assert (refused.status_code, refused.json["reason"]) == (409, "design_leased")
    assert "Người thiết kế quy trình" in refused.json["detail"]
    assert other.save(at, "lead.bpmn", other.text(at, "lead.bpmn") + " ", 1).status_code == 409
    assert story.facts("design:taken_over") == []
    assert other.ask("POST", f"{at}/lease", {"take_over": True}).status_code == 200
    assert editor.save(at, "lead.bpmn", editor.text(at, "lead.bpmn") + " ", 1).status_code == 409
    (entry,) = story.facts("design:taken_over")
    assert entry.facts["before"] == {"person": story.world.person("thietke")}


def test_a_lease_runs_out_after_two_minutes(app: Flask, story: Story) -> None:
    editor, other = Editor(app, "thietke"), Editor(app, "quantri")
    at = opened(story, editor.browser, "lead")
    editor.ask("POST", f"{at}/lease")
    story.clock.at += timedelta(seconds=121)
    assert other.ask("POST", f"{at}/lease").status_code == 200


def test_the_designs_of_another_organization_are_not_there(app: Flask, story: Story) -> None:
    at = begin(signed_in(app, "quantri"), name="Của Ủy ban")
    stranger = Editor(app, "thietke")
    assert stranger.browser.get(at).status_code == 404
    assert "Của Ủy ban" not in text_of(stranger.browser.read("/designs"))
    assert stranger.ask("POST", f"{at}/check").status_code == 404
    assert stranger.save(at, "x.bpmn", "<a/>", 1).status_code == 404
    assert signed_in(app, "thanhtra").get(at).status_code == 200


def test_who_draws_no_processes_begins_none(app: Flask, story: Story) -> None:
    assert signed_in(app, "phunu").post("/designs", name="Của tôi").status_code == 403
    assert story.facts("design:created") == []


def test_what_saving_would_lose_is_said_first_and_needs_a_yes(app: Flask, story: Story) -> None:
    editor = Editor(app, "thietke")
    at = str(send(editor.browser, invoice__bpmn=CAMUNDA).headers["Location"])
    lossy = editor.text(at, "invoice.bpmn").replace(' camunda:historyTimeToLive="180"', "")
    assert lossy != editor.text(at, "invoice.bpmn"), "the file of the test has no such attribute any more"
    asked = editor.save(at, "invoice.bpmn", lossy, 1)
    assert (asked.status_code, len(asked.json["losses"])) == (422, 1)
    assert "historyTimeToLive=180" in asked.json["losses"][0]
    assert editor.text(at, "invoice.bpmn").encode() == CAMUNDA
    assert editor.save(at, "invoice.bpmn", lossy, 1, losses_accepted=True).status_code == 200


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("lead.bpmn", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        ("lead.bpmn", "no XML"),
        ("lead.bpmn", f"<a>{'x' * 1_100_000}</a>"),
        ("lead.bpmn", "<a>" * 5000 + "</a>" * 5000),
        ("note.form.json", "\0"),
        ("note.form.json", "\ud800"),
        ("../../etc/passwd", "x"),
        ("script.py", "import os"),
        ("scenarios/a/b.json", "{}"),
    ],
)
def test_hostile_files_are_refused_in_words_and_nothing_is_saved(
    app: Flask, story: Story, name: str, content: str
) -> None:
    editor = Editor(app, "thietke")
    at = opened(story, editor.browser, "lead")
    answer = editor.save(at, name, content, 1)
    assert answer.status_code in (404, 422)
    assert design(story, at).revision == 1
    checked = editor.ask("POST", f"{at}/check", {"files": {name: content}})
    assert (checked.status_code, "check-failed" in checked.text) == (200, False)


def test_ten_megabytes_are_refused_before_they_are_read(app: Flask, story: Story) -> None:
    editor = Editor(app, "thietke")
    at = opened(story, editor.browser, "lead")
    app.config["MAX_CONTENT_LENGTH"] = 10_000_000
    assert editor.save(at, "lead.bpmn", "x" * 10_000_001, 1).status_code == 413


def test_a_finding_has_its_remedy_and_the_server_applies_it(app: Flask, story: Story) -> None:
    editor = Editor(app, "thietke")
    at = opened(story, editor.browser, "work")
    broken = editor.text(at, "work.bpmn").replace("<bpmn:userTask ", '<bpmn:userTask lt:form="chua_co" ', 1)
    (finding,) = [one for one in editor.check(at, **{"work.bpmn": broken})["findings"] if one["rule"] == "form-missing"]
    assert finding["fix"]["title"] == "Tạo biểu mẫu"
    made = editor.ask("POST", f"{at}/fixes", {"files": {"work.bpmn": broken}, "fix": finding["fix"]}).json
    assert made["name"] == "chua_co.form.json"
    after = editor.check(at, **{"work.bpmn": broken, made["name"]: made["content"]})
    assert "form-missing" not in {one["rule"] for one in after["findings"]}
    assert editor.ask("POST", f"{at}/fixes", {"fix": {"kind": "os.system"}}).status_code == 422


def test_choices_have_names_in_the_language_of_the_reader(app: Flask, story: Story) -> None:
    editor = Editor(app, "thietke")
    at = opened(story, editor.browser, "lead")
    choices = editor.browser.get(f"{at}/choices").json
    assert {"id": "lead", "name": "Tổ chức chủ trì", "held": True} in choices["roles"]
    assert "lead.assigned" in choices["messages"]
    (form,) = [one for one in choices["forms"] if one["name"] == "accept_lead"]
    assert form["fields"][0]["label"] == "Quyết định"
    editor.browser.post("/language", language="en")
    english = editor.browser.get(f"{at}/choices").json
    assert "Decision" in {one["label"] for form in english["forms"] for one in form["fields"]}


def test_the_outline_says_who_until_when_by_which_form_and_what_next(app: Flask, story: Story) -> None:
    editor = Editor(app, "thietke")
    at = opened(story, editor.browser, "lead")
    (step,) = [one for one in editor.check(at)["outline"] if one["id"] == "draft_plan"]
    assert (step["who"], step["due"], step["form"]) == ("Tổ chức chủ trì", "5 ngày làm việc", "draft_plan")
    page = text_of(editor.browser.read(at))
    assert "Lập kế hoạch thực hiện" in page
    assert "5 ngày làm việc" in page


def test_a_variable_that_is_read_before_it_is_set_is_named(app: Flask, story: Story) -> None:
    editor = Editor(app, "thietke")
    at = opened(story, editor.browser, "lead")
    variables = {one["name"]: one for one in editor.check(at)["variables"]}
    assert "accept_lead" in variables["decision"]["written_by"]
    assert variables["decision"]["trouble"] is None
    text = editor.text(at, "lead.bpmn").replace("decision ==", "verdict ==", 1)
    assert text != editor.text(at, "lead.bpmn")
    changed = {one["name"]: one for one in editor.check(at, **{"lead.bpmn": text})["variables"]}
    assert changed["verdict"]["trouble"] == "unset"


def test_a_comment_reaches_who_is_named_and_is_marked_as_done(app: Flask, story: Story) -> None:
    browser = signed_in(app, "thietke")
    at = opened(story, browser, "lead")
    page = browser.read(at)
    said = "@quantri xem giúp thời hạn này, @phunu cũng vậy"
    assert browser.submit(page, "/comments", element="draft_plan", text=said).status_code == 303
    assert browser.submit(page, "/comments", text="  ").status_code == 422
    assert "góp ý cho bản thiết kế" in text_of(signed_in(app, "quantri").read("/notifications"))
    assert "góp ý" not in text_of(signed_in(app, "phunu").read("/notifications"))
    (remark,) = story.rows(DesignComment)
    (read,) = browser.get(f"{at}/comments").json
    assert (read["id"], read["element"], read["text"], read["done"]) == (remark.id, "draft_plan", said, None)
    page = browser.read(at)
    assert "Lập kế hoạch thực hiện : @quantri xem giúp" in text_of(page)
    assert browser.submit(page, f"/comments/{remark.id}/completion").status_code == 303
    assert "đã xử lý lúc" in text_of(browser.read(at))
    assert browser.get(f"{at}/comments").json[0]["done"].startswith("đã xử lý lúc")
    (entry,) = story.facts("design:commented")
    assert "thời hạn này" not in json.dumps(entry.facts, ensure_ascii=False)


def test_a_bundle_goes_out_with_its_hashes_and_comes_in_unchanged(app: Flask, story: Story) -> None:
    browser = signed_in(app, "thietke")
    at = opened(story, browser, "lead")
    exported = browser.get(f"{at}/export").data
    again = str(send(browser, lead__zip=exported).headers["Location"])
    for name, content in bundle("lead").items():
        assert browser.get(f"{again}/files/{name}").data == content
    assert browser.get(f"{at}/export").data == exported


def test_a_bundle_that_was_changed_on_the_way_is_refused_by_name(app: Flask, story: Story) -> None:
    browser = signed_in(app, "thietke")
    exported = browser.get(f"{opened(story, browser, 'lead')}/export").data
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(exported)) as old, zipfile.ZipFile(changed, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, old.read(entry) + (b" " if entry.filename == "lead.bpmn" else b""))
    answer = send(browser, lead__zip=changed.getvalue())
    assert answer.status_code == 422
    assert "Gói đã bị thay đổi trên đường đi" in text_of(soup(answer))
    assert send(browser, lead__zip=b"PK\3\4 no zip").status_code == 422


def test_an_archive_that_swells_is_refused(app: Flask, story: Story) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.bpmn", b" " * 50_000_000)
    answer = send(signed_in(app, "thietke"), bomb__zip=bomb.getvalue())
    assert (answer.status_code, "Gói quá lớn" in answer.text) == (422, True)


def test_an_imported_file_that_cannot_be_read_is_a_finding_on_the_page(app: Flask, story: Story) -> None:
    answer = send(signed_in(app, "thietke"), wrong__bpmn=b'<!DOCTYPE a><a xmlns="b"/>')
    assert answer.status_code == 422
    assert "Phải sửa:" in text_of(soup(answer))
    assert story.facts("design:created") == []


def test_a_discarded_design_is_past_changing(app: Flask, story: Story) -> None:
    editor = Editor(app, "thietke")
    at = opened(story, editor.browser, "lead")
    assert editor.browser.submit(editor.browser.read(at), "/discarding").status_code == 303
    assert editor.save(at, "lead.bpmn", editor.text(at, "lead.bpmn") + " ", 1).status_code == 409
    assert design(story, at).state == "discarded"

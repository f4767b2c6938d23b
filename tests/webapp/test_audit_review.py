"""Reviewing the log: an inspector finds, follows, goes back to a moment, collects entries and takes them along."""

import csv
import io
import json
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from lxml import etree
from sqlalchemy import func, select

from engine.audit import Fact
from models.audit import AuditEntry
from models.case_files import CaseFile
from models.orders import Order
from models.tasks import SavedView, Task
from models.users import Person
from tests.play import Story
from tests.webapp.browser import Browser, text_of
from tests.webapp.doors import app, signed_in, story
from webapp.audit.colours import PASSED, PRESENT

pytestmark = pytest.mark.once

__all__ = ["app", "story"]
XES = {"x": "http://www.xes-standard.org/"}


def sentences(page: BeautifulSoup) -> list[str]:
    return [" ".join(line.get_text(" ").split()) for line in page.select("ol.timeline > li > p:not(.meta)")]


def returned(story: Story) -> str:
    """Play an order whose plan goes back once with a reason."""
    order = story.until("approve_plan")
    story.answer("truong.khoi", "approve_plan", order, decision="return", reason="Thiếu mốc thời gian")
    story.pass_time()
    return order


def test_an_inspector_finds_entries_by_words_without_diacritics(app: Flask, story: Story) -> None:
    order = returned(story)
    inspector = signed_in(app, "thanhtra")
    (found,) = sentences(inspector.read("/audit?q=thieu+MOC"))
    assert "Thiếu mốc thời gian" in found
    assert sentences(inspector.read(f"/audit?q=thieu+moc&order={order}")) == [found]
    assert sentences(inspector.read("/audit?q=thieu+moc&fact=order:signed")) == []
    assert sentences(inspector.read("/audit?q=thieu+khongco")) == []


def test_each_entry_says_of_whose_work_and_which_order_it_is(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    inspector = signed_in(app, "thanhtra")
    number = story.rows(Order, id=order)[0].number
    (signed,) = inspector.read(f"/audit?order={order}&fact=task:completed&person=lanhdao.ubnd").select(".timeline > li")
    assert text_of(signed.select("p.meta")[0]) == f"Ký đặt hàng · {number}"  # whose it is says the sentence
    moved = inspector.read(f"/audit?order={order}&fact=instance:moved").select(".timeline > li > p.meta")
    assert f"Đặt hàng · UBND thành phố Cẩm Phả · {number}" in [text_of(line) for line in moved]


def test_who_signs_in_before_choosing_a_post_is_named_and_is_not_the_system(app: Flask, story: Story) -> None:
    story.give_post("women", "Trưởng ban", ("lead",), login="truong.khoi")
    with story.doing() as session:
        chief = session.get_one(Person, story.world.person("truong.khoi"))
        chief.last_post_id, name = None, chief.name
    Browser(app).sign_in("truong.khoi")
    inspector = signed_in(app, "thanhtra")
    told = sentences(inspector.read("/audit?fact=session:opened"))
    assert f"{name} đăng nhập" in told and "Hệ thống đăng nhập" not in told


def test_filters_combine_and_say_what_they_did_not_understand(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    inspector = signed_in(app, "thanhtra")
    number = story.rows(Order, id=order)[0].number
    signed = inspector.read(f"/audit?order={quote(number)}&fact=order:signed&person=lanhdao.ubnd")
    assert len(sentences(signed)) == 1 and number in sentences(signed)[0]
    assert sentences(inspector.read(f"/audit?order={order}&fact=order:signed&person=phunu")) == []
    assert sentences(inspector.read(f"/audit?order={order}&until=01/01/2001")) == []
    assert len(sentences(inspector.read(f"/audit?order={order}&since=01/01/2001&place=cam+pha"))) > 5
    assert "tên như đã ghi" in text_of(inspector.read("/audit?organization=hoi+khong+co"))
    assert "Ngày không đọc được" in text_of(inspector.read("/audit?since=xyz"))


def test_refused_attempts_and_acts_for_others_are_found_alone(app: Flask, story: Story) -> None:
    story.until("draft_plan")
    stranger = signed_in(app, "nongdan")
    task = story.task("draft_plan")
    assert stranger.post(f"/tasks/{task.id}/claim").status_code == 404
    inspector = signed_in(app, "thanhtra")
    page = inspector.read("/audit?refused=1")
    assert len(sentences(page)) == 1 and "Bị từ chối" in sentences(page)[0]
    assert sentences(inspector.read("/audit?behalf=1")) == []


def test_the_facets_count_what_the_list_shows(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    with story.database.read() as session:
        wanted = select(AuditEntry.fact, func.count()).where(AuditEntry.order_id == order).group_by(AuditEntry.fact)
        counts = dict(session.execute(wanted).all())
    page = signed_in(app, "thanhtra").read(f"/audit?subject={order}")
    shown = {link["href"].rpartition("fact=")[2]: link.parent.select_one(".count").get_text() for link in
             page.select("aside a, .stack a") if "fact=" in link["href"]}  # fmt: skip
    assert shown and all(int(n) == counts[fact.replace("%3A", ":")] for fact, n in shown.items())


def test_pages_follow_each_other_without_gap_or_repetition(app: Flask, story: Story) -> None:
    order = story.until("carry_out")
    inspector, seen, address = signed_in(app, "thanhtra"), [], f"/audit?order={order}"
    while address:
        page = inspector.read(address)
        seen += [line["id"] for line in page.select("ol.timeline > li")]
        more = [link["href"] for link in page.select("a.btn") if "before=" in link["href"]]
        address = more[0] if more else ""
    with story.database.read() as session:
        every = session.scalars(
            select(AuditEntry.seq).where(AuditEntry.order_id == order).order_by(AuditEntry.seq.desc())
        )
        assert seen == [f"e{seq}" for seq in every]


def test_a_list_of_the_log_is_kept_like_a_list_of_tasks(app: Flask, story: Story) -> None:
    inspector = signed_in(app, "thanhtra")
    inspector.post("/saved-views", page="audit", list="refused=1&q=moc", name="Bị từ chối")
    (view,) = story.rows(SavedView)
    assert (view.page, view.query) == ("audit", "q=moc&refused=1")
    assert "Bị từ chối" in text_of(inspector.read("/audit"))
    assert "Bị từ chối" not in text_of(inspector.read("/tasks"))


def test_the_story_shows_who_held_the_ball_and_to_whom_it_went(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    page = signed_in(app, "thanhtra").read(f"/audit/orders/{order}/story")
    held, given = (table for table in page.select("table.rows"))
    rows = [[" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in held.select("tbody tr")]
    assert [row[0] for row in rows][:1] != [] and any("Lập kế hoạch" in row[1] and row[3] == "còn giữ" for row in rows)
    assert len(given.select("tbody tr")) >= 2
    assert len(page.select("svg.story rect.story-bar")) == len(rows)


def test_a_late_holder_is_seen(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    story.later(days=400)
    page = signed_in(app, "thanhtra").read(f"/audit/orders/{order}/story")
    assert page.select("rect.story-late") and "Quá hạn" in page.get_text()


def test_the_state_at_a_moment_is_what_was_so_then(app: Flask, story: Story) -> None:
    order = story.until("approve_plan")
    entry = story.facts(Fact.ORDER_SIGNED, order_id=order)[0]
    plan = story.facts(Fact.TASK_COMPLETED, order_id=order)[-1]
    inspector = signed_in(app, "thanhtra")
    then, later = (text_of(inspector.read(f"/audit/moments/{seq}")) for seq in (entry.seq, plan.seq))
    assert "Lập kế hoạch" not in then and "Hằng tuần" not in then
    assert "Hằng tuần" in later and "Cơ quan khối" in later
    page = inspector.read(f"/audit/moments/{entry.seq}")
    here = {one.parent["data-element"] for one in page.select(f'.drawn g[data-element] > [fill="{PRESENT.fill}"]')}
    assert here == {"sign_order", "prepare_order"}  # the step, and the subprocess that stands for it above
    assert page.select_one(f'.drawn g[data-element="draft_order"] > [fill="{PASSED.fill}"]')
    assert not page.select("[data-diagram]")  # nor does it need a script


def test_from_a_story_any_instant_can_be_opened(app: Flask, story: Story) -> None:
    order = story.until("accept_lead")
    story.to_day("2018-10-15", at="09:30")
    story.play(order, frm="accept_lead", to="draft_plan")
    inspector = signed_in(app, "thanhtra")
    entries = [one.seq for one in story.rows(AuditEntry, order_id=order)]
    before = [one.seq for one in story.rows(AuditEntry, order_id=order) if one.at < story.clock.at]
    for asked, seq in (
        ("day=15/10/2018&time=09:29", before[-1]), ("day=15/10/2018&time=09:30", entries[-1]),
        ("day=14/10/2018", before[-1]), ("day=01/01/2001", entries[0]),
    ):  # fmt: skip
        answer = inspector.get(f"/audit/orders/{order}/moment?{asked}")
        assert (answer.status_code, answer.location) == (303, f"/audit/moments/{seq}"), asked
    assert inspector.get(f"/audit/orders/{order}/moment?day=32/1&time=x").location == f"/audit/orders/{order}/story"
    page = inspector.read(f"/audit/orders/{order}/story")
    assert "Ngày giờ không đọc được" in text_of(page)
    links = [str(link["href"]) for link in page.select("td a") if "/moment?at=" in link["href"]]
    assert len(links) > 3 and all("/audit/moments/" in inspector.get(link).location for link in links)


def test_what_was_sent_is_shown_in_its_form(app: Flask, story: Story) -> None:
    order = story.until("approve_plan")
    entry = story.facts(Fact.TASK_COMPLETED, order_id=order)[-1]
    inspector = signed_in(app, "thanhtra")
    page = inspector.read(f"/audit/moments/{entry.seq}")
    (link,) = {str(one["href"]) for one in page.select("details a") if "Hằng tuần" in one.find_parent("details").text}
    form = inspector.read(link.partition("#")[0]).select_one("fieldset[disabled]")
    assert form is not None and "Hằng tuần" in form.get_text() + str([one.get("value") for one in form.select("input")])
    assert not page.select("fieldset[disabled]")
    assert not inspector.read(f"/audit/moments/{entry.seq}?form={'0' * 32}").select("fieldset[disabled]")


def test_an_inspection_is_collected_closed_and_recorded(app: Flask, story: Story) -> None:
    order = returned(story)
    entry = story.facts(Fact.TASK_COMPLETED, order_id=order)[-1]
    inspector = signed_in(app, "thanhtra")
    inspector.post("/audit/case-files", title="Kiểm tra quý IV", seq=str(entry.seq), remark="Trả lại vì thiếu")
    (case,) = story.rows(CaseFile)
    page = text_of(inspector.read(f"/audit/case-files/{case.id}"))
    assert "Trả lại vì thiếu" in page and "Thiếu mốc thời gian" in page
    assert inspector.post(f"/audit/case-files/{case.id}/closing", conclusion=" ").status_code == 422
    inspector.post(f"/audit/case-files/{case.id}/closing", conclusion="Đúng quy định")
    refused = inspector.post(f"/audit/case-files/{case.id}/entries", seq="1")
    assert refused.status_code == 409
    facts = [one.fact for one in story.rows(AuditEntry, subject_id=case.id)]
    assert facts == ["case_file:opened", "entry:filed", "case_file:closed"]
    assert "Đúng quy định" in text_of(inspector.read(f"/audit/case-files/{case.id}"))


def test_only_who_reads_the_whole_log_sees_the_inspection(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    seq = story.facts(Fact.ORDER_SIGNED)[0].seq
    for login in ("phunu", "vp.ubnd", "quantri"):
        browser = signed_in(app, login)
        for path in (f"/audit/orders/{order}/story", f"/audit/moments/{seq}", f"/audit/entries/{seq}",
                     "/audit/case-files", "/audit/exports/csv"):  # fmt: skip
            assert browser.get(path).status_code in (403, 404), (login, path)


def exported(app: Flask, format: str, query: str) -> str:
    answer = signed_in(app, "thanhtra").get(f"/audit/exports/{format}?{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_spreadsheet_computes_nothing_of_what_people_typed(app: Flask, story: Story) -> None:
    order = story.until("approve_plan")
    story.answer("truong.khoi", "approve_plan", order, decision="return", reason="=SUM(A1)")
    text = exported(app, "csv", f"order={order}")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert text.startswith("\ufeff") and "'=SUM(A1)" in {row["reason"] for row in rows}
    assert len(rows) == len(story.rows(AuditEntry, order_id=order))


def test_an_export_is_itself_an_entry(app: Flask, story: Story) -> None:
    exported(app, "jsonl", "fact=order:signed")
    (entry,) = story.facts(Fact.AUDIT_EXPORTED)
    assert (entry.facts["form"], entry.facts["query"]) == ("jsonl", "fact=order%3Asigned")


def test_mining_finds_the_cases_and_events_of_the_log(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    log = etree.fromstring(exported(app, "xes", f"order={order}").encode())
    (trace,) = log.findall("x:trace", XES)
    said = [{one.get("key"): one.get("value") for one in event} for event in trace.findall("x:event", XES)]
    tasks = story.tasks(order=order)
    assert sum(one["lifecycle:transition"] == "schedule" for one in said) == len(tasks)
    done = [
        one for one in said if one["lifecycle:transition"] == "complete" and one["lienthong:fact"] == "task:completed"
    ]
    assert len(done) == sum(task.state == "completed" for task in tasks)
    assert {one["concept:name"] for one in done} == {task.title for task in tasks if task.state == "completed"}


def test_the_object_log_names_every_object_of_its_events(app: Flask, story: Story) -> None:
    order = story.until("draft_plan")
    log = json.loads(exported(app, "ocel", f"order={order}"))
    assert len(log["events"]) == len(story.rows(AuditEntry, order_id=order))
    named = {one["id"] for one in log["objects"]}
    assert {one["objectId"] for event in log["events"] for one in event["relationships"]} == named
    assert {one["type"] for one in log["events"]} == {one["name"] for one in log["eventTypes"]}
    assert {one["type"] for one in log["objects"]} == {one["name"] for one in log["objectTypes"]}
    tasks = {task.id for task in story.rows(Task, order_id=order)}
    assert {one["id"] for one in log["objects"] if one["type"] == "task"} <= tasks
